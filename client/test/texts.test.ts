/** Every text of the editor in every language there is: none missing, none left over, each with the same places to fill. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string): Record<string, string> => JSON.parse(readFileSync(path.join(root, file), "utf8"));

/** A string literal, as the first argument of `l10n.t(…)` in the client or `t(…)` in the server. */
const CALL = /(?<![\w.])(?:vscode\.l10n\.)?t\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)?/g;

function textsIn(folder: string): Set<string> {
  const found = new Set<string>();
  for (const file of readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts")) continue;
    const source = readFileSync(path.join(root, folder, file), "utf8");
    if (!/l10n/.test(source)) continue;
    for (const [call, literal] of source.matchAll(CALL)) {
      if (literal === undefined || literal.startsWith("`")) throw new Error(`${file}: ${call} takes no literal`);
      found.add(literal.startsWith('"') ? JSON.parse(literal) : literal.slice(1, -1));
    }
  }
  return found;
}

const inCode = [...new Set([...textsIn("client/src"), ...textsIn("server/src")])].sort();
const places = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
const languages = readdirSync(path.join(root, "l10n")).map((name) => /^bundle\.l10n\.(.+)\.json$/.exec(name)![1]);

it("is in one more language at least", () => {
  expect(languages).toContain("de");
  expect(inCode.length).toBeGreaterThan(100);
});

describe.each(languages)("%s", (language) => {
  const bundle = read(`l10n/bundle.l10n.${language}.json`);
  const manifest = read(`package.nls.${language}.json`);
  const original = read("package.nls.json");

  it("has every text of client and server, and no other", () => {
    expect(Object.keys(bundle).sort()).toEqual(inCode);
  });

  it("fills the same places", () => {
    for (const [text, translated] of Object.entries(bundle))
      expect([text, ...places(translated)]).toEqual([text, ...places(text)]);
  });

  it("has every text of the manifest, with its links and code", () => {
    expect(Object.keys(manifest).sort()).toEqual(Object.keys(original).sort());
    const marks = (text: string): string[] => (text.match(/\(command:[^)]+\)|`[^`]+`/g) ?? []).sort();
    for (const [key, text] of Object.entries(original)) {
      expect(manifest[key].trim()).not.toBe("");
      expect([key, ...marks(manifest[key])]).toEqual([key, ...marks(text)]);
    }
  });
});
