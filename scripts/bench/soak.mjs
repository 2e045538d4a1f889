/**
 * Edits without end: `node --expose-gc soak.mjs ENGINE.mjs FILES.json EDITS` opens, types into, breaks, mends and closes
 * buffers of a project, and prints `{ end, bytes: [...] }`: memory in use at the end, and after each hundredth of the way.
 * Says each twentieth on stderr, with what the process holds of the machine's.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { memoryFiles } from "./host.mjs";
import { between, randomNumbers } from "./random.mjs";

const [bundle, list, edits] = process.argv.slice(2);
const { createProgram, DEFAULT_CONFIG } = await import(pathToFileURL(bundle).href);
const files = new Map(JSON.parse(readFileSync(list, "utf8")));
const program = createProgram(memoryFiles(files), { ...DEFAULT_CONFIG, sourceRoots: [""] });
const ask = () => {
  for (const stage of program.stages()) program.manifest(stage);
};

function used() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  // `external` has the array buffers in it.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function say(edit) {
  const mb = (value) => (value / 2 ** 20).toFixed(1);
  const resident = mb(process.memoryUsage.rss());
  console.error(
    `${edit} edits: ${mb(bytes.at(-1))} MB in use, ${resident} MB resident, ${process.uptime().toFixed(0)} s`,
  );
}

ask();
const names = [...files.keys()].filter((file) => file.endsWith(".py"));
const random = randomNumbers(11);
const pieces = ["  # x", " + 1", "\n", "(", '"""', "\n\ndef added(a):\n    return a\n", "x", ":"];
const total = Number(edits);
const step = Math.ceil(total / 100);
const bytes = [];
for (let edit = 0; edit < total; ) {
  const file = names[between(random, 0, names.length)];
  const original = files.get(file);
  let text = original;
  for (let typed = 0; typed < 9 && edit < total; typed++, edit++) {
    const at = between(random, 0, text.length);
    text = text.slice(0, at) + pieces[between(random, 0, pieces.length)] + text.slice(at);
    program.applyChange({ buffers: new Map([[file, Buffer.from(text).toString()]]) });
  }
  // Back to what is on disk, then closed.
  program.applyChange({ buffers: new Map([[file, original]]) });
  program.applyChange({ buffers: new Map([[file, null]]) });
  // As the server does when everything is published.
  program.rest();
  if (edit < bytes.length * step) continue;
  bytes.push(used());
  if (bytes.length % 5 === 1 || edit >= total) say(edit);
}
ask();
program.rest();
console.log(JSON.stringify({ end: used(), bytes }));
