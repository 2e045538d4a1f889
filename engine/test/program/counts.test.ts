/** What an edit does not do: how much is parsed, resolved and digested again, counted on a project of a dozen modules. */
import { beforeEach, describe, expect, it } from "vitest";
import { type Counters, createProgram, DEFAULT_CONFIG, type Delta, memoryHost, type Program } from "../../src/index.ts";

const MODULES = 12;

/** Each module has ten functions in a row; stages call the first one of their own and one of the next module. */
function project(): Map<string, string> {
  const files = new Map<string, string>();
  for (let m = 0; m < MODULES; m++) {
    const next = m + 1 < MODULES ? `from m${m + 1} import f0 as other\n` : "other = abs\n";
    let text = `import logging\nfrom fastpipe import stage\nimport config\n${next}\nlogger = logging.getLogger(__name__)\n\n`;
    for (let f = 0; f < 10; f++) text += `def f${f}(x):\n    return ${f < 9 ? `f${f + 1}` : "abs"}(x) + ${f}\n\n`;
    text += "@stage()\ndef run(x):\n    return f0(x), other(x), config.LIMIT\n";
    files.set(`m${m}.py`, text);
  }
  files.set("config.py", "LIMIT = 3\nTABLE = {}\n\ndef register(f):\n    TABLE[f.__name__] = f\n    return f\n");
  return files;
}

describe("what an edit does not do", () => {
  let files: Map<string, string>;
  let program: Program;

  beforeEach(() => {
    files = project();
    program = createProgram(memoryHost(files), DEFAULT_CONFIG);
    for (const stage of program.stages()) program.manifest(stage);
    // Opened as it stands on disk: from now on it is kept statement by statement.
    for (const [file, text] of files) program.applyChange({ buffers: new Map([[file, text]]) });
  });

  function edit(file: string, change: (text: string) => string): { delta: Delta; did: Counters } {
    const before = program.counters();
    const text = change(files.get(file) as string);
    expect(text).not.toBe(files.get(file));
    files.set(file, text);
    const delta = program.applyChange({ buffers: new Map([[file, text]]) });
    for (const stage of program.stages()) program.manifest(stage);
    const after = program.counters();
    const did = Object.fromEntries(
      Object.entries(after).map(([name, count]) => [name, count - before[name as keyof Counters]]),
    ) as unknown as Counters;
    return { delta, did };
  }

  it("a comment: one definition is hashed, nothing is resolved or digested", () => {
    const { delta, did } = edit("m5.py", (text) => text.replace("+ 4", "+ 4  # why"));
    expect(did.hashedDefinitions).toBeLessThanOrEqual(1);
    expect(did).toMatchObject({ resolvedReferences: 0, digestedComponents: 0 });
    expect(delta).toEqual({ stages: [], stageListChanged: false });
  });

  it("an empty line on top, and code that is moved: nothing downstream", () => {
    for (const change of [
      (text: string) => `\n${text}`,
      (text: string) => text.replace(/(def f3[\s\S]*?\n\n)(def f4[\s\S]*?\n\n)/, "$2$1"),
    ]) {
      const { delta, did } = edit("m5.py", change);
      expect(did).toMatchObject({ resolvedReferences: 0, digestedComponents: 0 });
      expect(delta.stages).toEqual([]);
    }
  });

  it("a body: its own digest and those of what reaches it", () => {
    // f8, f9 below it stay; f7 to f0, this module's stage and the one before's are above it.
    const { delta, did } = edit("m5.py", (text) => text.replace("+ 7\n", "+ 70\n"));
    expect(did.resolvedReferences).toBe(0);
    expect(did.digestedComponents).toBe(8 + 2);
    expect([...delta.stages].sort()).toEqual(["m4.run", "m5.run"]);
  });

  it("a body that only says otherwise what it said: no digest above it", () => {
    const { delta, did } = edit("m5.py", (text) =>
      text.replace("return f8(x) + 7", "result = f8(x) + 7\n    return result"),
    );
    expect(did.digestedComponents).toBeLessThanOrEqual(1);
    expect(delta.stages).toEqual([]);
  });

  it("a constant that all stages read: their own digests, no function's", () => {
    const { delta, did } = edit("config.py", (text) => text.replace("LIMIT = 3", "LIMIT = 4"));
    expect(did.resolvedReferences).toBe(0);
    expect(did.digestedComponents).toBe(1 + MODULES);
    expect(delta.stages).toHaveLength(MODULES);
  });

  it("an import or a function that nobody names: nothing of what others said", () => {
    for (const change of [
      (text: string) => `import json\n${text}`,
      (text: string) => `${text}\ndef unheard_of(x):\n    return f0(x)\n`,
      (text: string) => text.replace("unheard_of", "unheard"),
    ]) {
      const { delta, did } = edit("m5.py", change);
      expect(did.resolvedReferences).toBeLessThanOrEqual(1);
      expect(did.digestedComponents).toBe(0);
      expect(delta.stages).toEqual([]);
    }
  });

  it("a builtin's name that is bound now: what missed it before is resolved again", () => {
    const { delta, did } = edit("m5.py", (text) => `${text}\ndef abs(x):\n    return x\n`);
    // The module's own `abs`; nobody else looked for that name here.
    expect(did.resolvedReferences).toBe(1);
    expect([...delta.stages].sort()).toEqual(["m4.run", "m5.run"]);
  });

  it("a name that goes and comes back: those who consulted it, both times", () => {
    const renamed = edit("m5.py", (text) => text.replace("def f0(", "def g0("));
    expect(renamed.did.resolvedReferences).toBeLessThanOrEqual(3);
    expect([...renamed.delta.stages].sort()).toEqual(["m4.run", "m5.run"]);
    const back = edit("m5.py", (text) => text.replace("def g0(", "def f0("));
    expect(back.did.resolvedReferences).toBeLessThanOrEqual(3);
    expect([...back.delta.stages].sort()).toEqual(["m4.run", "m5.run"]);
  });

  it("a module level statement that registers something: the name that it changes", () => {
    const { delta, did } = edit("config.py", (text) => `${text}\n@register\ndef first():\n    pass\n`);
    // TABLE is another one, and no stage reads it.
    expect(did.digestedComponents).toBe(0);
    expect(delta.stages).toEqual([]);
  });

  it("a file that comes: those who looked for a module of its name", () => {
    const host = memoryHost(files);
    const other = createProgram(host, DEFAULT_CONFIG);
    for (const stage of other.stages()) other.manifest(stage);
    const before = other.counters();
    host.write("unheard.py", "x = 1\n");
    const delta = other.applyChange({ disk: ["unheard.py"], relist: true });
    for (const stage of other.stages()) other.manifest(stage);
    const after = other.counters();
    expect(after.resolvedReferences).toBe(before.resolvedReferences);
    expect(after.digestedComponents).toBe(before.digestedComponents);
    expect(delta.stages).toEqual([]);
    host.write("logging.py", "def getLogger(name):\n    return name\n");
    other.applyChange({ disk: ["logging.py"], relist: true });
    expect(other.counters().resolvedReferences).toBeGreaterThan(after.resolvedReferences);
  });

  it("a package that comes or goes: the files in its folder, and those who looked for one of its name", () => {
    files.set("tools/side.py", "def near(x):\n    return x\n");
    files.set(
      "tools/job.py",
      "from fastpipe import stage\nimport side\n\n@stage()\ndef nightly(x):\n    return side.near(x)\n",
    );
    files.set("side.py", "def near(x):\n    return -x\n");
    const host = memoryHost(files);
    const other = createProgram(host, DEFAULT_CONFIG);
    for (const stage of other.stages()) other.manifest(stage);
    for (const text of ["", null]) {
      const before = other.counters();
      host.write("tools/__init__.py", text);
      const delta = other.applyChange({ disk: ["tools/__init__.py"], relist: true });
      for (const stage of other.stages()) other.manifest(stage);
      const after = other.counters();
      // The script's neighbour, and the module at the root.
      expect(delta.stages).toEqual(["tools.job.nightly"]);
      expect(after.resolvedReferences - before.resolvedReferences).toBeLessThanOrEqual(3);
      expect(after.digestedComponents - before.digestedComponents).toBeLessThanOrEqual(3);
      expect(after.parsedFiles - before.parsedFiles).toBeLessThanOrEqual(2);
    }
  });

  it("settings: what is watched is looked up, source roots leave what was parsed", () => {
    const ask = () => {
      for (const stage of program.stages()) program.manifest(stage);
      return program.counters();
    };
    const before = ask();
    const watched = program.applyChange({ config: { ...DEFAULT_CONFIG, watch: ["m3:f9"], exclude: ["build"] } });
    expect(watched).toEqual({ stages: ["m3.f9"], stageListChanged: true });
    expect(ask()).toEqual(before);
    program.applyChange({ config: { ...DEFAULT_CONFIG, sourceRoots: ["tools", ""] } });
    expect(ask()).toMatchObject({ parsedFiles: before.parsedFiles, hashedDefinitions: before.hashedDefinitions });
  });

  it("says of a revision whether it is the present one", () => {
    const { revision } = program;
    program.applyChange({ buffers: new Map([["m0.py", files.get("m0.py") as string]]) });
    expect(program.revision).toBe(revision);
    edit("m0.py", (text) => `${text}# more\n`);
    expect(program.revision).toBeGreaterThan(revision);
  });
});
