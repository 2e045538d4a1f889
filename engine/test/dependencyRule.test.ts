/**
 * Reads every import of the sources and fails where one goes the wrong way: inside the engine from left to right,
 * between workspaces against their package.json, out of portable code into Node or an editor.
 * It looks at text only: nothing is loaded, and what a package does at run time is not its business.
 */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** The engine's folders: each imports only itself and those before it. */
const ORDER = [
  "text",
  "syntax",
  "outline",
  "binding",
  "normalisation",
  "summary",
  "resolve",
  "graph",
  "fingerprint",
  "lock",
  "program",
];

const WORKSPACES = ["engine", "host", "shared", "server", "client", "cli"];

/** Code that runs in a browser too, or in nothing but one. */
const PORTABLE = /^(engine|shared)\/src\/|^(server|host|client)\/src\/(common|browser)\//;

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

/** Static, re-exporting, side-effect and dynamic imports of a source text. Comments do not count. */
function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, " "));
  const pattern =
    /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?\s+from\s*)?["']([^"'\n]+)["']|\b(?:import|require)\(\s*["']([^"'\n]+)["']/gm;
  return [...code.matchAll(pattern)].map((match) => ({
    specifier: match[2] ?? match[3],
    typeOnly: match[1] !== undefined,
    line: code.slice(0, match.index).split("\n").length,
  }));
}

const isBuiltin = (specifier: string) =>
  specifier.startsWith("node:") || builtinModules.includes(specifier.split("/")[0]);

const packageOf = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** Why one import of `file` is not allowed, or null. `dependencies` are those of the file's own workspace. */
function offence(file: string, { specifier, typeOnly }: Import, dependencies: ReadonlySet<string>): string | null {
  const [workspace, , folder] = file.split("/");
  if (!specifier.startsWith(".")) {
    return PORTABLE.test(file) && (isBuiltin(specifier) || /\/node$/.test(specifier))
      ? "portable code imports Node"
      : outsideOffence(workspace, specifier, dependencies);
  }
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith(`${workspace}/`)) {
    return "a relative import leaves its workspace";
  }
  const platform = /^\w+\/src\/(common|node|browser)\//.exec(file)?.[1];
  const targetPlatform = /^\w+\/src\/(common|node|browser)\//.exec(target)?.[1];
  if (platform && targetPlatform && targetPlatform !== "common" && platform !== targetPlatform) {
    return `${platform} imports ${targetPlatform}`;
  }
  if (workspace !== "engine" || (typeOnly && target === "engine/src/program/types.ts")) {
    return null;
  }
  return orderOffence(file, folder, target);
}

function outsideOffence(workspace: string, specifier: string, dependencies: ReadonlySet<string>): string | null {
  if (isBuiltin(specifier)) {
    return null;
  }
  if (specifier === "vscode") {
    return workspace === "client" ? null : "only the client knows VS Code";
  }
  if (workspace === "engine" && /^vscode-|^@vscode\//.test(specifier)) {
    return "the engine knows no editor and no protocol";
  }
  if (workspace === "shared") {
    return "shared imports nothing";
  }
  const name = packageOf(specifier);
  if (workspace === "client" && name.startsWith("@fastpipe/") && name !== "@fastpipe/shared") {
    return "the client does no analysis";
  }
  return dependencies.has(name) ? null : `${name} is not a dependency of ${workspace}`;
}

/** Files directly in engine/src are the engine's front door and may import every folder. */
function orderOffence(file: string, folder: string, target: string): string | null {
  const targetFolder = target.split("/")[2];
  if (!file.startsWith("engine/src/") || file.split("/").length === 3) {
    return null;
  }
  if (!ORDER.includes(folder)) {
    return `the folder ${folder} has no place in the order`;
  }
  if (!ORDER.includes(targetFolder)) {
    return "a folder imports the front door";
  }
  return ORDER.indexOf(targetFolder) > ORDER.indexOf(folder) ? `${folder} imports ${targetFolder}, to its right` : null;
}

/** Every offence in a set of sources, as `file:line: specifier: why`. */
function offences(
  sources: ReadonlyMap<string, string>,
  dependencies: (workspace: string) => ReadonlySet<string>,
): string[] {
  const found: string[] = [];
  for (const [file, text] of sources) {
    for (const imported of importsOf(text)) {
      const why = offence(file, imported, dependencies(file.split("/")[0]));
      if (why !== null) {
        found.push(`${file}:${imported.line}: ${imported.specifier}: ${why}`);
      }
    }
  }
  return found;
}

const repository = fileURLToPath(new URL("../..", import.meta.url));

function readSources(): Map<string, string> {
  const sources = new Map<string, string>();
  for (const workspace of WORKSPACES) {
    const names = readdirSync(`${repository}/${workspace}/src`, { recursive: true }) as string[];
    for (const name of names.filter((name) => /\.m?ts$/.test(name)).sort()) {
      const file = posix.join(workspace, "src", name.replaceAll("\\", "/"));
      sources.set(file, readFileSync(`${repository}/${file}`, "utf8"));
    }
  }
  return sources;
}

function dependenciesOf(workspace: string): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(`${repository}/${workspace}/package.json`, "utf8"));
  return new Set(Object.keys(manifest.dependencies ?? {}));
}

describe("the dependency rule", () => {
  it("holds in every source file", () => {
    const sources = readSources();
    for (const folder of ORDER) {
      expect(
        [...sources.keys()].some((file) => file.startsWith(`engine/src/${folder}/`)),
        `engine/src/${folder} has sources`,
      ).toBe(true);
    }
    expect(offences(sources, dependenciesOf)).toEqual([]);
  });

  it.each([
    ["engine/src/syntax/a.ts", `import { b } from "../binding/b.ts";`, "syntax imports binding, to its right"],
    ["engine/src/graph/a.ts", `import type { B } from "../lock/b.ts";`, "graph imports lock, to its right"],
    ["engine/src/graph/a.ts", `import { LEVELS } from "../program/types.ts";`, "graph imports program, to its right"],
    ["engine/src/graph/a.ts", `export * from "../program/b.ts";`, "graph imports program, to its right"],
    ["engine/src/graph/a.ts", `const b = await import("../program/b.ts");`, "graph imports program, to its right"],
    ["engine/src/graph/a.ts", `import {\n  b,\n  c,\n} from "../program/b.ts";`, "graph imports program, to its right"],
    ["engine/src/graph/a.ts", `import { b } from "../index.ts";`, "a folder imports the front door"],
    ["engine/src/cache/a.ts", `import { b } from "../text/b.ts";`, "the folder cache has no place in the order"],
    ["engine/src/text/a.ts", `import { readFileSync } from "node:fs";`, "portable code imports Node"],
    ["engine/src/text/a.ts", `import "fs/promises";`, "portable code imports Node"],
    ["engine/src/text/a.ts", `import { URI } from "vscode-uri";`, "the engine knows no editor and no protocol"],
    ["engine/src/text/a.ts", `import * as vscode from "vscode";`, "only the client knows VS Code"],
    ["engine/src/text/a.ts", `import { b } from "lodash";`, "lodash is not a dependency of engine"],
    ["engine/src/text/a.ts", `import { b } from "../../../host/src/b.ts";`, "a relative import leaves its workspace"],
    ["host/src/common/a.ts", `import { join } from "node:path";`, "portable code imports Node"],
    ["server/src/common/a.ts", `import { open } from "@fastpipe/host/node";`, "portable code imports Node"],
    ["server/src/common/a.ts", `import { b } from "../node/b.ts";`, "common imports node"],
    ["server/src/browser/a.ts", `import { b } from "../node/b.ts";`, "browser imports node"],
    ["client/src/common/a.ts", `import type { B } from "@fastpipe/engine";`, "the client does no analysis"],
    ["shared/src/a.ts", `import type { B } from "@fastpipe/engine";`, "shared imports nothing"],
    ["cli/src/a.ts", `import { b } from "@fastpipe/client";`, "@fastpipe/client is not a dependency of cli"],
  ])("is broken by %s with %j", (file, text, why) => {
    expect(offences(new Map([[file, text]]), dependenciesOf)).toEqual([expect.stringContaining(`: ${why}`)]);
  });

  it.each([
    ["engine/src/binding/a.ts", `import { b } from "../syntax/b.ts";\nimport { c } from "./c.ts";`],
    ["engine/src/syntax/a.ts", `import type { Level } from "../program/types.ts";`],
    ["engine/src/index.ts", `export { createProgram } from "./program/program.ts";`],
    ["engine/src/lock/a.ts", `import { parse } from "yaml";\n// import { b } from "../program/b.ts";`],
    ["engine/src/lock/a.ts", `/* import { b } from "node:fs"; */`],
    ["server/src/node/a.ts", `import { join } from "node:path";\nimport { b } from "../common/b.ts";`],
    ["client/src/node/a.ts", `import * as vscode from "vscode";\nimport type { B } from "@fastpipe/shared";`],
  ])("is kept by %s with %j", (file, text) => {
    expect(offences(new Map([[file, text]]), dependenciesOf)).toEqual([]);
  });
});
