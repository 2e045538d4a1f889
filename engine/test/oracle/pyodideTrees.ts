/**
 * CPython 3.14 (pyodide) as an oracle of trees and refusals, in this process.
 *
 * Runs the same dump.py as the python3 oracle. Loading takes a few seconds; one instance serves a test file.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

/** CPython's answer for one source. */
export type OracleAnswer =
  | { readonly ok: true; readonly hash: string; readonly dump: string }
  | { readonly ok: false; readonly line: number | null; readonly message: string; readonly kind: string };

export interface PyodideOracle {
  readonly version: string;
  /** Answers for many sources, with dumps and positions. */
  answers(sources: readonly string[]): OracleAnswer[];
  /** CPython's answer for bytes: whether it parses, and the string constants in it. */
  bytes(sources: readonly Uint8Array[]): ({ ok: true; strings: string[] } | { ok: false; line: number | null })[];
  /** Text of every module of its standard library, by path, in order of the paths. */
  library(): [path: string, text: string][];
  /** All characters that have a name, with it. */
  names(): [point: number, name: string][];
}

const SETUP = `
import sys, json, base64, zipfile, ast
sys.path.insert(0, "/home/pyodide")
sys.setrecursionlimit(3000)
import dump

def answers(text):
    return json.dumps([dump.answer({"source": s, "positions": True, "dump": True}) for s in json.loads(text)])

def parse_bytes(text):
    out = []
    for item in json.loads(text):
        try:
            tree = ast.parse(base64.b64decode(item))
            found = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
            out.append({"ok": True, "strings": found})
        except (SyntaxError, ValueError) as error:
            out.append({"ok": False, "line": getattr(error, "lineno", None)})
    return json.dumps(out)

def library():
    path = next(p for p in sys.path if p.endswith(".zip"))
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if n.endswith(".py"))
        return json.dumps([[n, archive.read(n).decode("utf-8")] for n in names])

def names():
    import unicodedata
    return json.dumps([[i, n] for i in range(0x110000) if (n := unicodedata.name(chr(i), None))])
`;

export async function loadPyodideOracle(): Promise<PyodideOracle> {
  const python = await loadPyodide();
  const script = fileURLToPath(new URL("./dump.py", import.meta.url));
  python.FS.writeFile("/home/pyodide/dump.py", readFileSync(script));
  python.runPython(SETUP);
  const call = (name: string, argument?: unknown): unknown => {
    const result = python.globals.get(name)(...(argument === undefined ? [] : [JSON.stringify(argument)]));
    return JSON.parse(result);
  };
  return {
    version: python.runPython("sys.version.split()[0]"),
    answers: (sources) => call("answers", sources) as OracleAnswer[],
    bytes: (sources) =>
      call(
        "parse_bytes",
        sources.map((bytes) => Buffer.from(bytes).toString("base64")),
      ) as ReturnType<PyodideOracle["bytes"]>,
    library: () => call("library") as [string, string][],
    names: () => call("names") as [number, string][],
  };
}
