/**
 * `npm run demo`: one minute with Fastpipe at the terminal, on a temporary copy of test-workspace. Runs the pipeline,
 * records it, changes a helper two modules away from any stage, and shows what Fastpipe makes of that.
 * Asks nothing, keeps nothing; ends with 1, and says what was expected, when an answer is not the one described here.
 *
 *   npm run demo [-- --keep] [-- --no-build]      leave the copy behind, and say where it is; take dist/ as it is
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const keep = process.argv.includes("--keep");
const builds = !process.argv.includes("--no-build");
const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code) => (text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, dim, cyan] = [paint("1"), paint("2"), paint("36")];

const STAGES = 12;
const HELPER = "src/gridcast/stats.py";
const INTERPOLATED = `    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
`;
const REWRITTEN = `    # Sort, then look between the two neighbours.
    ranked = sorted(values)
    rank = share * (len(ranked) - 1)
    lower = int(rank)
    upper = min(lower + 1, len(ranked) - 1)
    return ranked[lower] + (rank - lower) * (
        ranked[upper] - ranked[lower]
    )
`;
const NEAREST = `    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]
`;

/** What is shown of a long answer. */
const last = (lines) => lines.slice(-1);
const ends = (lines) => [lines[0], `… ${lines.length - 2} more`, ...last(lines)];

class Unexpected extends Error {}

let folder = "";

function say(text) {
  process.stdout.write(`\n${text}\n`);
}

function step(title, text) {
  step.number = (step.number ?? 0) + 1;
  say(`${bold(cyan(`${step.number}  ${title}`))}\n${text}`);
}

function show(command, output) {
  const lines = output.trimEnd().split("\n");
  process.stdout.write(`\n  ${dim("$")} ${bold(command)}\n${lines.map((line) => `    ${line}\n`).join("")}`);
}

/** Runs the command line in the copy. `shown` picks what of its output is printed. */
function fastpipe(args, { code = 0, shown = (lines) => lines } = {}) {
  const bin = path.join(root, "cli/bin/fastpipe.mjs");
  const color = ["--color", colour ? "always" : "never"];
  const run = spawnSync(process.execPath, [bin, ...args, ...color], { cwd: folder, encoding: "utf8" });
  if (shown) {
    const written = args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(" ");
    show(`fastpipe ${written}`, shown(run.stdout.trimEnd().split("\n")).join("\n"));
  }
  if (run.status !== code) {
    throw new Unexpected(
      `\`fastpipe ${args.join(" ")}\` should end with ${code}, not ${run.status}\n${run.stdout}${run.stderr}`,
    );
  }
  return run.stdout;
}

/** Holds the states of all stages against those that are expected: every stage not named is `fresh`. */
function expectStates(expected) {
  const answer = JSON.parse(fastpipe(["status", "--json"], { shown: null }));
  const states = Object.fromEntries(answer.stages.map(({ stage, state }) => [stage.split(".").at(-1), state]));
  const differing = Object.keys(states).filter((name) => states[name] !== (expected[name] ?? "fresh"));
  if (differing.length > 0 || answer.stages.length !== STAGES) {
    const wanted = Object.entries(expected).map(([name, state]) => `${name} ${state}`);
    throw new Unexpected(
      `expected ${STAGES} stages, ${wanted.join(", ") || "all"}${wanted.length ? ", the others" : ""} fresh; got\n` +
        Object.entries(states)
          .map(([name, state]) => `  ${name} ${state}\n`)
          .join(""),
    );
  }
}

function editHelper(before, after) {
  const file = path.join(folder, HELPER);
  const text = readFileSync(file, "utf8");
  if (!text.includes(before)) {
    throw new Unexpected(`${HELPER} should hold\n${before}`);
  }
  writeFileSync(file, text.replace(before, after));
}

function python(args) {
  const PYTHONPATH = [path.join(root, "python"), "src"].join(path.delimiter);
  const env = { ...process.env, PYTHONPATH, PYTHONIOENCODING: "utf8", PYTHONDONTWRITEBYTECODE: "1" };
  return spawnSync("python3", args, { cwd: folder, encoding: "utf8", env });
}

function build() {
  const run = spawnSync(process.execPath, [path.join(root, "scripts/build.mjs")], { cwd: root, encoding: "utf8" });
  if (run.status !== 0) {
    throw new Unexpected(`the build should succeed\n${run.stdout}${run.stderr}`);
  }
}

function copyWorkspace() {
  folder = mkdtempSync(path.join(tmpdir(), "fastpipe-demo-"));
  cpSync(path.join(root, "test-workspace"), folder, {
    recursive: true,
    filter: (file) => !/[/\\](out|\.fastpipe|__pycache__|fastpipe\.lock)$/.test(file),
  });
}

function runAndRecord() {
  step(
    "Run the pipeline, and record that it ran",
    "A small forecasting pipeline: twelve stages in three files, with their helpers in two dozen more.",
  );
  const run = python(["-m", "gridcast"]);
  if (run.error) {
    say(dim("  (no python3 here: the run itself is left out, Fastpipe does not need one)"));
  } else if (run.status !== 0) {
    throw new Unexpected(`the pipeline should run\n${run.stdout}${run.stderr}`);
  } else {
    show("python3 -m gridcast", run.stdout.split("\n").slice(-2).join("\n"));
  }
  fastpipe(["record", "--all"], { shown: ends });
  expectStates({});
  say(
    `fastpipe.lock now holds, for each stage, every function, class and constant that it reaches.
It is a text file, meant to be committed.`,
  );
}

function rewriteHelper() {
  step("Rewrite a helper without changing what it does", `In ${HELPER}: other local names, a comment, another layout.`);
  editHelper(INTERPOLATED, REWRITTEN);
  fastpipe(["status"], { shown: last });
  expectStates({});
  say("Nothing to run again. A hash of the file, or of its text, would have asked for all of it.");
}

function changeHelper() {
  step(
    "Change what it does",
    "quantile() shall take the nearest value in place of interpolating. No stage calls it. Who would notice?",
  );
  fastpipe(["dependents", `${HELPER}::quantile`]);
  editHelper(REWRITTEN, NEAREST);
  say("Changed. And so it is:");
  fastpipe(["status"]);
  expectStates({ clean: "stale", train_seasonal: "stale", forecast: "stale" });
  say("Three of twelve, and the other nine need no thought. Why clean, which is two modules away?");
  fastpipe(["explain", "clean"]);
  fastpipe(["diff", "clean"]);
  fastpipe(["check"], { code: 1, shown: null });
  say(`In CI, ${bold("fastpipe check")} says the same, and ends with 1.`);
}

function acceptChange() {
  step(
    "Accept the change where it does not matter",
    `forecast only predicts; medians are taken in training. Its outputs stand, and saying so is cheaper than a run.
The reason goes into the lock, where a reviewer sees it.`,
  );
  fastpipe(["accept", "forecast", "--reason", "only predicts: medians are taken in training"]);
  expectStates({ clean: "stale", train_seasonal: "stale", forecast: "accepted" });
  fastpipe(["status"], { shown: last });
}

function revertHelper() {
  step(
    "Take the change back",
    "clean and train_seasonal are up to date again, without a run: what counts is the text, not its history.",
  );
  editHelper(NEAREST, INTERPOLATED);
  expectStates({ forecast: "stale" });
  fastpipe(["status"], { shown: last });
  say("forecast was accepted with the other quantile. With that undone too, everything is as it was recorded.");
  fastpipe(["accept", "--revoke", "forecast"]);
  expectStates({});
  fastpipe(["check"]);
}

try {
  process.stdout.write(`${bold("Fastpipe")}: which stages changed since they last ran, and exactly why.\n`);
  if (builds) {
    build();
  }
  copyWorkspace();
  runAndRecord();
  rewriteHelper();
  changeHelper();
  acceptChange();
  revertHelper();
  say(
    `${bold("That was all of it.")} The same, as you type: ${bold("npm run vscode")}. What is tracked: docs/change-detection.md.`,
  );
} catch (error) {
  if (!(error instanceof Unexpected)) {
    throw error;
  }
  process.stderr.write(`\nThe demo stopped: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  if (folder && keep) {
    say(`The copy is in ${folder}`);
  } else if (folder) {
    rmSync(folder, { recursive: true, force: true });
  }
}
