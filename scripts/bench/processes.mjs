/** Whole processes, timed: wall clock and, on Linux, CPU. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Seconds of wall clock and of CPU (null where the system does not tell) that a process took; throws when it fails. `fine`:
 * exit codes with which it did not.
 */
export function timed(command, args, { fine = [0], ...options } = {}) {
  const before = childCpu();
  const start = process.hrtime.bigint();
  const done = spawnSync(command, args, { encoding: "utf8", maxBuffer: 2 ** 30, ...options });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (!fine.includes(done.status))
    throw new Error(`${command} ${args.join(" ")}: ${String(done.error ?? done.stderr).slice(-300)}`);
  const after = childCpu();
  return { wall, cpu: before === null || after === null ? null : after - before, stdout: done.stdout };
}

/** proc(5): cutime and cstime of /proc/self/stat, in hundredths of a second. */
function childCpu() {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return null;
  }
}
