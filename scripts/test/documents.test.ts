/**
 * Holds the documents to the repository: every relative link leads to a file that exists, and to a heading of it;
 * every `npm run` that they name is a script of package.json.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse as parseToml } from "smol-toml";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "python/README.md",
  "test-workspace/README.md",
  "engine/test/behaviour/README.md",
  ...readdirSync(join(repository, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const read = (file: string) => readFileSync(join(repository, file), "utf8");
const withoutCode = (markdown: string) => markdown.replace(/^```[\s\S]*?^```$/gm, "");

/** The anchor that GitHub makes of a heading. */
const anchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (file: string) =>
  [...withoutCode(readFileSync(file, "utf8")).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));

/** Code that is a path of this repository. */
const OWN_PATH = /`((?:engine|host|server|client|cli|shared|python|scripts|schemas|e2e|\.ci)\/[\w./-]+)`/g;

describe.each(DOCUMENTS)("%s", (document) => {
  it("links to what exists", () => {
    const broken: string[] = [];
    for (const [, link] of withoutCode(read(document)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) {
        continue;
      }
      const [path, fragment] = link.split("#");
      const file = path === "" ? join(repository, document) : join(repository, dirname(document), path);
      if (!existsSync(file) || (fragment !== undefined && !anchorsOf(file).includes(fragment))) {
        broken.push(link);
      }
    }
    expect(broken).toEqual([]);
  });

  it("names files that exist", () => {
    const paths = [...withoutCode(read(document)).matchAll(OWN_PATH)].map(([, path]) => path);
    expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
  });

  it("has examples that can be read", () => {
    for (const [, language, text] of read(document).matchAll(/^```(ya?ml|toml|json)\n([\s\S]*?)^```$/gm)) {
      const parse = language === "json" ? JSON.parse : language === "toml" ? parseToml : parseYaml;
      expect(() => parse(text), text).not.toThrow();
    }
  });

  it("names scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const named = [...read(document).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
