/**
 * Holds docs/settings.md to what declares the settings, the schema of `[tool.fastpipe]` to what the engine takes, and
 * package.json to the defaults that other clients get.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_CONFIG, parseConfig, SETTINGS } from "@fastpipe/engine";
import { DEFAULT_SETTINGS } from "@fastpipe/shared";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(path.join(repository, file), "utf8");

interface Property {
  readonly default?: unknown;
  readonly description?: string;
}

const schema = JSON.parse(read("schemas/settings.schema.json"));
const manifest = JSON.parse(read("package.json"));
const contributed: Record<string, Property> = Object.assign(
  {},
  ...[manifest.contributes.configuration].flat().map(({ properties }) => properties),
);

describe("docs/settings.md", () => {
  it("is what `npm run docs` makes of the declarations", () => {
    const script = path.join(repository, "scripts/generate/settings.mjs");
    expect(read("docs/settings.md")).toBe(execFileSync(process.execPath, [script, "--print"], { encoding: "utf8" }));
  });
});

describe("the schema of [tool.fastpipe]", () => {
  const bare = { hasFile: () => false, hasFolder: () => false };
  const accepts = new Ajv2020({ strict: true }).compile(schema);
  const both = (toml: string) => {
    const table = (parse(toml).tool as Record<string, unknown>)?.fastpipe ?? {};
    return { schema: accepts(table), engine: parseConfig(toml, bare).ok };
  };

  it("names the engine's settings, with their defaults", () => {
    expect(Object.keys(schema.properties).sort()).toEqual([...SETTINGS].sort());
    const { level, stageDecorators, watch, exclude } = DEFAULT_CONFIG;
    const defaults = Object.fromEntries(
      Object.entries(schema.properties as Record<string, Property>).map(([name, each]) => [name, each.default]),
    );
    expect(defaults).toEqual({ level, "stage-decorators": stageDecorators, watch, exclude, "source-roots": undefined });
  });

  it("takes what the engine takes, the example of the page among it", () => {
    const [, example] = /```toml\n([\s\S]*?)```/.exec(read("docs/settings.md"))!;
    expect(example).toContain("[tool.fastpipe]\n");
    for (const toml of [example, "", "[tool.fastpipe]\n", '[tool.fastpipe]\nlevel = "strict"\nwatch = []\n']) {
      expect(both(toml)).toEqual({ schema: true, engine: true });
    }
  });

  it.each([
    "levl = 'strict'",
    "level = 'loose'",
    "level = 1",
    "exclude = 'a'",
    "exclude = ['']",
    "watch = ['shop.pricing.discount']",
    "watch = [1]",
    "source-roots = {}",
  ])("refuses what the engine refuses: %s", (line) => {
    expect(both(`[tool.fastpipe]\n${line}\n`)).toEqual({ schema: false, engine: false });
  });
});

describe("settings of the editor", () => {
  it("have the defaults that a client without settings gets", () => {
    for (const [section, settings] of Object.entries(DEFAULT_SETTINGS)) {
      for (const [name, value] of Object.entries(settings)) {
        expect(contributed[`fastpipe.${section}.${name}`]?.default, `${section}.${name}`).toBe(value);
      }
    }
  });

  it("each have a description of a sentence", () => {
    const texts = JSON.parse(read("package.nls.json"));
    for (const [name, { description = "" }] of Object.entries(contributed)) {
      expect(texts[description.replaceAll("%", "")], name).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe("docs/editors.md", () => {
  it("names every command that the palette has, by its title", () => {
    const texts = JSON.parse(read("package.nls.json"));
    const { commands, menus } = manifest.contributes;
    const hidden = (menus.commandPalette ?? [])
      .filter(({ when }: { when?: string }) => when === "false")
      .map(({ command }: { command: string }) => command);
    const titles = commands
      .filter(({ command }: { command: string }) => !hidden.includes(command))
      .map(({ title }: { title: string }) => texts[title.replaceAll("%", "")]);
    const [, table] = /\| command, under \*Fastpipe\* \| does \|\n([\s\S]*?)\n\n/.exec(read("docs/editors.md"))!;
    const named = table
      .split("\n")
      .slice(1)
      .flatMap((row) => row.split("|")[1].trim().split(", "));
    expect(named.sort()).toEqual(titles.sort());
  });
});
