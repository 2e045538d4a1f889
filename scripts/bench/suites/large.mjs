/**
 * `fastpipe status` as a whole process, cold, on inputs of unusual shapes: deep, round, long. The shapes are those that
 * `engine/test/program/large.test.ts` holds to right answers.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { coldStatus, cpu, wall } from "../fastpipe.mjs";
import { longFile } from "../generate.mjs";
import { number } from "../report.mjs";

const MAIN = (module, name) =>
  `from fastpipe import stage\nfrom ${module} import ${name}\n\n@stage()\ndef run(x):\n    return ${name}(x)\n`;
const range = (count, make) => Array.from({ length: count }, (_, i) => make(i));

/** Each calls the next one: 100 to a file. */
function chain(depth) {
  const files = { "main.py": MAIN("deep.m0", "f0"), "deep/__init__.py": "" };
  for (let from = 0; from < depth; from += 100) {
    const last = from + 100;
    const functions = range(100, (i) => {
      const next = from + i + 1;
      return `def f${from + i}(x):\n    return ${next < depth ? `f${next}(x) + ${i}` : "x"}\n`;
    });
    const below = last < depth ? `from deep.m${last / 100} import f${last}\n\n` : "";
    files[`deep/m${from / 100}.py`] = below + functions.join("\n");
  }
  return files;
}

/** One name, handed on from module to module. */
function handedOn(modules) {
  const files = { "main.py": MAIN("p.m0", "f"), "p/__init__.py": "" };
  for (let i = 0; i < modules - 1; i++) files[`p/m${i}.py`] = `from .m${i + 1} import f\n`;
  files[`p/m${modules - 1}.py`] = "def f(x):\n    return x\n";
  return files;
}

/** Each calls the next and one across the circle. */
function circle(size, more) {
  const functions = range(
    size,
    (i) => `def f${i}(x):\n    return f${(i + 1) % size}(x) or f${(i * 7 + 3) % size}(x)${more(i)}\n`,
  );
  return { "circle.py": functions.join("\n"), "main.py": MAIN("circle", "f0") };
}

export async function run({ report, python, quick }) {
  const scale = quick ? 0.1 : 1;
  const [depth, size, lines] = [10_000 * scale, 1000 * scale, 100_000 * scale];
  const shapes = [
    [`a chain of ${depth} functions`, chain(depth)],
    [`a name that ${depth} modules hand on`, handedOn(depth)],
    [`${size} functions that call each other`, circle(size, (i) => ` + ${i}`)],
    [`${size} functions that call each other, alike but one`, circle(size, (i) => (i === 0 ? " + 1" : ""))],
    [`one file of ${lines} lines`, { "long.py": await longFile({ lines, python }) }],
  ];
  for (const [what, files] of shapes) {
    const folder = mkdtempSync(path.join(tmpdir(), "fastpipe-bench-large-"));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), text);
    }
    const times = range(quick ? 1 : 3, () => coldStatus(folder));
    rmSync(folder, { recursive: true, force: true });
    const count = Object.values(files).reduce((sum, text) => sum + text.split("\n").length - 1, 0);
    report.add({
      suite: "large",
      what: `status, cold, ${what}`,
      value: wall(times),
      unit: "s",
      note: `CPU ${number(cpu(times))} s; ${count} lines in ${Object.keys(files).length} files`,
    });
  }
}
