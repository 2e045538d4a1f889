/** Notices after edits: those of a program that sees the state for the first time, whatever was read anew in between. */
import { expect, it } from "vitest";
import { createProgram, DEFAULT_CONFIG, memoryHost, type Program } from "../../src/index.ts";

const text = (value: number, read: string) =>
  `from fastpipe import stage\n\nclass Box:\n    n = ${value}\n\n@stage()\ndef run(x):\n    return ${read}\n`;

function untracked(program: Program): readonly string[] {
  const made = program.manifest({ file: "main.py", qualname: "run" });
  return made.ok ? made.value.untracked.map((notice) => notice.text) : ["broken"];
}

it("there is one where an edit elsewhere in the file came first", () => {
  const host = memoryHost({ "main.py": text(1, "x") });
  const program = createProgram(host, DEFAULT_CONFIG);
  const seen = [text(1, "x"), text(2, "x"), text(2, "getattr(x, x)"), text(3, "getattr(x, x)"), text(3, "x")].map(
    (content) => {
      host.write("main.py", content);
      program.applyChange({ disk: ["main.py"] });
      return untracked(program);
    },
  );
  expect(seen).toEqual([[], [], ["getattr(x, x)"], ["getattr(x, x)"], []]);
});

it("there is one where the decorator names something that is not there now", () => {
  const decorated = (args: string) => `from fastpipe import stage\n\n@stage(${args})\ndef run(x):\n    return x\n`;
  const host = memoryHost({ "main.py": decorated("") });
  const program = createProgram(host, DEFAULT_CONFIG);
  const seen = ["", "package_deps=['gone']", "code_deps=['gone']", ""].map((args) => {
    host.write("main.py", decorated(args));
    program.applyChange({ disk: ["main.py"] });
    return untracked(program);
  });
  expect(seen).toEqual([[], ["gone"], ["gone"], []]);
});
