/** No mutant of a sample of the standard library keeps its hash or fingerprint, at any level; the rest by `npm run prove`. */
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { mutants } from "./mutants.ts";

it("sees every mutant that compiles to other code", async () => {
  const corpus = standardLibrary("python3");
  const report = await mutants({ corpus, python: "python3", sample: 70, seconds: 250, seed: 1 }, 2);
  expect(report.failures).toEqual([]);
  expect(report.checked).toBeGreaterThan(1500);
});
