/** A package of the standard library, told of in many ways: the same bytes come out. More by `npm run prove`. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { determinism } from "./determinism.ts";

it("depends on nothing but the text", async () => {
  const corpus = join(standardLibrary("python3"), "concurrent");
  const report = await determinism({ corpus, python: "python3", sample: 1, seconds: 250, seed: 7 }, 20);
  expect(report.failures).toEqual([]);
  expect(report.checked).toBe(8);
});
