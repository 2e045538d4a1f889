/**
 * Folders as nobody wants them. Whatever is in them: an answer, or one line that says what, where and what to do; never a
 * crash, never a hang, and exit code 3 only for an error of Fastpipe's own.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import { commandLine, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

const READING = [
  ["status"],
  ["check"],
  ["check", "--against", "git:HEAD"],
  ["explain", "train"],
  ["diff", "train"],
  ["manifest", "src/pipeline.py::train"],
  ["functions"],
  ["dependents", "src/utils.py::load"],
  ["history", "src/utils.py::load"],
  ["graph"],
  ["doctor"],
  ["completion", "bash", "--", "status", ""],
];
const WRITING = [
  ["record", "--all"],
  ["accept", "train", "--reason", "r"],
];

/** Those that look at different things; the others begin as these do. */
const FEW = [["status"], ["doctor"], ["functions"], ["record", "--all"]];

/** Runs every command. Each answers, or fails with one line. */
async function runAll(
  root: string,
  commands: readonly string[][] = [...READING, ...WRITING],
): Promise<Map<string, { code: number | null; out: string; err: string }>> {
  const answers = new Map<string, { code: number | null; out: string; err: string }>();
  for (const args of commands) {
    const ran = await fastpipe(root, args);
    const said = `${args.join(" ")}: ${JSON.stringify(ran)}`;
    expect(ran.code, said).toBeOneOf([0, 1, 2]);
    if (ran.code === 2) {
      expect(ran.out, said).toBe("");
      expect(ran.err, said).toMatch(/^(?:fastpipe: [^\n]+\n)+$/);
    }
    expect(ran.err, said).not.toMatch(/internal error|\n +at /);
    answers.set(args[0], ran);
  }
  return answers;
}

/** Another user's eyes; root may read everything. */
const OTHER_USER = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

function asOther(root: string, args: readonly string[]) {
  const [program, ...rest] = [...OTHER_USER, ...commandLine(args)];
  const ran = spawnSync(program, rest, { cwd: root, encoding: "utf8", timeout: 30_000 });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

describe("a folder", () => {
  it("that is empty", async () => {
    const ran = await runAll(folder({}));
    expect(ran.get("status")).toMatchObject({ code: 0, out: "no stages found\n" });
    expect(ran.get("graph")!.err).toBe("fastpipe: no stages found\n");
    expect(ran.get("history")!.err).toMatch(/no Python file src\/utils\.py/);
    expect((await fastpipe(folder({}), ["dependents", "clean"])).err).toMatch(/FILE::QUALNAME/);
  });

  it("in no repository, in one without commits, and in one that is broken", async () => {
    const root = folder(PIPELINE);
    const against = ["check", "--against", "git:HEAD"];
    expect((await fastpipe(root, against)).err).toMatch(/HEAD can't be looked up: \S+ is in no git repository\n$/);
    execFileSync("git", ["init", "-q"], { cwd: root });
    expect((await fastpipe(root, against)).err).toMatch(/HEAD is no revision of the repository at/);
    rmSync(path.join(root, ".git"), { recursive: true });
    write(root, { ".git": "gitdir: /nowhere\n" });
    await runAll(root, FEW);
    const bin = folder({ node: { link: process.execPath } });
    expect((await fastpipe(root, against, { env: { PATH: bin } })).err).toMatch(/there is no `git` here\n$/);
    expect((await fastpipe(root, ["doctor"], { env: { PATH: bin } })).out).toContain("no git");
  });

  it("that nobody may write to", async () => {
    const root = folder(PIPELINE);
    chmodSync(root, 0o555);
    onTestFinished(() => chmodSync(root, 0o755));
    expect(asOther(root, ["status"])).toMatchObject({ code: 0, err: "" });
    expect(asOther(root, ["record", "--all"])).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringMatching(/^fastpipe: can't write fastpipe\.lock: [^\n]+\n$/),
    });
  });

  it("that is gone", async () => {
    const root = folder(PIPELINE);
    const gone = path.join(root, "gone");
    mkdirSync(gone);
    const words = commandLine(["status"]).map((word) => `'${word}'`);
    const ran = spawnSync("bash", ["-c", `rmdir '${gone}'; ${words.join(" ")}`], { cwd: gone, encoding: "utf8" });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("fastpipe: the current folder is not there any more; change to one that is\n");
  });

  it("with links that lead in circles or nowhere", async () => {
    const root = folder({
      ...PIPELINE,
      "src/self": { link: "." },
      "src/up": { link: ".." },
      "dangling.py": { link: "nowhere.py" },
      "a.py": { link: "b.py" },
      "b.py": { link: "a.py" },
    });
    expect((await runAll(root, FEW)).get("status")!.out).toContain("3 new");
    for (const name of ["fastpipe.lock", "pyproject.toml"]) {
      await runAll(folder({ ...PIPELINE, "pyproject.toml": "", [name]: { link: name } }), FEW);
    }
  });

  it("that can't be looked into may hide stages, and that is said", () => {
    const root = folder(PIPELINE);
    chmodSync(root, 0o755);
    chmodSync(path.join(root, "src"), 0);
    onTestFinished(() => chmodSync(path.join(root, "src"), 0o755));
    const { code, err } = asOther(root, ["check"]);
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^fastpipe: src: the folder can't be read; stages below it are not listed\n/),
    });
    expect(asOther(root, ["doctor"]).out).toContain("can't be read: src/\n");
    expect(asOther(root, ["status", "--root", "src/x"])).toMatchObject({
      code: 2,
      err: expect.stringMatching("src/x"),
    });
  });
});

describe("a file", () => {
  it("that is a pipe is not waited for", async () => {
    const root = folder({
      ...PIPELINE,
      "user.py": "from fastpipe import stage\nimport pipe\n\n@stage()\ndef u():\n    return pipe.x\n",
    });
    for (const name of ["pipe.py", "src/other.py"]) execFileSync("mkfifo", [path.join(root, name)]);
    expect((await runAll(root, FEW)).get("status")!.out).toContain("4 new");
    for (const name of ["pyproject.toml", "fastpipe.lock", ".gitignore"]) {
      rmSync(path.join(root, name), { force: true });
      execFileSync("mkfifo", [path.join(root, name)]);
      await runAll(root, FEW);
    }
  });

  it("that can't be opened or decoded may hide stages, and that is said", async () => {
    const root = folder({
      "closed.py": "from fastpipe import stage\n\n@stage()\ndef s():\n    return 1\n",
      "latin.py": Buffer.from("from fastpipe import stage\n\n@stage()\ndef t():\n    return '\xe9'\n", "latin1"),
      "noise.py": Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251),
      "plain.py": Buffer.from("x = '\xe9'\n", "latin1"),
    });
    chmodSync(path.join(root, "closed.py"), 0);
    chmodSync(root, 0o755);
    const { code, out, err } = asOther(root, ["status"]);
    expect({ code, out }).toEqual({ code: 0, out: "no stages found\n" });
    expect(err).toMatch(/^fastpipe: closed\.py: the file can't be read; stages in this file are not listed$/m);
    expect(err).toMatch(/^fastpipe: latin\.py:\d+: .*; stages in this file are not listed$/m);
    expect(err).not.toContain("plain.py");
    await runAll(root, FEW);
  });

  it("of any name can't write on the terminal, nor add a line", async () => {
    const root = folder({
      ...PIPELINE,
      "new\nline.py": "import fastpipe; @\ndef f(: \n",
      "red\u001b[31m\u001b]0;title\u0007.py": "import fastpipe; @\n",
      "ünï cödé.py": "from fastpipe import stage\n\n@stage()\ndef s():\n    return 1\n",
    });
    const bytes = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe]), Buffer.from(".py")]);
    writeFileSync(bytes, "def g():\n    return 1\n");
    const ran = await runAll(root);
    expect(ran.get("status")!.out).toContain("ünï cödé.s");
    expect(ran.get("status")!.err).toMatch(
      /^fastpipe: new\\nline\.py:1: .*\nfastpipe: red\\x1b\[31m\\x1b\]0;title\\x07\.py:1: /m,
    );
  });

  it("of any size and depth is taken, or refused with its place", async () => {
    const root = folder({
      "big.py": `from fastpipe import stage\n\n@stage()\ndef big(x):\n${"    x = x + 1\n".repeat(100_000)}`,
      "deep.py": `from fastpipe import stage\n\n@stage()\ndef deep():\n    return ${"[".repeat(50_000)}${"]".repeat(50_000)}\n`,
      "long.py": `from fastpipe import stage\n\n@stage()\ndef long():\n    return "${"x".repeat(5_000_000)}"\n`,
    });
    const ran = await runAll(root, FEW);
    expect(ran.get("status")!.out).toContain("2 new");
    expect(ran.get("status")!.err).toMatch(
      /deep\.py:5: too many nested parentheses; stages in this file are not listed/,
    );
  });

  it.each([
    ["of other bytes", Uint8Array.of(0xff, 0xfe, 0), /fastpipe\.lock:1:1: it is not UTF-8 text/],
    [
      "of great depth",
      `version: 1\nlevel: semantic\nstages:\n  a: ${"[".repeat(20_000)}`,
      /fastpipe\.lock:1:1: nested too deeply/,
    ],
    ["that refers to itself", "version: 1\nlevel: semantic\nstages:\n  a: &x {b: *x}\n", /fastpipe\.lock:4:\d+: /],
  ])("that should be the lock, %s, is refused with its place", async (_name, lock, message) => {
    const root = folder({ ...PIPELINE, "fastpipe.lock": lock });
    expect((await runAll(root, FEW)).get("status")!.err).toMatch(message);
  });
});

describe("an answer that can't be written", () => {
  it("is an error of the world, with nobody there to read it none at all", () => {
    const root = folder(PIPELINE);
    const shell = (redirection: string) => {
      const words = commandLine(["status"]).map((word) => `'${word}'`);
      return spawnSync("bash", ["-c", `${words.join(" ")} ${redirection}`], { cwd: root, encoding: "utf8" });
    };
    expect(shell("> /dev/full")).toMatchObject({
      status: 2,
      stderr: "fastpipe: the answer can't be written: no space left on device, write\n",
    });
    expect(shell("--root /nowhere 2> /dev/full")).toMatchObject({ status: 2, stdout: "" });
    expect(shell(">&-")).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("an error of Fastpipe's own", () => {
  it("has exit code 3, one line, and a hint how to report it; -v shows where it was", async () => {
    const bundles = mkdtempSync(path.join(realpathSync(tmpdir()), "fastpipe-cli-"));
    onTestFinished(() => rmSync(bundles, { recursive: true, force: true }));
    const bundle = path.join(bundles, "cli.js");
    // The whole command line, one of its commands broken.
    await build({
      absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
      entryPoints: ["cli/src/main.ts"],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "cjs",
      logLevel: "error",
      external: ["@fastpipe/server/node"],
      plugins: [
        {
          name: "broken-command",
          setup: ({ onLoad }) =>
            onLoad({ filter: /commands[/\\]doctor\.ts$/ }, () => ({
              contents: "export async function doctor() { undefined.broken; }",
              loader: "ts" as const,
            })),
        },
      ],
    });
    const run = (...args: string[]) =>
      new Promise<{ code: number | null; err: string }>((resolve) => {
        const child = spawn(process.execPath, [bundle, ...args], { cwd: bundles, stdio: ["ignore", "ignore", "pipe"] });
        let err = "";
        child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
        child.on("close", (code) => resolve({ code, err }));
      });
    const line =
      /^fastpipe: internal error: Cannot read properties of undefined[^\n]*; please report it at https:\/\/\S+ with what -v prints\n/;
    const { code, err } = await run("doctor");
    expect(code).toBe(3);
    expect(err).toMatch(line);
    expect(err.trimEnd()).not.toContain("\n");
    const verbose = await run("-v", "doctor");
    expect(verbose.code).toBe(3);
    expect(verbose.err).toMatch(/\n {4}at .*doctor/);
    expect((await run("status")).code).toBe(0);
  });
});
