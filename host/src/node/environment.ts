/**
 * Versions of installed distributions, from the names of `*.dist-info` folders in the project's environment. Never runs
 * Python: an interpreter's folders are found from where it lies.
 */
import { readdirSync, realpathSync } from "node:fs";
import path from "node:path";
import { distInfo } from "../common/packages.ts";

/** Version by normal name (PEP 503) of everything installed in one environment. */
export type Installed = ReadonlyMap<string, string>;

/** `site-packages` folders that count for a project: of its own environments, or else of the `python3` on the path. */
export function sitePackages(root: string, env: NodeJS.ProcessEnv): readonly string[] {
  const own = [path.join(root, ".venv"), path.join(root, "venv"), env.VIRTUAL_ENV, env.CONDA_PREFIX];
  for (const prefix of own) {
    if (!prefix) continue;
    const folders = foldersOf(prefix);
    if (folders.length > 0) return folders;
  }
  return pathInterpreter(env);
}

/** What is installed in these folders; the first folder that has a distribution decides, as `sys.path` would. */
export function installed(folders: readonly string[]): Installed {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const name of names(folder).sort()) {
      const info = distInfo(name);
      if (info !== null && !found.has(info.name)) found.set(info.name, info.version);
    }
  }
  return found;
}

/** `lib/python3.12/site-packages` and Debian's `dist-packages`; `Lib/site-packages` on Windows. */
function foldersOf(prefix: string): string[] {
  const found: string[] = [];
  for (const lib of ["lib", "lib64", "Lib"]) {
    const inside = names(path.join(prefix, lib));
    if (inside.includes("site-packages")) found.push(path.join(prefix, lib, "site-packages"));
    const versions = inside.filter((name) => /^(?:python|pypy)3(?:\.\d+)?t?$/.test(name)).sort(newestFirst);
    for (const version of versions) {
      for (const name of ["site-packages", "dist-packages"]) found.push(path.join(prefix, lib, version, name));
    }
  }
  return found.filter((folder) => names(folder).length > 0);
}

function pathInterpreter(env: NodeJS.ProcessEnv): readonly string[] {
  const names = process.platform === "win32" ? ["python.exe", "python3.exe"] : ["python3", "python"];
  for (const folder of (env.PATH ?? "").split(path.delimiter)) {
    for (const name of names) {
      const file = path.join(folder, name);
      try {
        const real = realpathSync(file);
        // The environment is where the link lies (a virtual environment links to its base), then where it leads.
        const prefixes = [path.dirname(folder), path.dirname(path.dirname(real)), path.dirname(real)];
        const version = /^python(3\.\d+)/.exec(path.basename(real))?.[1];
        const found = [...new Set(prefixes)].flatMap(foldersOf);
        const local = foldersOf(path.join(path.dirname(folder), "local"));
        const matching = [...local, ...found].filter((each) => version === undefined || ofVersion(each, version));
        if (matching.length > 0) return matching;
      } catch {
        // Not this one.
      }
    }
  }
  return [];
}

/** `python3` without a minor version is shared by all of them. */
function ofVersion(folder: string, version: string): boolean {
  const named = /python(3(?:\.\d+)?)/.exec(path.basename(path.dirname(folder)))?.[1];
  return named === undefined || named === "3" || named === version;
}

function newestFirst(a: string, b: string): number {
  const minor = (name: string) => Number(/3\.(\d+)/.exec(name)?.[1] ?? 0);
  return minor(b) - minor(a);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
