/** What is let go of at rest is found again: every answer is the one of before, and of a program that was just made. */
import { describe, expect, it } from "vitest";
import { createProgram, DEFAULT_CONFIG, memoryHost, type Program } from "../../src/index.ts";
import { Analysis } from "../../src/program/analysis.ts";
import { Files } from "../../src/program/files.ts";
import { reachOf } from "../../src/program/reach.ts";
import { STAGE_DECORATORS } from "../../src/summary/stageDecorators.ts";

const PLUGINS = 30;
const CALLS = 20;

/** A stage that looks into a table that hundreds of statements of other modules fill, and asks for subclasses. */
function project(): Map<string, string> {
  const files = new Map([
    ["table.py", "TABLE = {}\n\ndef register(name, f):\n    TABLE[name] = f\n\nclass Base:\n    pass\n"],
    ["helpers.py", "LIMIT = 3\n\ndef clean(x):\n    return x.strip(LIMIT), x.render()\n"],
  ]);
  let flow = "from fastpipe import stage\nfrom table import TABLE, Base\nfrom helpers import clean\n";
  for (let p = 0; p < PLUGINS; p++) {
    let text = `from table import register, Base\n\nclass Own${p}(Base):\n    def render(self):\n        return ${p}\n\n`;
    for (let c = 0; c < CALLS; c++) text += `def f${c}(x):\n    return ${c}\n\nregister("${p} ${c}", f${c})\n`;
    files.set(`plugin${p}.py`, text);
    flow += `import plugin${p}\n`;
  }
  flow += "\n@stage()\ndef run(x):\n    return TABLE[clean(x)](Base.__subclasses__())\n";
  files.set("flow.py", flow);
  return files;
}

/** All that a program says of its stages. */
function said(program: Program): unknown {
  return program.stages().map((stage) => {
    const tracked = program.tracked(stage);
    if (!tracked.ok) return tracked;
    const { manifest, untracked } = tracked.value;
    return [stage, manifest, untracked, manifest.entries.map((entry) => [entry.via, program.source(entry)])];
  });
}

describe("a program at rest", () => {
  it("answers as before, and as one that was just made, edit after edit", () => {
    const files = project();
    const host = memoryHost(files);
    const program = createProgram(host, DEFAULT_CONFIG);
    const fresh = () => said(createProgram(memoryHost(files), DEFAULT_CONFIG));
    const first = fresh();
    expect(said(program)).toEqual(first);
    program.rest();
    expect(said(program)).toEqual(first);
    const edit = (file: string, change: (text: string) => string) => {
      const text = change(files.get(file) as string);
      program.applyChange({ buffers: new Map([[file, text]]) });
      program.rest();
      files.set(file, text);
      const now = fresh();
      expect(said(program)).toEqual(now);
      host.write(file, text);
      program.applyChange({ buffers: new Map([[file, null]]), disk: [file] });
      program.rest();
      expect(said(program)).toEqual(now);
    };
    edit("helpers.py", (text) => text.replace("LIMIT = 3", "LIMIT = 4"));
    edit("plugin7.py", (text) => `# moved\n${text.replace("return 5", "return 50")}`);
    edit("plugin3.py", (text) => text.replace('register("3 4", f4)\n', ""));
    edit("table.py", (text) => text.replace("class Base:", "class Other:\n    pass\n\nclass Base(Other):"));
    edit("flow.py", (text) => text.replace("import plugin9\n", ""));
  });

  it("finds again from where a stage reaches what, and what is done to it", () => {
    const decorators = new Set(STAGE_DECORATORS);
    const files = new Files(memoryHost(project()), DEFAULT_CONFIG, decorators);
    const analysis = new Analysis(files, DEFAULT_CONFIG, decorators);
    const reach = reachOf(analysis, analysis.graph.named("flow.py", "run"));
    const seen = () =>
      Array.from({ length: reach.size }, (_, i) => {
        const { file, name } = reach.node(i);
        const effects = reach.effectsOn(i)?.map(({ file: from, slice }) => `${from} ${slice.order}`);
        return { key: reach.key(i), file, name, parent: reach.parent(i), effects };
      });
    const before = seen();
    expect(before.some(({ effects }) => (effects?.length ?? 0) > 500)).toBe(true);
    expect(before.some(({ parent }) => parent > 0)).toBe(true);
    reach.rest();
    files.rest();
    expect(seen()).toEqual(before);
    expect(new Set(reach.nodes()).size).toBe(reach.size);
    for (const node of reach.nodes()) expect(reach.has(node)).toBe(true);
  });

  it("finds methods and modules that nobody asked for before it rested", () => {
    const files = project();
    files.set(
      "shapes.py",
      "class Shape:\n    def area(self):\n        return 1\n\n    def outline(self):\n        return 2\n",
    );
    files.set("flow.py", `${files.get("flow.py")}\n@stage()\ndef measure(x):\n    return x.area()\n`);
    const host = memoryHost(files);
    const program = createProgram(host, DEFAULT_CONFIG);
    said(program);
    const edit = (file: string, text: string) => {
      program.rest();
      program.applyChange({ buffers: new Map([[file, text]]) });
      files.set(file, text);
      const now = said(program);
      expect(now).toEqual(said(createProgram(memoryHost(files), DEFAULT_CONFIG)));
      return JSON.stringify(now);
    };
    const flow = files.get("flow.py") as string;
    expect(edit("flow.py", flow.replace("x.area()", "x.outline()"))).toContain("Shape.outline");
    // More than are looked for one by one.
    const calls = Array.from({ length: 40 }, (_, i) => `x.method${i}()`).join(", ");
    expect(edit("flow.py", flow.replace("x.area()", calls))).not.toContain("Shape.method7");
    const shapes = files.get("shapes.py") as string;
    expect(edit("shapes.py", `${shapes}\n    def method7(self):\n        return 3\n`)).toContain("Shape.method7");
    expect(edit("flow.py", flow.replace("x.area()", "x.perimeter()"))).not.toContain("Shape.perimeter");
    expect(edit("shapes.py", shapes.replace("outline", "perimeter"))).toContain("Shape.perimeter");
    // A module that comes, and that a name leads to which was looked for in vain.
    edit(
      "flow.py",
      flow.replace("x.area()", "later.work(x)").replace("import plugin1\n", "import plugin1\nimport later\n"),
    );
    expect(edit("later.py", "def work(x):\n    return x\n")).toContain("later.work");
  });
});
