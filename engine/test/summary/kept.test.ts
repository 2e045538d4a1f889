/** What a summary keeps alive: its own data, and nothing that it was made from. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { bind } from "../../src/binding/index.ts";
import { summarise } from "../../src/summary/summarise.ts";
import { parseModule } from "../../src/syntax/index.ts";
import { OPTIONS } from "./edits.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function summaryOf(text: string, kept: WeakRef<object>[]) {
  const parsed = parseModule(text);
  const scopes = parsed.ok ? bind(parsed.value, { text }) : parsed;
  if (!parsed.ok || !scopes.ok) throw new Error("does not parse");
  for (const statement of parsed.value.body) kept.push(new WeakRef(statement));
  kept.push(new WeakRef(parsed.value), new WeakRef(scopes.value));
  return summarise(text, parsed.value, scopes.value, OPTIONS);
}

it("lets go of the tree and the scopes", async () => {
  const kept: WeakRef<object>[] = [];
  const text =
    "import os\n\nLIMIT = 3\n\ndef work(x):\n    return x + LIMIT\n\nclass Box:\n    def get(self):\n        return os\n";
  const summary = summaryOf(text, kept);
  // Another text: the parser holds on to what it was given last.
  summaryOf("x = 1\n", []);
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.filter((each) => each.deref() !== undefined)).toEqual([]);
  expect(summary.lineStarts.length).toBe(11);
  expect(summary.names.size).toBe(4);
});
