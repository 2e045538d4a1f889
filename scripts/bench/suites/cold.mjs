/** `fastpipe status` as a whole process: cold against CPython's compileall on the same files, and warm from the cache. */
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { project } from "../generate.mjs";
import { timed } from "../processes.mjs";
import { number, spread } from "../report.mjs";

/** Measures projects whose stages reach 100,000 lines, alone and among 10,000 files (quick: a tenth of each). */
export async function run({ report, root, python, quick }) {
  const suite = "cold";
  const scale = quick ? 0.1 : 1;
  const cli = path.join(root, "cli/bin/fastpipe.mjs");
  if (!existsSync(path.join(root, "dist/cli.js"))) throw new Error("dist/cli.js is missing; run `npm run build` first");
  const status = (folder) => timed(process.execPath, [cli, "status", "--root", folder]);
  const forget = (folder) => rmSync(path.join(folder, ".fastpipe/cache"), { recursive: true, force: true });
  const rounds = quick ? 3 : 7;

  const version = Array.from({ length: rounds }, () => timed(process.execPath, [cli, "--version"]).wall);
  report.add({ suite, what: "fastpipe --version", value: spread(version).median, unit: "s" });

  // How the cost grows with what stages reach.
  for (const kloc of quick ? [1] : [1, 10]) {
    const small = await project({ kloc, stages: kloc * 2, python });
    const times = Array.from({ length: 3 }, () => {
      forget(small);
      return status(small);
    });
    const { median } = spread(times.map((time) => time.wall));
    const note = `CPU ${number(spread(times.map((time) => time.cpu)).median)} s`;
    report.add({ suite, what: `status, cold, ${kloc} kLOC reached`, value: median, unit: "s", note });
  }

  const reached = await project({ kloc: 100 * scale, stages: 100, python });
  const cold = [];
  const compiled = [];
  const warm = [];
  for (let round = 0; round < rounds; round++) {
    forget(reached);
    cold.push(status(reached));
    // -f: write every file anew; the names of optimised bytecode keep it out of the way of nobody.
    compiled.push(timed(python, ["-m", "compileall", "-q", "-f", "-j", "1", reached]));
    warm.push(status(reached));
  }
  const lines = `${number(100 * scale)} kLOC reached, ${spread(cold.map((each) => each.wall)).best.toFixed(2)} s best`;
  const wall = (times) => spread(times.map((time) => time.wall)).median;
  const cpu = (times) => spread(times.map((time) => time.cpu)).median;
  report.limit({
    suite,
    what: "status, cold",
    value: wall(cold),
    unit: "s",
    most: 1.0 * scale,
    note: `${lines}; CPU ${number(cpu(cold))} s`,
  });
  report.add({
    suite,
    what: "compileall -f",
    value: wall(compiled),
    unit: "s",
    note: `CPU ${number(cpu(compiled))} s`,
  });
  report.limit({
    suite,
    what: "status, cold / compileall",
    value: wall(cold) / wall(compiled),
    unit: "×",
    most: 0.333,
    note: `CPU ${number(cpu(cold) / cpu(compiled))} ×`,
  });
  report.add({ suite, what: "status, warm", value: wall(warm), unit: "s", note: `CPU ${number(cpu(warm))} s` });

  const large = await project({ kloc: 1000 * scale, files: 10_000 * scale, reach: 100 * scale, stages: 100, python });
  const coldLarge = [];
  const warmLarge = [];
  for (let round = 0; round < Math.ceil(rounds / 2); round++) {
    forget(large);
    coldLarge.push(status(large));
    for (let again = 0; again < 3; again++) warmLarge.push(status(large));
  }
  const among = `${number(10_000 * scale)} files, ${number(1000 * scale)} kLOC`;
  report.add({
    suite,
    what: `status, cold, ${among}`,
    value: wall(coldLarge),
    unit: "s",
    note: `CPU ${number(cpu(coldLarge))} s`,
  });
  report.limit({
    suite,
    what: `status, warm, ${among}`,
    value: wall(warmLarge),
    unit: "s",
    most: 0.4,
    note: `CPU ${number(cpu(warmLarge))} s; best ${number(spread(warmLarge.map((time) => time.wall)).best)}`,
  });

  for (const stages of quick ? [100] : [1000, 10_000]) {
    const many = await project({ kloc: 100 * scale, stages, python });
    const times = Array.from({ length: 3 }, () => {
      forget(many);
      return status(many);
    });
    report.add({
      suite,
      what: `status, cold, ${stages} stages`,
      value: wall(times),
      unit: "s",
      note: `CPU ${number(cpu(times))} s`,
    });
  }
}
