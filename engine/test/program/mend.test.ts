import { describe, expect, it } from "vitest";
import { createProgram, DEFAULT_CONFIG, memoryHost } from "../../src/index.ts";

const PIPELINE = `from fastpipe import stage
from utils import clean


@stage()
def train(x):
    return clean(x)
`;
const UTILS = `RATE = 2


def clean(x):
    return x * RATE


def spare(x):
    return x
`;

function project() {
  const program = createProgram(memoryHost({ "pipeline.py": PIPELINE, "utils.py": UTILS }), DEFAULT_CONFIG);
  const stage = { file: "pipeline.py", qualname: "train" };
  const fingerprint = () => {
    const made = program.manifest(stage);
    return made.ok ? made.value.fingerprint : made.error.code;
  };
  const type = (file: string, text: string) => program.applyChange({ buffers: new Map([[file, text]]) });
  const notices = () => {
    const made = program.manifest(stage);
    return made.ok ? made.value.untracked.map((notice) => notice.kind) : [];
  };
  return { program, fingerprint, type, notices };
}

describe("a file that does not parse while it is typed", () => {
  it("leaves what depends on its whole statements as it was, and says so", () => {
    const { fingerprint, type, notices } = project();
    const before = fingerprint();
    type("utils.py", UTILS.replace("def spare(x):", "def spare(x"));
    expect(fingerprint()).toBe(before);
    expect(notices()).toEqual(["syntax-error"]);
  });

  it("stays live in its whole statements", () => {
    const { fingerprint, type } = project();
    const before = fingerprint();
    const broken = UTILS.replace("def spare(x):", "def spare(x");
    type("utils.py", broken);
    type("utils.py", broken.replace("RATE = 2", "RATE = 3"));
    const seen = fingerprint();
    expect(seen).not.toBe(before);
    type("utils.py", UTILS.replace("RATE = 2", "RATE = 3"));
    expect(fingerprint()).toBe(seen);
  });

  it("keeps definitions that an open string swallows", () => {
    const { fingerprint, type } = project();
    const before = fingerprint();
    type("utils.py", UTILS.replace("RATE = 2", 'RATE = 2\nNOTE = """'));
    expect(fingerprint()).toBe(before);
  });

  it("breaks the stages of its own file", () => {
    const { program, fingerprint, type } = project();
    type("pipeline.py", PIPELINE.replace("clean(x)", "clean(x"));
    expect(fingerprint()).toBe("syntax-error");
    expect(program.stages()[0]?.broken?.code).toBe("syntax-error");
    type("pipeline.py", PIPELINE);
    expect(program.stages()[0]?.broken).toBeUndefined();
  });

  it("is an error where no good version is known", () => {
    const host = memoryHost({ "pipeline.py": PIPELINE, "utils.py": "def clean(x" });
    const made = createProgram(host, DEFAULT_CONFIG).manifest({ file: "pipeline.py", qualname: "train" });
    expect(made.ok ? "" : `${made.error.code} ${made.error.file}`).toBe("syntax-error utils.py");
  });
});
