/** M3.1 on a sample of the standard library and on small functions written for it; the whole runs by `npm run prove`. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { partition } from "./partition.ts";

const settings = { python: "python3", sample: 1, seconds: 250, seed: 1 };

it("gives one strict hash exactly to equal trees, on small functions", async () => {
  const report = await partition({ ...settings, corpus: join(import.meta.dirname, "samples") });
  expect(report.failures).toEqual([]);
  expect(report.checked).toBeGreaterThan(100);
});

it("gives one strict hash exactly to equal trees, on a sample of the standard library", async () => {
  const report = await partition({ ...settings, corpus: standardLibrary("python3"), sample: 25 });
  expect(report.failures).toEqual([]);
  expect(report.checked).toBeGreaterThan(1000);
});
