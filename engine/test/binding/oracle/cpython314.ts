/** CPython 3.14 in this process (pyodide, pinned by package-lock): its symtable, its compiler, its own standard library. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { loadPyodide } from "pyodide";

export interface CPython {
  readonly version: string;
  /** CPython's scopes of a program, see symtable_dump.py. */
  dump(source: string): string;
  /** Why CPython refuses a program, or null. */
  problem(source: string): { message: string; line: number | null } | null;
  /** Names of the modules of the standard library, sorted. */
  libraryFiles(): string[];
  librarySource(name: string): string;
}

export async function loadCPython(): Promise<CPython> {
  const indexURL = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));
  const python = await loadPyodide({ indexURL });
  python.FS.writeFile("/symtable_dump.py", readFileSync(join(import.meta.dirname, "symtable_dump.py"), "utf8"));
  python.runPython(`
import json, sys, warnings, zipfile
sys.path.insert(0, "/")
warnings.simplefilter("ignore")
import symtable_dump
library = zipfile.ZipFile(next(p for p in sys.path if p.endswith(".zip")))
`);
  const call = (expression: string, argument: string): unknown => {
    python.globals.set("argument", argument);
    return JSON.parse(python.runPython(`json.dumps(${expression})`));
  };
  return {
    version: call("sys.version.split()[0]", "") as string,
    dump: (source) => call("symtable_dump.dump_source(argument)", source) as string,
    problem: (source) => call("symtable_dump.problem_of(argument)", source) as ReturnType<CPython["problem"]>,
    libraryFiles: () => call("sorted(n for n in library.namelist() if n.endswith('.py'))", "") as string[],
    librarySource: (name) => call("library.read(argument).decode()", name) as string,
  };
}
