/**
 * Completion in real shells: a person types the beginning of a word and presses Tab, and the screen says what became of
 * it. Steps of `npm run test:editors`.
 */
import { assert } from "./steps.mjs";

const PROMPT = /^ready>$/m;

/** How each shell is started without the person's own files, and how completion is put into it. */
const SHELLS = {
  bash: {
    command: "bash --norc --noprofile -i",
    setUp: ['PS1="ready> "', 'eval "$(fastpipe completion bash)"', "clear"],
  },
  zsh: {
    command: "zsh -f -i",
    setUp: ['PS1="ready> "', "autoload -U compinit && compinit -u -D", 'eval "$(fastpipe completion zsh)"', "clear"],
  },
  fish: {
    command: "fish --no-config -i",
    setUp: ["function fish_prompt; echo -n 'ready> '; end", "fastpipe completion fish | source", "clear"],
  },
};

/** What is typed before Tab, and what the line is then; a comma typed behind it shows whether a blank was added. */
const CASES = [
  ["a command", "depe", "dependents ,"],
  ["an option", "status --exi", "status --exit-code ,"],
  ["an option of every command", "explain --js", "explain --json ,"],
  ["a choice", "graph --format mer", "graph --format mermaid ,"],
  ["a choice behind =", "status --level=beh", "status --level=behavioral ,"],
  ["a stage by its id", "status gridcast.publish.eval", "status gridcast.publish.evaluate ,"],
  ["a stage by its short name", "explain train_sea", "explain train_seasonal ,"],
  ["a key, which has a colon", "history func:gridcast.stats.quan", "history func:gridcast.stats.quantile ,"],
  ["a file of a target", "manifest src/gridcast/stat", "manifest src/gridcast/stats.py::,"],
  ["a function of a target", "manifest src/gridcast/stats.py::quan", "manifest src/gridcast/stats.py::quantile ,"],
];

/** Finds a line that is exactly this. */
const lineOf = (text) => new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`, "m");

/** Steps for one shell; `fastpipe` is on the path in `env`, and `workspace` is a project. */
export function shellSteps(name, terminal, { workspace, env }) {
  const { command, setUp } = SHELLS[name];
  return [
    [
      "starts, and takes the completion script without a word",
      async () => {
        await terminal.start(command, { cwd: workspace, env });
        for (const line of setUp) {
          await terminal.type(line);
          await terminal.press("Enter");
        }
        const screen = await terminal.sees(PROMPT);
        assert.doesNotMatch(screen, /not found|error/i);
      },
    ],
    ...CASES.map(([what, typed, expected]) => [
      `completes ${what}`,
      async () => {
        await terminal.type(`fastpipe ${typed}`);
        await terminal.press("Tab");
        await terminal.type(",");
        await terminal.sees(lineOf(`ready> fastpipe ${expected}`));
        await terminal.press("C-u");
        await terminal.sees(PROMPT);
      },
    ]),
    [
      "lists what there is to choose from",
      async () => {
        await terminal.type("fastpipe status gridcast.train.");
        await terminal.press("Tab");
        await terminal.press("Tab");
        await terminal.sees(/train\.make_features/, /train\.train_ridge/);
        await terminal.picture(`completion-${name}`);
      },
    ],
  ];
}
