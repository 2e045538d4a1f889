/** Functions that CPython compiles to one code are one at level semantic, in a sample of the standard library. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { equivalence } from "./equivalence.ts";

it("holds what compiles to one code equal", async () => {
  const corpus = join(standardLibrary("python3"), "json");
  const report = await equivalence({ corpus, python: "python3", sample: 1, seconds: 250, seed: 2 });
  expect(report.failures).toEqual([]);
  expect(report.checked).toBeGreaterThan(100);
});
