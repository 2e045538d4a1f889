/**
 * Measures what one program retains when the state of every stage was asked for:
 * `node --expose-gc retained.mjs ENGINE.mjs FOLDER [cache]` prints `{ bytes, lines, files }`; `cache`: started from the cache.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [bundle, folder, cache] = process.argv.slice(2);
const { createProgram, DEFAULT_CONFIG, emptyLock, memoryHost, openFolder, status } = await import(
  pathToFileURL(bundle).href
);

function used() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  // `external` has the array buffers in it.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Everything loaded and warm before the first look at memory: a small project has been through it all. */
function warmUp() {
  const host = memoryHost({ "a.py": "from fastpipe import stage\n@stage\ndef f():\n    return f'{1}'\n" });
  const program = createProgram(host, { ...DEFAULT_CONFIG, sourceRoots: [""] });
  for (const stage of program.stages()) program.manifest(stage);
}
warmUp();
const before = used();
const project = openFolder(folder, { cache: cache !== undefined });
status(project.program, emptyLock("semantic"));
project.saveCache();
// As the server does when everything is published.
project.program.rest();
const bytes = used() - before;
let lines = 0;
for (const file of project.discovery.files) lines += readFileSync(path.join(folder, file), "latin1").split("\n").length;
console.log(JSON.stringify({ bytes, lines, files: project.discovery.files.length }));
