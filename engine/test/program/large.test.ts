/** Projects of unusual shapes: very deep, very wide, all in a circle. They are answered, and edits are told in full. */
import { describe, expect, it } from "vitest";
import {
  createProgram,
  DEFAULT_CONFIG,
  emptyLock,
  memoryHost,
  type Program,
  record,
  status,
  statusSteps,
} from "../../src/index.ts";
import { AT, ok } from "./world.ts";

const STAGE = "from fastpipe import stage\n";

function opened(files: Record<string, string>): Program {
  const program = createProgram(memoryHost(files), DEFAULT_CONFIG);
  program.stages();
  return program;
}

function change(program: Program, file: string, text: string) {
  return program.applyChange({ buffers: new Map([[file, text]]) }).stages;
}

/** What a new program says of a stage. */
function fresh(files: Record<string, string>, file: string, qualname: string) {
  return ok(opened(files).manifest({ file, qualname })).fingerprint;
}

describe("large shapes", () => {
  it("a chain of 10,000 functions, with the way to the last one", () => {
    const body = (last: string) =>
      Array.from({ length: 10_000 }, (_, i) => `def f${i}(x):\n    return ${i < 9999 ? `f${i + 1}(x)` : last}\n`).join(
        "\n",
      );
    const main = `${STAGE}from deep import f0\n\n@stage()\ndef run(x):\n    return f0(x)\n`;
    const files = { "deep.py": body("x"), "main.py": main };
    const program = opened(files);
    const { entries } = ok(program.manifest({ file: "main.py", qualname: "run" }));
    expect(entries).toHaveLength(10_001);
    const last = entries.find((entry) => entry.key === "func:deep.f9999");
    expect(last?.via).toHaveLength(10_000);
    expect(last?.via[9998]).toBe("func:deep.f9998");
    expect(change(program, "deep.py", body("x + 1"))).toEqual(["main.run"]);
    const now = ok(program.manifest({ file: "main.py", qualname: "run" })).fingerprint;
    expect(now).toBe(fresh({ ...files, "deep.py": body("x + 1") }, "main.py", "run"));
  });

  it("a package that binds the names of its 300 modules, which all import from it", () => {
    const files: Record<string, string> = {};
    const all = Array.from({ length: 300 }, (_, i) => i);
    files["p/__init__.py"] = all.map((i) => `from .m${i} import m${i}\n`).join("");
    for (const i of all) {
      const others = Array.from({ length: 20 }, (_, k) => (i * 7 + k * 13 + 1) % 300);
      const imports = others.map((k) => `from p import m${k} as n${k}\n`).join("");
      files[`p/m${i}.py`] =
        `${imports}def m${i}(x):\n    return x\ndef g(x):\n    return ${others.map((k) => `n${k}(x)`).join("+")}\n`;
    }
    files["main.py"] = `${STAGE}from p.m7 import g\n\n@stage()\ndef run(x):\n    return g(x)\n`;
    const program = opened(files);
    const { entries } = ok(program.manifest({ file: "main.py", qualname: "run" }));
    expect(entries.length).toBeGreaterThan(21);
    expect([...program.functions()]).toHaveLength(601);
    expect(change(program, "p/m50.py", files["p/m50.py"].replace("return x", "return -x"))).toEqual(["main.run"]);
  });

  it("a name that 10,000 modules hand on", () => {
    const files: Record<string, string> = { "p/__init__.py": "" };
    for (let i = 0; i < 9999; i++) files[`p/m${i}.py`] = `from .m${i + 1} import f\n`;
    files["p/m9999.py"] = "def f(x):\n    return x\n";
    files["main.py"] = `${STAGE}from p.m0 import f\n\n@stage()\ndef run(x):\n    return f(x)\n`;
    const program = opened(files);
    const { entries } = ok(program.manifest({ file: "main.py", qualname: "run" }));
    expect(entries.map((entry) => entry.key)).toEqual(["self:run", "func:p.m9999.f"]);
    expect(change(program, "p/m9999.py", "def f(x):\n    return -x\n")).toEqual(["main.run"]);
    expect(change(program, "p/m5000.py", "def f(x):\n    return 5000\n")).toEqual(["main.run"]);
    const cut = ok(program.manifest({ file: "main.py", qualname: "run" })).entries;
    expect(cut.map((entry) => entry.key)).toEqual(["self:run", "func:p.m5000.f"]);
  });

  it("star imports inside one another, many more than the stack holds", () => {
    const files: Record<string, string> = { "p/__init__.py": "" };
    for (let i = 0; i < 3000; i++) files[`p/m${i}.py`] = `from .m${(i + 1) % 3000} import *\n`;
    files["main.py"] = `${STAGE}from p.m0 import f\n\n@stage()\ndef run(x):\n    return f(x)\n`;
    const { untracked } = ok(opened(files).manifest({ file: "main.py", qualname: "run" }));
    expect(untracked.map((notice) => notice.kind)).toEqual(["missing-import"]);
  });

  it.each([
    ["that differ", (i: number) => ` + ${i}`],
    ["alike but one", (i: number) => (i === 0 ? " + 1" : "")],
  ])("1,000 functions in a circle, %s", (_, more) => {
    const circle = (change = "") =>
      Array.from({ length: 1000 }, (_, i) => {
        const tail = i === 500 && change !== "" ? change : more(i);
        return `def f${i}(x):\n    return f${(i + 1) % 1000}(x)${tail}\n`;
      }).join("\n");
    const main = `${STAGE}from circle import f0\n\n@stage()\ndef run(x):\n    return f0(x)\n`;
    const files = { "circle.py": circle(), "main.py": main };
    const program = opened(files);
    expect(ok(program.manifest({ file: "main.py", qualname: "run" })).entries).toHaveLength(1001);
    expect(change(program, "circle.py", circle(" * 2"))).toEqual(["main.run"]);
    const now = ok(program.manifest({ file: "main.py", qualname: "run" })).fingerprint;
    expect(now).toBe(fresh({ ...files, "circle.py": circle(" * 2") }, "main.py", "run"));
  });

  it("10,000 stages of which half use one helper; their states in steps that a change ends", () => {
    const files: Record<string, string> = { "core.py": "def hot(x):\n    return x + 1\n" };
    for (let f = 0; f < 500; f++) {
      let text = `${STAGE}from core import hot\n`;
      for (let i = 0; i < 20; i++) text += `\n@stage()\ndef s${i}(x):\n    return ${i % 2 ? "hot" : "abs"}(x) + ${i}\n`;
      files[`p${f}.py`] = text;
    }
    const program = opened(files);
    const ids = program.stages().map((stage) => stage.id);
    expect(ids).toHaveLength(10_000);
    const { lock } = ok(record(program, emptyLock("semantic"), ids, { at: AT }));
    expect(status(program, lock).stale).toBe(0);

    const digested = program.counters().digestedComponents;
    expect(change(program, "core.py", "def hot(x):\n    return x + 2\n")).toHaveLength(5000);
    // The helper and the stages that use it.
    expect(program.counters().digestedComponents - digested).toBe(5001);

    const steps = statusSteps(program, lock);
    for (let i = 0; i < 100; i++) expect(steps.next().done).toBe(false);
    change(program, "core.py", "def hot(x):\n    return x + 3\n");
    expect(steps.next()).toEqual({ done: true, value: null });

    let taken = 0;
    const whole = statusSteps(program, lock);
    let step = whole.next();
    for (; !step.done; step = whole.next()) taken++;
    expect(taken).toBe(10_000);
    expect(step.value).toEqual(status(program, lock));
    expect(step.value?.stale).toBe(5000);
    expect(change(program, "core.py", "def hot(x):\n    return x + 1\n")).toHaveLength(5000);
    expect(status(program, lock).stale).toBe(0);
  });
});
