/** `pyproject.toml` as settings: defaults, what build back ends say about source roots, and errors with their line. */
import { describe, expect, it } from "vitest";
import { DEFAULT_CONFIG, hasFastpipeTable, type Layout, parseConfig } from "../../src/program/config.ts";

const nothing: Layout = { hasFolder: () => false, hasFile: () => false };
const withSrc: Layout = { hasFolder: (path: string) => path === "src", hasFile: () => false };

function settings(text: string | null, layout = nothing) {
  const result = parseConfig(text, layout);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

function problem(text: string) {
  const result = parseConfig(text, nothing);
  if (result.ok) throw new Error("taken");
  return result.error;
}

describe("settings", () => {
  it("has defaults without a file, without a table and with an empty one", () => {
    for (const text of [null, "", "[project]\nname = 'x'\n", "[tool.fastpipe]\n"])
      expect(settings(text)).toEqual(DEFAULT_CONFIG);
  });

  it("reads all of them, in any TOML spelling", () => {
    const expected = {
      level: "strict",
      exclude: ["legacy/**"],
      stageDecorators: ["prefect.task"],
      watch: ["pkg.mod:Cls.method"],
      sourceRoots: ["lib/py", "code", ""],
      rootPackage: null,
    };
    const body = `level = "strict"
exclude = ["legacy/**"]
stage-decorators = ["prefect.task"]
watch = ["pkg.mod:Cls.method"]
source-roots = ["./code/", "lib/py", "."]
`;
    expect(settings(`[tool.fastpipe]\n${body}`)).toMatchObject(expected);
    expect(settings(`\ufeff[ tool . "fastpipe" ]\r\n${body.replaceAll("\n", "\r\n")}`)).toMatchObject(expected);
    expect(settings(body.replace(/^/gm, "tool.fastpipe.").replace(/tool\.fastpipe\.$/, ""))).toMatchObject(expected);
  });

  it.each([
    [
      "unknown setting",
      '[project]\nname = "a"\n\n[tool.fastpipe]\nlevel = "strict"\nexlude = []\n',
      6,
      /`exlude`.*exclude/,
    ],
    ["unknown level", '[tool.fastpipe]\nlevel = "loose"\n', 2, /strict, semantic, behavioral.*"loose"/],
    ["level of another type", "[tool.fastpipe]\n\nlevel = 3\n", 3, /found 3/],
    ["a text for a list", '[tool.fastpipe]\nexclude = "x"\n', 2, /list of globs.*"x"/],
    ["a number in a list", "[tool.fastpipe]\nexclude = [\n  'a',\n  1,\n]\n", 2, /found 1/],
    ["a root above the root", '[tool.fastpipe]\nsource-roots = ["../lib"]\n', 2, /below the root/],
    ["an absolute root", '[tool.fastpipe]\nsource-roots = ["/lib"]\n', 2, /below the root/],
    ["a watch without colon", '[tool.fastpipe]\nwatch = ["pkg.mod.func"]\n', 2, /pkg\.mod:func/],
    ["a decorator that is no name", '[tool.fastpipe]\nstage-decorators = ["a b"]\n', 2, /dotted names/],
    ["dotted keys", 'tool.fastpipe.level = "x"\n', 1, /level/],
    ["an inline table", '[tool]\nfastpipe = { level = "x" }\n', 2, /level/],
    ["no table", "[tool]\nfastpipe = 3\n", 2, /table/],
    ["broken TOML", "[tool.fastpipe]\nlevel = \n", 2, /TOML/],
    ["a key twice", "[tool.fastpipe]\nlevel = 'strict'\nlevel = 'strict'\n", 3, /TOML/],
  ])("refuses %s with its line", (_name, text, line, message) => {
    const error = problem(text);
    expect(error).toMatchObject({ code: "bad-setting", file: "pyproject.toml", line });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
  });
});

describe("source roots", () => {
  it.each([
    ["setuptools package-dir", '[tool.setuptools]\npackage-dir = {"" = "lib"}', ["lib", ""]],
    ["setuptools package-dir of one package", '[tool.setuptools.package-dir]\n"a.b" = "code/a/b"', ["code", ""]],
    [
      "setuptools find",
      '[tool.setuptools.packages.find]\nwhere = ["python", "more/deep"]',
      ["more/deep", "python", ""],
    ],
    ["hatch packages", '[tool.hatch.build.targets.wheel]\npackages = ["python/pkg", "top"]', ["python", ""]],
    ["hatch sources", '[tool.hatch.build]\nsources = ["python"]', ["python", ""]],
    ["hatch source rewriting", '[tool.hatch.build.targets.wheel.sources]\n"python" = ""\n"x" = "y"', ["python", ""]],
    ["poetry", '[[tool.poetry.packages]]\ninclude = "pkg"\nfrom = "python"', ["python", ""]],
    ["pdm", '[tool.pdm.build]\npackage-dir = "python"', ["python", ""]],
    ["uv", '[tool.uv.build-backend]\nmodule-root = "python"', ["python", ""]],
    ["nonsense for those tools", '[tool]\nsetuptools = 3\nhatch = []\npoetry = {packages = "x"}', [""]],
    ["a root outside", '[tool.setuptools]\npackage-dir = {"" = "../lib"}', [""]],
  ])("follows %s", (_name, text, expected) => {
    expect(settings(text).sourceRoots).toEqual(expected);
  });

  it("takes `src` where it exists and is no package, and nothing inferred beside an explicit list", () => {
    expect(settings(null, withSrc).sourceRoots).toEqual(["src", ""]);
    expect(settings("[project]", { ...withSrc, hasFile: (path) => path === "src/__init__.py" }).sourceRoots).toEqual([
      "",
    ]);
    expect(settings('[tool.fastpipe]\nsource-roots = ["lib"]', withSrc).sourceRoots).toEqual(["lib", ""]);
  });
});

it("knows a table of its own in a file that is broken elsewhere", () => {
  expect(hasFastpipeTable("[tool.fastpipe]\nlevel = 'strict'")).toBe(true);
  expect(hasFastpipeTable("[tool.fastpipe]\nlevel = ")).toBe(true);
  expect(hasFastpipeTable("[tool.other]\nx = ")).toBe(false);
  expect(hasFastpipeTable("[project]\n")).toBe(false);
});
