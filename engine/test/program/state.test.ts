/**
 * What sets the state of other packages at module level, through edits: each answer of a program that lived through them is
 * that of one which sees the present files for the first time.
 */
import { describe, expect, it } from "vitest";
import { createProgram, DEFAULT_CONFIG, memoryHost, type Program } from "../../src/index.ts";

const FILES: Readonly<Record<string, string>> = {
  "pipeline.py": "import random\nimport library\n\n\ndef run(x):\n    return library.draw(x)\n",
  "library.py": "import random\n\n\ndef draw(x):\n    return random.random() + x\n\n\ndef other(x):\n    return x\n",
};

const EDITS: readonly (readonly [file: string, text: string, changes: boolean])[] = [
  ["library.py", `${FILES["library.py"]}\n\nrandom.seed(1)\n`, true],
  ["library.py", `${FILES["library.py"]}\n\nrandom.seed(2)\n`, true],
  ["library.py", `${FILES["library.py"]}\n\nrandom.seed(2)  # as before\n`, false],
  [
    "pipeline.py",
    `import random\nimport library\n\nrandom.seed(3)\n\n\ndef run(x):\n    return library.draw(x)\n`,
    true,
  ],
  ["pipeline.py", `import random\nimport library\n\n\ndef run(x):\n    return library.other(x)\n`, true],
  [
    "pipeline.py",
    `import random\nimport library\n\n\ndef run(x):\n    return library.other(x) + random.random()\n`,
    true,
  ],
  ["random.py", "def random():\n    return 1\n\n\ndef seed(x):\n    return x\n", true],
  ["library.py", FILES["library.py"], false],
];

function fingerprints(program: Program): Map<string, string> {
  const out = new Map<string, string>();
  for (const line of program.functions()) {
    if ("error" in line) continue;
    const manifest = program.manifest({ file: line.file, qualname: line.qualname });
    out.set(`${line.file} ${line.qualname}`, `${line.fingerprint} ${manifest.ok ? manifest.value.fingerprint : ""}`);
  }
  return out;
}

describe("the state of other packages", () => {
  it("counts as in a new program after every edit", () => {
    const files = new Map(Object.entries(FILES));
    const host = memoryHost(FILES);
    const program = createProgram(host, DEFAULT_CONFIG);
    let known = fingerprints(program).get("pipeline.py run");
    for (const [file, text, changes] of EDITS) {
      files.set(file, text);
      host.write(file, text);
      program.applyChange({ disk: [file], relist: true });
      const now = fingerprints(program);
      expect(now, text).toEqual(fingerprints(createProgram(memoryHost(Object.fromEntries(files)), DEFAULT_CONFIG)));
      expect(now.get("pipeline.py run") !== known, text).toBe(changes);
      known = now.get("pipeline.py run");
    }
  });
});
