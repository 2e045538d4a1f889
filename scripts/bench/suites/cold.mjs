/**
 * `fastpipe` as a whole process: `status` cold against CPython's compileall on the same files, and warm from the cache;
 * `functions` against pyright's check of the same packages, where pyright is installed.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { coldStatus, cpu, fastpipe, status, wall } from "../fastpipe.mjs";
import { project, standardLibraryFolder } from "../generate.mjs";
import { timed } from "../processes.mjs";
import { number, spread } from "../report.mjs";

/** Packages of the standard library that pyright checks. */
const PACKAGES = ["asyncio", "json"];

/** Measures projects whose stages reach 100,000 lines, alone and among 10,000 files (quick: a tenth of each). */
export async function run({ report, python, quick, pyright }) {
  const suite = "cold";
  const scale = quick ? 0.1 : 1;
  const rounds = quick ? 3 : 7;

  // The first one compiles, and keeps what it compiled for those after.
  fastpipe("--version");
  const version = Array.from({ length: rounds }, () => fastpipe("--version"));
  report.add({
    suite,
    what: "fastpipe --version",
    value: wall(version),
    unit: "s",
    note: `CPU ${number(cpu(version))} s`,
  });

  // How the cost grows with what stages reach.
  for (const kloc of quick ? [1] : [1, 10]) {
    const small = await project({ kloc, stages: kloc * 2, python });
    const times = Array.from({ length: 3 }, () => coldStatus(small));
    const note = `CPU ${number(cpu(times))} s`;
    report.add({ suite, what: `status, cold, ${kloc} kLOC reached`, value: wall(times), unit: "s", note });
  }

  const reached = await project({ kloc: 100 * scale, stages: 100, python });
  const cold = [];
  const compiled = [];
  const warm = [];
  for (let round = 0; round < rounds; round++) {
    cold.push(coldStatus(reached));
    // -f: write every file anew; the names of optimised bytecode keep it out of the way of nobody.
    compiled.push(timed(python, ["-m", "compileall", "-q", "-f", "-j", "1", reached]));
    warm.push(status(reached));
  }
  const lines = `${number(100 * scale)} kLOC reached, ${spread(cold.map((each) => each.wall)).best.toFixed(2)} s best`;
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
    coldLarge.push(coldStatus(large));
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
    const times = Array.from({ length: 3 }, () => coldStatus(many));
    const again = Array.from({ length: 3 }, () => status(many));
    for (const [what, taken] of [
      ["cold", times],
      ["warm", again],
    ]) {
      const note = `CPU ${number(cpu(taken))} s`;
      report.add({ suite, what: `status, ${what}, ${stages} stages`, value: wall(taken), unit: "s", note });
    }
  }

  checker({ report, suite, python, pyright, rounds: quick ? 1 : 3 });
}

/**
 * A type checker written in TypeScript, on two packages: another job, and the measure of how long such a program takes to its
 * first answer.
 */
function checker({ report, suite, python, pyright, rounds }) {
  const peer = "pyright, asyncio and json";
  const command = findPyright(pyright);
  if (command === null) return report.missing(suite, peer, "not installed; --pyright FOLDER says where it is");
  const folder = mkdtempSync(path.join(tmpdir(), "fastpipe-bench-pyright-"));
  for (const name of PACKAGES)
    cpSync(path.join(standardLibraryFolder(python), name), path.join(folder, name), {
      recursive: true,
      filter: (file) => !file.includes("__pycache__"),
    });
  const theirs = [];
  const ours = [];
  for (let round = 0; round < rounds; round++) {
    // 1: it has something to say of the code.
    theirs.push(timed(command[0], [...command.slice(1), folder], { cwd: folder, fine: [0, 1] }));
    ours.push(fastpipe("functions", "--json", "--no-cache", "--root", folder));
  }
  rmSync(folder, { recursive: true, force: true });
  report.add({ suite, what: peer, value: wall(theirs), unit: "s", note: `CPU ${number(cpu(theirs))} s` });
  const note = `CPU ${number(cpu(ours))} s; every function's fingerprint and references`;
  report.add({ suite, what: "functions, asyncio and json", value: wall(ours), unit: "s", note });
  const ratio = cpu(theirs) / cpu(ours);
  report.add({
    suite,
    what: "pyright / functions",
    value: wall(theirs) / wall(ours),
    unit: "×",
    note: `CPU ${number(ratio)} ×`,
  });
}

/** The words that start pyright: from the folder where npm installed it, or on the path. Null where it is in neither. */
function findPyright(given) {
  if (given !== undefined) {
    const places = ["index.js", "pyright/index.js", "node_modules/pyright/index.js"];
    const found = places.map((place) => path.join(path.resolve(given), place)).find((file) => existsSync(file));
    return found === undefined ? null : [process.execPath, found];
  }
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const found = folders.map((folder) => path.join(folder, "pyright")).find((file) => existsSync(file));
  return found === undefined ? null : [found];
}
