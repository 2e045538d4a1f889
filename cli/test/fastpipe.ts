/** The command line as a real process, from a bundle made once per test file; and folders for it to work on. */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { onTestFinished } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const bundleFolder = mkdtempSync(path.join(tmpdir(), "fastpipe-cli-"));
// Some tests run it as another user.
chmodSync(bundleFolder, 0o755);
process.on("exit", () => rmSync(bundleFolder, { recursive: true, force: true }));

const bundle = path.join(bundleFolder, "cli.js");
await build({
  absWorkingDir: repository,
  entryPoints: ["cli/src/main.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  logLevel: "error",
  external: ["@fastpipe/server/node"],
});

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, VIRTUAL_ENV: ___, ...rest } = process.env;
  return { ...rest, ...extra };
}

/** Runs `fastpipe` to its end. */
export function fastpipe(root: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = spawn(process.execPath, [bundle, ...args], {
    cwd: options.cwd ?? root,
    env: environment(options.env),
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (err += text));
  child.stdin.end();
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

/** The words that start `fastpipe`, for a shell. */
export function commandLine(args: readonly string[]): string[] {
  return [process.execPath, bundle, ...args];
}

/** An answer of `manifest --batch`. */
export interface Answer {
  readonly fingerprint?: string;
  readonly level?: string;
  readonly entries?: readonly { readonly key: string; readonly hash: string; readonly value?: string }[];
  readonly error?: { readonly message: string; readonly file?: string; readonly line?: number };
}

/** A running `manifest --batch`: one request, one answer. */
export function batch(): { ask(request: unknown): Promise<Answer>; end(): Promise<number | null> } {
  const child = spawn(process.execPath, [bundle, "manifest", "--batch"], {
    env: environment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  let rest = "";
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) waiting.shift()?.resolve(JSON.parse(line));
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  void ended.then(() => waiting.map(({ reject }) => reject(new Error("the batch process ended"))));
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${typeof request === "string" ? request : JSON.stringify(request)}\n`);
      }),
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

type Tree = Readonly<Record<string, string | Uint8Array | { readonly link: string } | null>>;

/** Makes a folder with these files, removed when the test is done. */
export function folder(files: Tree): string {
  const root = mkdtempSync(path.join(tmpdir(), "fastpipe-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  write(root, files);
  return root;
}

/** Writes files into a folder; null removes one, `{ link }` makes a symbolic link. */
export function write(root: string, files: Tree): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (content === null) rmSync(file, { recursive: true });
    else if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(file, content);
    else symlinkSync(content.link, file);
  }
}

/** A small pipeline: two stages, a helper of a helper, a constant. */
export const PIPELINE = {
  "pyproject.toml": "[tool.fastpipe]\n",
  "src/config.py": "LIMIT = 3\n\nTHRESHOLD = 0.5\n",
  "src/utils.py": "def clean_data(x):\n    return x + 1\n\n\ndef load(x):\n    return clean_data(x)\n",
  "src/pipeline.py": `from fastpipe import stage
import utils, config


@stage(deps=["raw.csv"], outs=["clean.csv"])
def preprocess(path):
    return utils.load(path), config.THRESHOLD


@stage(deps=["clean.csv"], outs=["model.bin"])
def train(path):
    return utils.load(path)


@stage(deps=["model.bin"])
def retrain(path):
    return path
`,
} as const;

export const CHANGED_HELPER = { "src/utils.py": PIPELINE["src/utils.py"].replace("+ 1", "+ 2") };
export const CHANGED_CONSTANT = { "src/config.py": PIPELINE["src/config.py"].replace("0.5", "0.7") };
