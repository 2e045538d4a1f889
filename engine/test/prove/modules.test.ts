/** Who reaches a changed helper sees it, in packages of the standard library; more by `npm run prove`. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { standardLibrary } from "./corpus.ts";
import { modules } from "./modules.ts";

it.each(["email", "asyncio", "unittest"])("sees changes through %s", async (name) => {
  const corpus = join(standardLibrary("python3"), name);
  const report = await modules({ corpus, python: "python3", sample: 1, seconds: 250, seed: 3 }, 15);
  expect(report.failures).toEqual([]);
  expect(report.checked).toBe(15);
});
