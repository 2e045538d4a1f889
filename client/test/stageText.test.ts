/** The search that decides whether the extension wakes up: it must not miss an import that makes stages. */
import { expect, it } from "vitest";
import { mayHoldSettings, mayHoldStages } from "../src/common/stageText.ts";

it.each([
  "from fastpipe import stage\n",
  "import fastpipe\n",
  "import os, fastpipe as fp\n",
  "import os, \\\n    prefect\n",
  "if True:\n    from dagster import asset\n",
  "try: from airflow.sdk import task\nexcept ImportError: pass\n",
  "x = 1; import zenml\n",
  "\tfrom\tmetaflow\timport step\r\n",
  "from \\\n  prefect import flow\n",
])("sees %j", (text) => expect(mayHoldStages(text)).toBe(true));

it.each([
  "import json\n\n\ndef main():\n    return json.dumps({})\n",
  "# from fastpipe import stage\n",
  'TEXT = "we use fastpipe"\n',
  "from fastpipes import stage\n",
  "import os  # not prefect\n",
  "import os\n\nALL = set().union([])\n",
  "",
])("passes over %j", (text) => expect(mayHoldStages(text)).toBe(false));

it("sees settings however the table is written", () => {
  expect(mayHoldSettings("[tool.fastpipe]\n")).toBe(true);
  expect(mayHoldSettings('[tool]\nfastpipe = { level = "strict" }\n')).toBe(true);
  expect(mayHoldSettings("[project]\nname = 'x'\n")).toBe(false);
});

it("is quick on a large text", () => {
  const text = `${"import os\n".repeat(20_000)}${"x = import_ # ".repeat(20_000)}`;
  const begun = performance.now();
  expect(mayHoldStages(text)).toBe(false);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
