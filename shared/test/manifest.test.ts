/** What the extension's manifest promises against what the code knows: commands, settings, texts. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { STAGE_DECORATORS } from "../../engine/src/summary/stageDecorators.ts";
import { ClientCommand, DEFAULT_SETTINGS, ServerCommand, STAGE_PACKAGES } from "../src/index.ts";

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
    const { properties } = contributes.configuration;
    for (const [group, values] of Object.entries(DEFAULT_SETTINGS)) {
      for (const [name, value] of Object.entries(values)) {
        expect([group, name, properties[`fastpipe.${group}.${name}`].default]).toEqual([group, name, value]);
      }
    }
  });

  it("has a description, a default and the scope of a resource for every feature", () => {
    for (const [name, setting] of Object.entries<Record<string, unknown>>(contributes.configuration.properties)) {
      expect(setting).toMatchObject({ default: expect.anything(), description: expect.stringMatching(/^%.+%$/) });
      // What is said on the wire is one for the window: the language client reads it there.
      expect([name, setting.scope]).toEqual([name, name === "fastpipe.trace.server" ? "window" : "resource"]);
    }
  });

  it("offers in menus and the palette only commands that it has, each under a condition", () => {
    const known = new Set(contributes.commands.map((entry: { command: string }) => entry.command));
    for (const [menu, items] of Object.entries<{ command: string; when?: string }[]>(contributes.menus)) {
      for (const { command, when } of items) {
        expect([menu, command, known.has(command)]).toEqual([menu, command, true]);
        expect([menu, command, when]).toEqual([menu, command, expect.any(String)]);
      }
    }
  });

  it("names the walkthrough's pictures and commands that are there", () => {
    const known = new Set(contributes.commands.map((entry: { command: string }) => entry.command));
    const [{ steps }] = contributes.walkthroughs;
    expect(steps).toHaveLength(4);
    for (const { media, description } of steps) {
      const svg = readFileSync(path.join(root, media.svg), "utf8");
      // Colours of the theme, nothing fetched, nothing run.
      expect(svg).toContain("var(--vscode-");
      expect(svg).not.toMatch(/<script|href=|fill="#|stroke="#/);
      for (const [, command] of texts[description.slice(1, -1)].matchAll(/command:([\w.]+)/g)) {
        expect(known.has(command) || command === "fastpipe.stages.focus").toBe(true);
      }
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

it("the packages that make stages are those of the engine's decorators", () => {
  const packages = STAGE_DECORATORS.map((dotted) => dotted.split(".", 1)[0]);
  expect([...STAGE_PACKAGES].sort()).toEqual([...new Set(packages)].sort());
});
