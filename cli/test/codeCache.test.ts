/** Compiled code between runs: taken up where it is whole and one's own, made anew otherwise, and never anywhere else. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import module from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { codeFolder } from "../src/codeCache.ts";
import { folder, PIPELINE, type Ran } from "./fastpipe.ts";
import { startServer } from "./languageServer.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const bundles = mkdtempSync(path.join(tmpdir(), "fastpipe-code-"));
process.on("exit", () => rmSync(bundles, { recursive: true, force: true }));

const common = {
  absWorkingDir: repository,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  logLevel: "error",
} as const;
await build({ ...common, entryPoints: { cli: "cli/src/start.ts" }, outdir: bundles });
await build({
  ...common,
  entryPoints: { commands: "cli/src/main.ts" },
  outdir: bundles,
  external: ["@fastpipe/server/node"],
  supported: { "dynamic-import": false },
});
// The loader alone, whatever this Node keeps by itself: `loader.js BUNDLE FOLDER`.
await build({
  ...common,
  stdin: {
    contents:
      'import { requireCached } from "./cli/src/codeCache.ts"; requireCached(process.argv[2], process.argv[3], []);',
    resolveDir: repository,
  },
  outfile: path.join(bundles, "loader.js"),
});

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  const child = spawn(process.execPath, [file, ...args], { env });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.stdin.end();
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

const FUNCTIONS = Array.from({ length: 400 }, (_, i) => `function f${i}(a) { return a + ${i} * (a - ${i}); }`);
/** A bundle that calls as many of its functions as the environment says. */
const BUNDLE = `const { word } = require("./beside.js");
${FUNCTIONS.join("\n")}
let sum = 0;
const all = [${FUNCTIONS.map((_, i) => `f${i}`).join(", ")}];
for (const each of all.slice(0, Number(process.env.CALLS ?? 0))) sum += each(2);
console.log(word, sum, __filename.endsWith("bundle.js"), module.exports === exports);
`;

/** A folder with that bundle, and a way to run it with a cache beside. */
function sample(text = BUNDLE) {
  const root = folder({ "bundle.js": text, "beside.js": 'exports.word = "one";\n' });
  const cache = path.join(root, "cache");
  return {
    root,
    cache,
    run: (calls = 0) =>
      run(path.join(bundles, "loader.js"), [path.join(root, "bundle.js"), cache], {
        ...process.env,
        CALLS: `${calls}`,
      }),
    kept: () => (existsSync(cache) ? readdirSync(cache) : []).map((name) => path.join(cache, name)),
  };
}

const ANSWER = { code: 0, out: "one 0 true true\n", err: "" };
const MAGIC = 16;
const HEAD = MAGIC + 20 + 16;

/** Puts a right digest in front of what was changed. */
function sign(bytes: Buffer): Buffer {
  const rest = bytes.subarray(MAGIC + 20);
  createHash("sha1").update(rest).digest().copy(bytes, MAGIC);
  return bytes;
}

describe("code kept between runs", () => {
  it("is made once, for this user alone, and taken up after", async () => {
    const { run, kept, cache } = sample();
    expect(await run()).toEqual(ANSWER);
    const [file, ...more] = kept();
    expect(more).toEqual([]);
    expect(file).toMatch(/[0-9a-f]{16}\.code$/);
    if (process.platform !== "win32") {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(statSync(cache).mode & 0o777).toBe(0o700);
    }
    const { ino } = statSync(file);
    expect(await run()).toEqual(ANSWER);
    expect(kept()).toEqual([file]);
    expect(statSync(file).ino).toBe(ino);
  });

  it("is made anew when a run compiled much that is not in it, and holds both then", async () => {
    const { run, kept } = sample();
    await run();
    const [file] = kept();
    const small = statSync(file);
    expect((await run(400)).out).toBe(`one ${FUNCTIONS.reduce((sum, _, i) => sum + 2 + i * (2 - i), 0)} true true\n`);
    const large = statSync(file);
    expect(large.size).toBeGreaterThan(small.size * 1.5);
    await run(400);
    await run();
    expect(statSync(file).ino).toBe(large.ino);
  });

  it("counts as absent where it is damaged, cut off, empty or V8's no more", async () => {
    const { run, kept } = sample();
    await run();
    const [file] = kept();
    const whole = readFileSync(file);
    const flipped = Buffer.from(whole);
    flipped[whole.length - 100] ^= 0xff;
    const otherVersion = Buffer.from(whole);
    otherVersion.fill(0x11, HEAD, HEAD + 32);
    const noData = sign(whole.subarray(0, HEAD));
    for (const bytes of [flipped, whole.subarray(0, 5000), Buffer.alloc(0), noData, sign(otherVersion)]) {
      writeFileSync(file, bytes);
      expect(await run()).toEqual(ANSWER);
      const made = readFileSync(file);
      expect(made.equals(bytes)).toBe(false);
      expect(made.length).toBeGreaterThan(5000);
    }
  });

  it("is of one text of the bundle, be the next one as long", async () => {
    const { root, run, kept } = sample();
    await run();
    writeFileSync(path.join(root, "bundle.js"), BUNDLE.replace("let sum = 0", "let sum = 7"));
    expect((await run()).out).toBe("one 7 true true\n");
    expect(kept()).toHaveLength(2);
  });

  it.skipIf(process.platform === "win32")("is not run where somebody else may have written it", async () => {
    const { run, kept } = sample();
    await run();
    const [file] = kept();
    const { ino } = statSync(file);
    chmodSync(file, 0o666);
    expect(await run()).toEqual(ANSWER);
    expect(statSync(file).ino).not.toBe(ino);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("is done without where its folder can't be made", async () => {
    const { run, cache } = sample();
    writeFileSync(cache, "");
    expect(await run()).toEqual(ANSWER);
    expect(readFileSync(cache, "utf8")).toBe("");
  });

  it("is shared by processes that run at once", async () => {
    const { run, kept } = sample();
    const all = await Promise.all(Array.from({ length: 6 }, (_, i) => run(i % 2)));
    expect(new Set(all.map(({ code, err }) => `${code}${err}`))).toEqual(new Set(["0"]));
    expect(kept()).toHaveLength(1);
    expect(await run()).toEqual(ANSWER);
  });

  it("goes with the builds that it was of, and so does what was half written long ago", async () => {
    const { run, kept, cache } = sample();
    mkdirSync(cache, { mode: 0o700 });
    const old = new Date(Date.now() - 3_600_000);
    const names = [1, 2, 3, 4, 5].map((i) => `000000000000000${i}.code`);
    for (const name of [...names, "0000000000000009.code.77.abc", "other"]) {
      writeFileSync(path.join(cache, name), "x");
      utimesSync(path.join(cache, name), old, old);
    }
    expect(await run()).toEqual(ANSWER);
    const left = kept().map((file) => path.basename(file));
    expect(left.filter((name) => name.endsWith(".code"))).toHaveLength(4);
    expect(left).toContain("other");
    expect(left.some((name) => name.includes(".77."))).toBe(false);
  });

  it("leaves errors and exit codes as they are", async () => {
    const { run } = sample("process.exitCode = 3;\nnull.x;\n");
    const [first, second] = [await run(), await run()];
    expect(first.code).toBe(1);
    expect(first.err).toMatch(/bundle\.js:2[\s\S]*TypeError/);
    expect(second).toEqual(first);
  });

  it("lies where the system keeps such things", () => {
    const absolute = path.resolve("/somewhere");
    expect(codeFolder({ XDG_CACHE_HOME: absolute }, "linux")).toBe(path.join(absolute, "fastpipe"));
    expect(codeFolder({ LOCALAPPDATA: absolute }, "win32")).toBe(path.join(absolute, "fastpipe"));
    expect(codeFolder({ XDG_CACHE_HOME: "relative" }, "linux")).toMatch(/\.cache[\\/]fastpipe$/);
    expect(codeFolder({}, "darwin")).toMatch(/Library[\\/]Caches[\\/]fastpipe$/);
  });
});

describe("fastpipe with its own start", () => {
  const cli = path.join(bundles, "cli.js");
  /** A home of its own, with what is in it after. */
  function home() {
    const root = folder({ "home/.keep": "", "tmp/.keep": "" });
    const { XDG_CACHE_HOME: _, FASTPIPE_NO_CACHE: __, ...rest } = process.env;
    const [HOME, TMPDIR] = [path.join(root, "home"), path.join(root, "tmp")];
    return {
      env: { ...rest, HOME, USERPROFILE: HOME, LOCALAPPDATA: path.join(HOME, "AppData/Local"), TMPDIR, TEMP: TMPDIR },
      written: () =>
        readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && entry.name !== ".keep")
          .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name))),
    };
  }
  const keepsItself = "enableCompileCache" in module;

  it("answers the same from kept code, and writes nothing outside its place", async () => {
    const { env, written } = home();
    const project = folder(PIPELINE);
    const before = readdirSync(project, { recursive: true }).length;
    const plain = await run(path.join(bundles, "commands.js"), ["status", "--root", project], env);
    expect(plain.code).toBe(0);
    expect(written()).toEqual([]);
    for (let round = 0; round < 3; round++) {
      expect(await run(cli, ["status", "--root", project], env)).toEqual(plain);
      expect((await run(cli, ["--version"], env)).out).toMatch(/^\d+\.\d+\.\d+\n$/);
      expect((await run(cli, ["nonsense"], env)).code).toBe(2);
    }
    for (const file of written())
      expect(file).toMatch(keepsItself ? /node-compile-cache/ : /[\\/]fastpipe[\\/][0-9a-f]{16}\.code$/);
    expect(written().length).toBeGreaterThan(0);
    if (!keepsItself) {
      // Taken up as it is: no command sets a flag of V8 that was not set when the code was compiled.
      const [file, ...more] = written().map((name) => path.join(env.HOME, "..", name));
      expect(more).toEqual([]);
      const sweep = async () => {
        for (const args of [["status"], ["explain", "pipeline.train"], ["doctor"], ["functions"]])
          expect((await run(cli, [...args, "--root", project], env)).code).toBe(0);
        return statSync(file).mtimeMs;
      };
      expect(await sweep()).toBe(await sweep());
    }
    expect(readdirSync(project, { recursive: true }).length).toBe(before);
  });

  it("keeps nothing where that is not wanted", async () => {
    const { env, written } = home();
    const project = folder(PIPELINE);
    expect((await run(cli, ["status", "--root", project, "--no-cache"], env)).code).toBe(0);
    expect((await run(cli, ["--version"], { ...env, FASTPIPE_NO_CACHE: "1" })).code).toBe(0);
    expect(written()).toEqual([]);
  });

  it("starts the language server beside it", async () => {
    const { env } = home();
    for (let round = 0; round < 2; round++) {
      const { child, connection, initialized } = await startServer(folder(PIPELINE), {}, env);
      expect(initialized.serverInfo?.name).toBe("fastpipe");
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
    }
  });
});
