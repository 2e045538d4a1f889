/**
 * Shell completion: what the command line answers its scripts, and the bash script in a real bash. All three shells with
 * keys and a screen: `npm run test:editors`.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { CHANGED_CONSTANT, commandLine, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

/** The words offered for a line, given word by word. */
async function offered(root: string, ...words: string[]): Promise<string[]> {
  const { code, out, err } = await fastpipe(root, ["completion", "fish", "--", ...words]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0]);
}

describe("completion", () => {
  it("offers what the command line declares", async () => {
    const root = folder(PIPELINE);
    const help = (await fastpipe(root, ["--help"])).out;
    const commands = [...help.slice(help.indexOf("Commands:")).matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name);
    expect(await offered(root, "")).toEqual(commands);
    expect(commands).toContain("completion");
    expect(await offered(root, "de")).toEqual(["dependents"]);
    expect(await offered(root, "accept", "--re")).toEqual(["--reason", "--revoke"]);
    expect(await offered(root, "-v", "check", "--format", "")).toEqual(["text", "github", "sarif", "markdown"]);
    expect(await offered(root, "check", "--format=s")).toEqual(["--format=sarif"]);
    expect(await offered(root, "--color", "")).toEqual(["auto", "always", "never"]);
    expect(await offered(root, "status", "--level", "s")).toEqual(["strict", "semantic"]);
    expect(await offered(root, "completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await offered(root, "help", "de")).toEqual(["dependents"]);
    expect(await offered(root, "functions", "")).toEqual([]);
    expect(await offered(root, "nonsense", "x")).toEqual([]);
    const { out } = await fastpipe(root, ["completion", "fish", "--", "doc"]);
    expect(out).toBe("doctor\twhat Fastpipe sees of this project\n");
  });

  it("offers what the project has", async () => {
    const root = folder({ ...PIPELINE, "other/x.py": "def f():\n    return 1\n" });
    const stages = ["pipeline.preprocess", "pipeline.train", "pipeline.retrain"];
    expect(await offered(root, "status", "")).toEqual(stages);
    expect(await offered(root, "explain", "pipeline.train", "pipe")).toEqual([stages[0], stages[2]]);
    expect(await offered(root, "record", "--duration", "3", "ret")).toEqual(["retrain"]);
    expect(await offered(root, "diff", "pre", "")).toEqual([]);
    expect(await offered(root, "manifest", "oth")).toEqual(["other/x.py::"]);
    expect(await offered(root, "dependents", "src/utils.py::")).toEqual([
      "src/utils.py::clean_data",
      "src/utils.py::load",
    ]);
    expect(await offered(root, "history", "const:")).toEqual(["const:config.THRESHOLD"]);
    await fastpipe(root, ["record", "--all"]);
    write(root, CHANGED_CONSTANT);
    expect(await offered(root, "diff", "preprocess", "")).toEqual(["const:config.THRESHOLD"]);
    expect(await offered(root, "accept", "train", "--entry", "")).toEqual([]);
    expect(await offered(root, "accept", "--entry=")).toEqual(["--entry=const:config.THRESHOLD"]);
    expect(await offered(folder({}), "--root", root, "status", "tra")).toEqual(["train"]);
  });

  it("is silent where the project can't be read, and refuses a shell that it has no script for", async () => {
    const root = folder({ ...PIPELINE, "fastpipe.lock": "<<<<<<< HEAD\n" });
    expect(await offered(root, "status", "")).toEqual([]);
    expect(await offered(root, "--root", "/nowhere", "status", "")).toEqual([]);
    expect(await fastpipe(root, ["completion", "tcsh"])).toEqual({
      code: 2,
      out: "",
      err: "fastpipe: no completion for `tcsh`: use bash, zsh, fish\n",
    });
  });

  it("works in bash, colons, blanks and all", async () => {
    const root = folder({
      ...PIPELINE,
      "src/nightly.py": "from fastpipe import stage\n\n\n@stage(name='nightly report')\ndef n():\n    return 1\n",
    });
    const script = `${(await fastpipe(root, ["completion", "bash"])).out}
fastpipe() { ${commandLine([])
      .map((word) => `'${word}'`)
      .join(" ")} "$@"; }
reply() { COMP_LINE="$1" COMP_POINT=\${#1}; _fastpipe 2>/dev/null; (( \${#COMPREPLY[@]} )) && printf '%s\\n' "\${COMPREPLY[@]}"; echo .; }
reply "fastpipe che"
reply "fastpipe graph --format=m"
reply "fastpipe history func:utils.cl"
reply "fastpipe manifest src/utils.py::lo"
reply "fastpipe status night"
reply "fastpipe functions "
`;
    write(root, { "reply.sh": script });
    const ran = spawnSync("bash", ["--norc", path.join(root, "reply.sh")], { cwd: root, encoding: "utf8" });
    expect(ran.stderr).toBe("");
    // Bash puts back what stands before the last colon or equals sign.
    expect(ran.stdout).toBe("check\n.\nmermaid\n.\nutils.clean_data\n.\nload\n.\nnightly\\ report\n.\n.\n");
  });
});
