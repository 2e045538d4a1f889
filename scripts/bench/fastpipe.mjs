/** The built command line as a whole process, timed. Measures nothing else. */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { root } from "./engine.mjs";
import { timed } from "./processes.mjs";
import { spread } from "./report.mjs";

/** Seconds that `fastpipe` took with these arguments. Throws where it was not built. */
export function fastpipe(...args) {
  if (!existsSync(path.join(root, "dist/cli.js"))) throw new Error("dist/cli.js is missing; run `npm run build` first");
  return timed(process.execPath, [path.join(root, "cli/bin/fastpipe.mjs"), ...args]);
}

/** `fastpipe status` of a folder. */
export const status = (folder) => fastpipe("status", "--root", folder);

/** The same without what an earlier run kept of the project. */
export function coldStatus(folder) {
  rmSync(path.join(folder, ".fastpipe/cache"), { recursive: true, force: true });
  return status(folder);
}

/** Median seconds of wall clock. */
export const wall = (times) => spread(times.map((time) => time.wall)).median;

/** Median seconds of CPU. */
export const cpu = (times) => spread(times.map((time) => time.cpu)).median;
