/** Measures what one program retains: `node --expose-gc retained.mjs ENGINE.mjs FOLDER` prints `{ bytes, lines, files }`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [bundle, folder] = process.argv.slice(2);
const { openFolder } = await import(pathToFileURL(bundle).href);

function used() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

/** Everything loaded and warm before the first look at memory: a small project has been through it all. */
function warmUp() {
  const { createProgram, memoryHost, DEFAULT_CONFIG } = engineOf;
  const host = memoryHost({ "a.py": "from fastpipe import stage\n@stage\ndef f():\n    return f'{1}'\n" });
  const program = createProgram(host, { ...DEFAULT_CONFIG, sourceRoots: [""] });
  for (const stage of program.stages()) program.manifest(stage);
}
const engineOf = await import(pathToFileURL(bundle).href);
warmUp();
const before = used();
const project = openFolder(folder, { cache: false });
const manifests = project.program.stages().map((stage) => project.program.manifest(stage));
const bytes = used() - before;
let lines = 0;
for (const file of project.discovery.files) lines += readFileSync(path.join(folder, file), "latin1").split("\n").length;
console.log(JSON.stringify({ bytes, lines, files: project.discovery.files.length, stages: manifests.length }));
