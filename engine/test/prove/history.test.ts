/** A small git history, commit by commit: hashes change exactly with CPython's normalised trees. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { history } from "./history.ts";

/** Successive edits of a real file, as people make them. */
const EDITS: readonly ((text: string) => string)[] = [
  (text) => `# A comment.\n${text}`,
  (text) => text.replaceAll('"""', "'''"),
  (text) => text.replace(/def (\w+)\(self/g, "def $1( self "),
  (text) => text.replaceAll(" is None", " is not None"),
  (text) => text.replaceAll("return False", "return (False)"),
  (text) => text.replaceAll("    ", "\t"),
  (text) => text.replaceAll("    ", "\t").replaceAll("[0]", "[1]"),
  (text) => text.replaceAll("    ", "\t").replaceAll("[0]", "[1]").replaceAll("\n", "\r\n"),
];

it("changes hashes exactly where trees change, over commits", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fastpipe-history-"));
  try {
    const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { stdio: "pipe" });
    git("init", "-q");
    const identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false"];
    const original = readFileSync(join(standardLibrary("python3"), "textwrap.py"), "utf8");
    for (const edit of [(text: string) => text, ...EDITS]) {
      writeFileSync(join(folder, "textwrap.py"), edit(original));
      git("add", "textwrap.py");
      git(...identity, "commit", "-q", "--allow-empty", "-m", "edit");
    }
    const report = await history({ corpus: folder, python: "python3", sample: 1, seconds: 250, seed: 1 });
    expect(report.failures).toEqual([]);
    expect(report.figures["file versions"]).toBeGreaterThan(6);
    expect(report.figures["definitions changed"]).toBeGreaterThan(3);
    expect(report.figures["definitions unchanged"]).toBeGreaterThan(60);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
