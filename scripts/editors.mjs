/**
 * `npm run test:editors`: what no suite of Node can show. `fastpipe lsp` in a real Neovim and Emacs, and completion in real shells,
 * each in a real terminal whose screen is read. Needs Debian's neovim, emacs-nox, elpa-eglot, elpa-lsp-mode, tmux, zsh and fish; says what is missing and fails,
 * since a run that shows nothing is no good run. Ends with `N passed, N failed`.
 *
 *   npm run test:editors [-- neovim] [-- eglot] [-- lsp-mode] [-- bash] [-- zsh] [-- fish]
 */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { emacsSteps } from "../e2e/emacs.mjs";
import { neovimSteps } from "../e2e/neovim.mjs";
import { shellSteps } from "../e2e/shells.mjs";
import { runSteps } from "../e2e/steps.mjs";
import { missingPrograms, Terminal } from "../e2e/terminal.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const pictures = path.join(root, ".e2e/terminals");
const only = process.argv.slice(2);

const EMACS = { emacs: "emacs-nox elpa-eglot elpa-lsp-mode" };
const SCENARIOS = {
  neovim: neovimSteps,
  eglot: emacs("eglot"),
  "lsp-mode": emacs("lsp-mode"),
  bash: shells("bash"),
  zsh: shells("zsh"),
  fish: shells("fish"),
};
const NEEDED = {
  neovim: { nvim: "neovim" },
  eglot: EMACS,
  "lsp-mode": EMACS,
  bash: { bash: "bash" },
  zsh: { zsh: "zsh" },
  fish: { fish: "fish" },
};

function emacs(client) {
  return (terminal, place) => emacsSteps(client, terminal, place);
}

function shells(name) {
  return (terminal, place) => shellSteps(name, terminal, place);
}

/** A home of its own, a copy of the example, and `fastpipe` on the path. */
function prepare() {
  const home = mkdtempSync(path.join(tmpdir(), "fastpipe-editors-"));
  const workspace = path.join(home, "gridcast");
  const unwanted = /[/\\](out|\.fastpipe|__pycache__|fastpipe\.lock)$/;
  cpSync(path.join(root, "test-workspace"), workspace, { recursive: true, filter: (file) => !unwanted.test(file) });
  const bin = path.join(home, "bin");
  mkdirSync(bin);
  const command = `exec '${process.execPath}' '${path.join(root, "cli/bin/fastpipe.mjs")}' "$@"`;
  writeFileSync(path.join(bin, "fastpipe"), `#!/bin/sh\n${command}\n`);
  chmodSync(path.join(bin, "fastpipe"), 0o755);
  const env = { HOME: home, PATH: `${bin}:${process.env.PATH}`, XDG_CONFIG_HOME: path.join(home, ".config") };
  const fastpipe = (...args) => execFileSync(path.join(bin, "fastpipe"), args, { cwd: workspace, encoding: "utf8" });
  return {
    home,
    workspace,
    env,
    fastpipe,
    dispose: () => rm(home, { recursive: true, force: true, maxRetries: 10 }),
  };
}

async function run(name) {
  const install = await missingPrograms({ tmux: "tmux", ...NEEDED[name] });
  if (install !== null) {
    process.stdout.write(`FAILED  ${name}: a program is missing here: ${install}\n`);
    return { passed: 0, failed: 1 };
  }
  const place = prepare();
  const terminal = new Terminal(pictures);
  try {
    return await runSteps(name, SCENARIOS[name](terminal, place), () =>
      terminal.picture(`${name}-failed`).catch(() => {}),
    );
  } finally {
    await terminal.stop();
    await place.dispose();
  }
}

const unknown = only.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0) {
  process.stderr.write(`no scenario ${unknown.join(", ")}: there are ${Object.keys(SCENARIOS).join(", ")}\n`);
  process.exit(2);
}
execFileSync(process.execPath, [path.join(root, "scripts/build.mjs")], { cwd: root, stdio: "inherit" });
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
let passed = 0;
let failed = 0;
for (const name of Object.keys(SCENARIOS)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const result = await run(name);
  passed += result.passed;
  failed += result.failed;
}
process.stdout.write(`screens in ${pictures}\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
