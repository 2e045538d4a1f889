/** `npm run demo` does what it says: the script checks every answer itself, and ends with 0 only if all are as told. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const demo = fileURLToPath(new URL("../demo.mjs", import.meta.url));

it("goes through, without prompts and without colour into a pipe", () => {
  const run = spawnSync(process.execPath, [demo, "--no-build"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
  expect(run.stdout).toContain("3 of 12 stages stale");
  expect(run.stdout).toContain("clean → clip_outliers → bounds → median → quantile");
  expect(run.stdout).toContain("That was all of it.");
  expect(run.stdout).not.toContain("\u001b");
});
