/** Rewrites that change nothing, on a sample of the standard library; the rest by `npm run prove`. */
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { rewrites } from "./rewrites.ts";

it("keeps hashes and fingerprints where nothing changes", async () => {
  const corpus = standardLibrary("python3");
  const report = await rewrites({ corpus, python: "python3", sample: 90, seconds: 600, seed: 2 });
  expect(report.failures).toEqual([]);
  expect(report.checked).toBeGreaterThan(10_000);
});
