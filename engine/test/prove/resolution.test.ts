/** What imported packages of the standard library load is what `refs` say; whole libraries by `npm run prove`. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { resolution } from "./resolution.ts";

it.each(["asyncio", "email", "unittest", "concurrent", "xml"])("says what %s loads", async (name) => {
  const corpus = join(standardLibrary("python3"), name);
  const report = await resolution({ corpus, python: "python3", sample: 1, seconds: 250, seed: 1 });
  expect(report.failures).toEqual([]);
  expect(report.checked).toBeGreaterThan(30);
});
