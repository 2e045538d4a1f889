/**
 * The Python package's own unit tests, run by the machine's `python3` as a real process.
 * Nothing is asserted about the package here; that is what python/tests does.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../python", import.meta.url));

it("python/tests pass under python3", () => {
  const run = spawnSync("python3", ["-B", "-m", "unittest", "-q"], { cwd: folder, encoding: "utf8" });
  const [, ran] = /^Ran (\d+) tests? in /m.exec(run.stderr) ?? [];
  expect(Number(ran), run.stderr).toBeGreaterThanOrEqual(19);
  expect(run.stderr.trimEnd().split("\n").at(-1)).toBe("OK");
  expect(run.status).toBe(0);
});
