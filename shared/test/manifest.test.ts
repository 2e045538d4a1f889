/** What the extension's manifest promises against what the code knows: commands, settings, texts. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ClientCommand, DEFAULT_SETTINGS, ServerCommand } from "../src/index.ts";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), "utf8"));
const { contributes, ...manifest } = read("package.json");
const texts: Record<string, string> = read("package.nls.json");

describe("package.json", () => {
  it("lists every command, and no other", () => {
    const listed = contributes.commands.map((entry: { command: string }) => entry.command).sort();
    expect(listed).toEqual([...Object.values(ServerCommand), ...Object.values(ClientCommand)].sort());
    for (const entry of contributes.commands) expect(entry.category).toBe("Fastpipe");
  });

  it("has the same defaults as the server", () => {
    for (const [group, value] of Object.entries(DEFAULT_SETTINGS)) {
      expect(contributes.configuration.properties[`fastpipe.${group}.enabled`].default).toBe(value.enabled);
    }
  });

  it("finds every text it names, and needs every text there is", () => {
    const named = [...JSON.stringify({ contributes, manifest }).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]);
    expect([...new Set(named)].sort()).toEqual(Object.keys(texts).sort());
  });

  it("names grammars that are there and are JSON", () => {
    for (const grammar of contributes.grammars) expect(read(grammar.path).scopeName).toBe(grammar.scopeName);
    for (const language of contributes.languages) expect(read(language.configuration)).toBeTypeOf("object");
  });
});
