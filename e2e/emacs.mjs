/**
 * `fastpipe lsp` in a real Emacs with the configurations that docs/editors.md gives for eglot and for lsp-mode: keys are
 * typed, the screen is read. Steps of `npm run test:editors`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "./steps.mjs";

const EDITORS = fileURLToPath(new URL("../docs/editors.md", import.meta.url));
const STATS = "src/gridcast/stats.py";

/** The configuration that requires this package. */
function configuration(client) {
  const blocks = [...readFileSync(EDITORS, "utf8").matchAll(/^```elisp\n([\s\S]*?)^```$/gm)].map(([, elisp]) => elisp);
  return blocks.find((elisp) => elisp.includes(`(require '${client})`));
}

/** `client` is `eglot` or `lsp-mode`. */
export function emacsSteps(client, terminal, { home, workspace, env, fastpipe }) {
  const command = async (name) => {
    await terminal.press("M-x");
    await terminal.type(`${name}\r`);
  };
  const act = async (title) => {
    await command(client === "eglot" ? "eglot-code-actions" : "lsp-execute-code-action");
    await terminal.sees(/Pick an action|Select code action/);
    await terminal.type(`${title}\r`);
  };
  const accepting = [
    "accepts a change from the code actions, with a reason",
    async () => {
      await act("Fastpipe: accept this stage's changes");
      await terminal.sees(/Accept the changes of gridcast\.prepare\.clean/);
      await terminal.picture(`emacs-${client}-3-reason`);
      await terminal.type("checked by hand: same outputs\r");
      await terminal.sees(/Accepted gridcast\.prepare\.clean/);
      assert.match(fastpipe("status", "clean"), /^✓ accepted +gridcast\.prepare\.clean +checked by hand: same outputs/);
    },
  ];
  const recording = [
    "says that eglot can't ask for a reason, and records from the code actions",
    async () => {
      await act("Fastpipe: accept this stage's changes");
      await terminal.sees(/Accept the changes of gridcast\.prepare\.clean: say why with .*--reason/);
      await terminal.picture(`emacs-${client}-3-told`);
      await act("Fastpipe: record this stage as run");
      await terminal.sees(/Recorded gridcast\.prepare\.clean/);
      assert.match(fastpipe("status", "clean"), /^✓ fresh +gridcast\.prepare\.clean/);
    },
  ];
  return [
    [
      "starts the server, from the configuration in the documentation",
      async () => {
        fastpipe("record", "--all");
        const stats = path.join(workspace, STATS);
        writeFileSync(stats, readFileSync(stats, "utf8").replace("int(place)", "round(place)"));
        const init = path.join(home, "init.el");
        // Warnings of Emacs about its own packages would cover the text.
        writeFileSync(init, `(setq warning-minimum-level :error)\n${configuration(client)}`);
        await terminal.start(`emacs -nw -q -l '${init}' src/gridcast/prepare.py`, { cwd: workspace, env });
        await terminal.sees(/\[eglot:gridcast\]|LSP\[fastpipe:\d+\]/);
      },
    ],
    [
      "says over a stage what changed",
      async () => {
        await terminal.press("C-s");
        await terminal.type("def clean");
        await terminal.press("Enter");
        await terminal.press("C-b");
        await terminal.sees(/1 of \d+ tracked entries changed/);
        await terminal.picture(`emacs-${client}-1-hover`);
      },
    ],
    ...(client === "lsp-mode"
      ? [
          [
            "shows a line for each stage",
            async () => {
              await terminal.sees(/^@stage\(deps=\["out\/load\.csv"\].*● changed since last run: quantile/m);
              await terminal.picture("emacs-lsp-mode-2-lines");
            },
          ],
        ]
      : []),
    ...(client === "lsp-mode" ? [accepting] : [recording]),
  ];
}
