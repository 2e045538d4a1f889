/** From a change of an open buffer to the delta of all stages: in a long file of a large project, in good and broken text. */
import { engine } from "../engine.mjs";
import { longFile, projectFiles } from "../generate.mjs";
import { memoryFiles } from "../host.mjs";
import { between, randomNumbers } from "../random.mjs";
import { number, spread } from "../report.mjs";

/** Typing as people do it: the text before each change comes from the one before. Gives the texts. */
const SCRIPTS = {
  /** A name grows inside one function. */
  identifier: (text, place) => [..."value"].map((_, at) => insert(text, place, "value".slice(0, at + 1))),
  comment: (text, place) => [..."  # seen"].map((_, at) => insert(text, place, "  # seen".slice(0, at + 1))),
  newline: (text, place) => [insert(text, place, "\n    pass"), text],
};
/** The same, through states that do not parse. */
const BROKEN = {
  bracket: (text, place) => [insert(text, place, " ("), insert(text, place, " (a"), text],
  quote: (text, place) => [insert(text, place, " '''"), insert(text, place, " '''x"), text],
  colon: (text, place) => [insert(text, place, "\n    if x"), insert(text, place, "\n    if x:"), text],
};

const insert = (text, place, added) => text.slice(0, place) + added + text.slice(place);

/** Ends of lines that stand inside functions. */
function places(text, random, count) {
  const found = [...text.matchAll(/^ {4,}(?:return|[a-z_]+ =) [^\n'"([{#\\]*$/gm)].map(
    (match) => match.index + match[0].length,
  );
  return Array.from({ length: count }, () => found[between(random, 0, found.length)]);
}

export async function run({ report, python, quick }) {
  const suite = "keystroke";
  const { createProgram, DEFAULT_CONFIG } = await engine();
  const kloc = quick ? 50 : 1000;
  const lines = quick ? 2_000 : 10_000;
  const files = await projectFiles({ kloc, reach: quick ? 20 : 100, stages: quick ? 50 : 200, python });
  const long = await longFile({ lines, python });
  files.set("long.py", long);
  const host = memoryFiles(files);
  const program = createProgram(host, { ...DEFAULT_CONFIG, sourceRoots: [""] });
  const start = process.hrtime.bigint();
  const stages = program.stages();
  for (const stage of stages) program.manifest(stage);
  const first = Number(process.hrtime.bigint() - start) / 1e9;
  const note = `${stages.length} stages, first look ${number(first)} s`;
  program.applyChange({ buffers: new Map([["long.py", long]]) });
  const random = randomNumbers(7);
  const measure = (scripts, count) => {
    const times = [];
    for (const name of Object.keys(scripts)) {
      for (const place of places(long, random, count)) {
        for (const text of [...scripts[name](long, place), long]) {
          // As an editor's document does: one flat string.
          const flat = Buffer.from(text).toString();
          const from = process.hrtime.bigint();
          program.applyChange({ buffers: new Map([["long.py", flat]]) });
          times.push(Number(process.hrtime.bigint() - from) / 1e6);
        }
      }
    }
    return times;
  };
  const count = quick ? 4 : 25;
  measure(SCRIPTS, quick ? 1 : 5);
  for (const [what, scripts] of [
    ["valid text", SCRIPTS],
    ["broken text", BROKEN],
  ]) {
    const times = spread(measure(scripts, count));
    const data = times;
    report.limit({ suite, what: `a keystroke, ${what}, p50`, value: times.median, unit: "ms", most: 1, note, data });
    report.limit({
      suite,
      what: `a keystroke, ${what}, p99`,
      value: times.p99,
      unit: "ms",
      most: 10,
      note: `worst ${number(times.worst)} ms; ${lines} lines in one file, ${kloc} kLOC`,
      data,
    });
  }
  await helper({ report, quick });
  await wholeFile({ report, python, quick });
}

/** An edit of a helper that many stages reach, to the state of all of them. */
async function helper({ report, quick }) {
  const suite = "keystroke";
  const { createProgram, DEFAULT_CONFIG } = await engine();
  for (const stages of quick ? [100] : [100, 1000, 5000]) {
    const files = new Map([["helper.py", helperText(0)]]);
    for (let file = 0; file * 10 < stages; file++) {
      const body = Array.from({ length: 10 }, (_, n) => `@stage\ndef step_${n}(x):\n    return shared(x, ${n})\n`).join(
        "\n\n",
      );
      files.set(`flows/flow_${file}.py`, `from fastpipe import stage\nfrom helper import shared\n\n\n${body}`);
    }
    const program = createProgram(memoryFiles(files), { ...DEFAULT_CONFIG, sourceRoots: [""] });
    for (const stage of program.stages()) program.manifest(stage);
    const times = [];
    for (let round = 1; round <= (quick ? 20 : 60); round++) {
      const from = process.hrtime.bigint();
      const delta = program.applyChange({ buffers: new Map([["helper.py", helperText(round)]]) });
      const time = Number(process.hrtime.bigint() - from) / 1e6;
      if (delta.stages.length !== stages) throw new Error(`${delta.stages.length} of ${stages} stages changed`);
      if (round > 10) times.push(time);
    }
    const { median, p99, ...data } = spread(times);
    const row = { suite, what: `an edit of a helper of ${stages} stages, p99`, value: p99, unit: "ms" };
    const note = `p50 ${number(median)} ms`;
    if (stages === 1000) report.limit({ ...row, most: 25, note, data });
    else report.add({ ...row, note, data });
  }
}

const helperText = (round) =>
  `def shared(x, n):\n    return deeper(x) + n\n\n\ndef deeper(x):\n    return x * ${round}\n`;

/** One file of 100,000 lines. */
async function wholeFile({ report, python, quick }) {
  const suite = "keystroke";
  const { createProgram, DEFAULT_CONFIG } = await engine();
  const lines = quick ? 10_000 : 100_000;
  const long = await longFile({ lines, python });
  const program = createProgram(memoryFiles(new Map([["long.py", long]])), { ...DEFAULT_CONFIG, sourceRoots: [""] });
  const start = process.hrtime.bigint();
  for (const stage of program.stages()) program.manifest(stage);
  const first = Number(process.hrtime.bigint() - start) / 1e9;
  program.applyChange({ buffers: new Map([["long.py", long]]) });
  const times = [];
  for (const place of places(long, randomNumbers(3), quick ? 10 : 20)) {
    for (const text of [insert(long, place, "  # x"), insert(long, place, " + 1"), long]) {
      const flat = Buffer.from(text).toString();
      const from = process.hrtime.bigint();
      program.applyChange({ buffers: new Map([["long.py", flat]]) });
      times.push(Number(process.hrtime.bigint() - from) / 1e6);
    }
  }
  const { median, p99 } = spread(times);
  const what = `a keystroke in one file of ${lines} lines, p50`;
  report.add({ suite, what, value: median, unit: "ms", note: `p99 ${number(p99)} ms; first look ${number(first)} s` });
}
