/**
 * The example project really runs: all twelve stages, under the machine's `python3`, in a temporary copy.
 * What Fastpipe says about it is tested elsewhere.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

function gridcast(...args: string[]) {
  const PYTHONPATH = [join(repository, "python"), "src"].join(delimiter);
  return spawnSync("python3", ["-B", "-m", "gridcast", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH, PYTHONIOENCODING: "utf8" },
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fastpipe-workspace-"));
  cpSync(join(repository, "test-workspace"), folder, {
    recursive: true,
    filter: (path) => !/[/\\](out|\.fastpipe|__pycache__|fastpipe\.lock)$/.test(path),
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("runs every stage in the order of its files", () => {
  const order = gridcast("--list").stdout.trim().split("\n");
  expect(order).toHaveLength(12);
  expect(order.indexOf("ingest_load")).toBeLessThan(order.indexOf("clean"));
  expect(order.indexOf("join")).toBeLessThan(order.indexOf("make_features"));
  expect(order.at(-1)).toBe("report");

  const run = gridcast();
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
  const lines = run.stdout.trim().split("\n");
  expect(lines.map((line) => line.split(" ")[0])).toEqual(order);
  for (const line of lines) {
    for (const out of line.split(" s   ")[1].split(", ")) {
      expect(existsSync(join(folder, out)), out).toBe(true);
    }
  }
});

it("comes to a sensible result", () => {
  const metrics = JSON.parse(readFileSync(join(folder, "out/metrics.json"), "utf8"));
  expect(metrics.ridge.mape).toBeLessThan(metrics.seasonal.mape);
  expect(readFileSync(join(folder, "out/report.md"), "utf8")).toContain("The ridge model is");
});

it("refuses a stage that there is not", () => {
  const run = gridcast("clen");
  expect(run.status).toBe(2);
  expect(run.stderr).toContain("no such stage: clen");
});
