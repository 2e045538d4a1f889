/**
 * Edits without end (100,000 unless `--edits` says otherwise): memory ends where it began. Takes minutes; run by name. What
 * is in use along the way is printed on stderr as it comes.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleEngine } from "../engine.mjs";
import { projectFiles } from "../generate.mjs";
import { timed } from "../processes.mjs";
import { number } from "../report.mjs";

export async function run({ report, python, quick, edits = quick ? 2_000 : 100_000 }) {
  const folder = mkdtempSync(path.join(tmpdir(), "fastpipe-bench-soak-"));
  const list = path.join(folder, "files.json");
  writeFileSync(list, JSON.stringify([...(await projectFiles({ kloc: 3, stages: 10, python }))]));
  const script = fileURLToPath(new URL("../soak.mjs", import.meta.url));
  const { stdout, wall, cpu } = timed(
    process.execPath,
    ["--expose-gc", script, await bundleEngine(), list, String(edits)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  rmSync(folder, { recursive: true, force: true });
  const { end, bytes } = JSON.parse(stdout);
  // By then every file was open once, and all code is compiled.
  const start = bytes[9];
  const mb = (value) => number(value / 2 ** 20);
  report.limit({
    suite: "soak",
    what: `memory after ${edits} edits / after the first ${edits / 10}`,
    value: end / start,
    unit: "×",
    most: 1.1,
    note: `${mb(start)} → ${mb(end)} MB, most ${mb(Math.max(...bytes))}; ${number(wall)} s, CPU ${number(cpu)} s`,
    data: { bytes },
  });
}
