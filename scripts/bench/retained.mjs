/**
 * Measures what one program retains when the state of every stage was asked for:
 * `node --expose-gc retained.mjs ENGINE.mjs FOLDER SMALLER [cache]` prints `{ bytes, lines, files }`; `cache`: started from the
 * cache. SMALLER is another project that went through it all before, so that code that is compiled by then does not count.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [bundle, folder, smaller, cache] = process.argv.slice(2);
const { emptyLock, openFolder, status } = await import(pathToFileURL(bundle).href);

function used() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  // `external` has the array buffers in it.
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A project of which the state of every stage was asked for. */
function answered(root) {
  const project = openFolder(root, { cache: cache !== undefined });
  status(project.program, emptyLock("semantic"));
  project.saveCache();
  // As the server does when everything is published.
  project.program.rest();
  return project;
}

answered(smaller);
const before = used();
const project = answered(folder);
const bytes = used() - before;
let lines = 0;
for (const file of project.discovery.files) lines += readFileSync(path.join(folder, file), "latin1").split("\n").length;
console.log(JSON.stringify({ bytes, lines, files: project.discovery.files.length }));
