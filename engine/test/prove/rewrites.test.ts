/** Rewrites that change nothing, on a sample of the standard library; the rest by `npm run prove`. */
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { rewrites } from "./rewrites.ts";

it("keeps hashes and fingerprints where nothing changes", async () => {
  const corpus = standardLibrary("python3");
  const report = await rewrites({ corpus, python: "python3", sample: 90, seconds: 250, seed: 2 });
  expect(report.failures).toEqual([]);
  // As many as fit into the time: a busy machine does a tenth of what an idle one does.
  expect(report.checked).toBeGreaterThan(2_000);
});
