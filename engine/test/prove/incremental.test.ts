/** Random edits of packages of the standard library, told of step by step and seen at once; more by `npm run prove`. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { incremental } from "./incremental.ts";

it.each([
  ["json", 40],
  ["concurrent", 30],
  ["asyncio", 10],
] as const)("says of %s what a new program says", async (name, steps) => {
  const corpus = join(standardLibrary("python3"), name);
  const report = await incremental({ corpus, python: "python3", sample: 1, seconds: 250, seed: 5 }, steps);
  expect(report.failures).toEqual([]);
  expect(report.checked).toBe(steps + 2);
});
