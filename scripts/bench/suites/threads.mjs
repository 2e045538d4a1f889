/** Whether a second thread pays in a cold start, which compiles everything twice then. Run by name. */
import { fileURLToPath } from "node:url";
import { bundleEngine } from "../engine.mjs";
import { project } from "../generate.mjs";
import { timed } from "../processes.mjs";
import { number, spread } from "../report.mjs";

export async function run({ report, python, quick }) {
  const folder = await project({ kloc: quick ? 10 : 100, stages: 100, python });
  const bundle = await bundleEngine();
  const script = fileURLToPath(new URL("../threads.mjs", import.meta.url));
  const runs = new Map([
    ["1", []],
    ["2", []],
  ]);
  for (let round = 0; round < (quick ? 3 : 7); round++)
    for (const [threads, times] of runs)
      times.push(JSON.parse(timed(process.execPath, [script, bundle, folder, threads]).stdout));
  const of = (threads, what) => spread(runs.get(threads).map((time) => time[what])).median;
  const row = { suite: "threads", unit: "s" };
  for (const threads of ["1", "2"]) {
    const note = `CPU ${number(of(threads, "cpu"))} s`;
    report.add({ ...row, what: `all summaries from cold, threads: ${threads}`, value: of(threads, "wall"), note });
  }
  const value = of("1", "wall") / of("2", "wall");
  report.add({ ...row, what: "one thread / two", value, unit: "×", note: "more than 1: a second one pays" });
}
