/**
 * `fastpipe lsp` in a real Neovim with the configuration that docs/editors.md gives for it, used as a person does: keys
 * are typed, the screen is read. Steps of `npm run test:editors`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "./steps.mjs";

const EDITORS = fileURLToPath(new URL("../docs/editors.md", import.meta.url));
const PREPARE = "src/gridcast/prepare.py";
const EVALUATES = `from fastpipe import stage


@stage()
def formula(text: str) -> float:
    return eval(text)
`;

/** The configurations of the page: for 0.11 and later, and for those before. */
const [NEWER, OLDER] = [...readFileSync(EDITORS, "utf8").matchAll(/^```lua\n([\s\S]*?)^```$/gm)].map(([, lua]) => lua);

/** The one for the Neovim that is here. */
function configuration() {
  const [, major, minor] = /NVIM v(\d+)\.(\d+)/.exec(execFileSync("nvim", ["--version"], { encoding: "utf8" }));
  return Number(major) > 0 || Number(minor) >= 11 ? NEWER : OLDER;
}

export function neovimSteps(terminal, { home, workspace, env, fastpipe }) {
  const ex = (command) => terminal.type(`:${command}\r`);
  const lensOf = (name, lens) =>
    new RegExp(`^@stage\\([^\\n]*${lens}[^\\n]*\\n(?: {4}[^\\n]*\\n|\\)\\n)*def ${name}\\(`, "m");
  return [
    [
      "reads both configurations of the documentation, also the one for another version",
      async () => {
        for (const [name, lua] of Object.entries({ newer: NEWER, older: OLDER })) {
          const file = path.join(home, `${name}.lua`);
          writeFileSync(file, lua);
          const read = `lua vim.cmd(loadfile('${file}') and 'cquit 0' or 'cquit 1')`;
          execFileSync("nvim", ["-u", "NONE", "--headless", "-c", read]);
        }
      },
    ],
    [
      "shows a line for each stage, from the configuration in the documentation",
      async () => {
        const init = path.join(home, "init.lua");
        writeFileSync(init, `vim.opt.updatetime = 300\n${configuration()}`);
        await terminal.start(`nvim -u '${init}' -i NONE -n ${PREPARE}`, { cwd: workspace, env });
        await terminal.sees(lensOf("ingest_load", "○ never recorded"), lensOf("clean", "○ never recorded"));
        await terminal.picture("neovim-1-never-recorded");
      },
    ],
    [
      "says over a stage what it tracks",
      async () => {
        await terminal.type("/def clean\rwK");
        await terminal.sees(/gridcast\.prepare\.clean — no baseline yet; \d+ tracked entries/);
        await terminal.picture("neovim-2-hover");
        await terminal.type("jk");
      },
    ],
    [
      "records a stage from its line",
      async () => {
        await terminal.type("?@stage\r");
        await ex("lua vim.lsp.codelens.run()");
        await terminal.sees(/Recorded gridcast\.prepare\.clean/, lensOf("clean", "✓ up to date · \\d+ tracked"));
        assert.match(fastpipe("status", "clean"), /^✓ fresh/);
      },
    ],
    [
      "tells what changed while it is typed in another file, before it is saved",
      async () => {
        await ex("set hidden");
        await ex("edit src/gridcast/stats.py");
        await terminal.sees(/def quantile/);
        await ex("%s/int(place)/round(place)/");
        await terminal.sees(/round\(place\)/);
        await ex("buffer prepare");
        await terminal.sees(lensOf("clean", "● changed since last run: quantile"), lensOf("join", "○ never recorded"));
        await terminal.picture("neovim-3-changed");
        assert.match(fastpipe("status", "clean"), /^✓ fresh/);
      },
    ],
    [
      "shows the entry, its hashes and the way to it",
      async () => {
        await terminal.type("/def clean\rwK");
        await terminal.sees(/func:gridcast\.stats\.quantile \| [0-9a-f]{8} \| [0-9a-f]{8} \|/);
        await terminal.picture("neovim-4-changed-hover");
        await terminal.type("jk");
      },
    ],
    [
      "refuses to accept what is not saved, and accepts it with a reason when it is",
      async () => {
        const accept = async () => {
          await ex("lua vim.lsp.buf.code_action()");
          const screen = await terminal.sees(/^\d+: Fastpipe: accept this stage's changes/m);
          await terminal.type(`${/^(\d+): Fastpipe: accept this stage's/m.exec(screen)[1]}\r`);
        };
        await accept();
        await terminal.sees(/unsaved|save/i);
        await terminal.press("Enter");
        await ex("wall");
        await accept();
        const reasons = await terminal.sees(/^\d+\. checked by hand: same outputs/m);
        await terminal.picture("neovim-5-reason");
        await terminal.type(`${/^(\d+)\. checked by hand/m.exec(reasons)[1]}\r`);
        await terminal.sees(/Accepted gridcast\.prepare\.clean/);
        assert.match(
          fastpipe("status", "clean"),
          /^✓ accepted +gridcast\.prepare\.clean +checked by hand: same outputs/,
        );
        await terminal.press("Enter");
        await terminal.sees(lensOf("clean", "✓ up to date \\(accepted\\)"));
      },
    ],
    [
      "marks what can't be followed",
      async () => {
        writeFileSync(path.join(workspace, "src/gridcast/formula.py"), EVALUATES);
        await ex("edit src/gridcast/formula.py");
        await terminal.sees(/return eval\(text\) .*Not tracked: runs code given as text/);
        await terminal.picture("neovim-6-notice");
      },
    ],
    [
      "marks broken code on its line, and lives on",
      async () => {
        await ex("%s/text: str/text: str,,/");
        await terminal.sees(/⚠/);
        await terminal.picture("neovim-7-broken");
        await terminal.type("u");
        await terminal.sees(/○ never recorded/);
      },
    ],
  ];
}
