/** What stays in memory: of a program over a project, of a server over a large one. Sizes, no times. */
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleEngine } from "../engine.mjs";
import { project } from "../generate.mjs";
import { LanguageClient } from "../languageClient.mjs";
import { timed } from "../processes.mjs";
import { number } from "../report.mjs";

const here = fileURLToPath(new URL("..", import.meta.url));

export async function run({ report, root, python, quick }) {
  const suite = "memory";
  const bundle = await bundleEngine();
  const sizes = quick ? [10] : [10, 100, 1000];
  const smaller = await project({ kloc: 5, stages: 10, python });
  for (const kloc of sizes) {
    const folder = await project({ kloc, stages: Math.min(200, kloc * 2), python });
    // Twice from the cache: the first run writes it.
    for (const start of ["cold", "", "warm"]) {
      const args = [
        "--expose-gc",
        path.join(here, "retained.mjs"),
        bundle,
        folder,
        smaller,
        ...(start === "cold" ? [] : ["cache"]),
      ];
      const { bytes, lines, files } = JSON.parse(timed(process.execPath, args).stdout);
      if (start === "") continue;
      const value = bytes / 2 ** 20 / (lines / 100_000);
      const row = { suite, what: `retained per 100 kLOC, ${kloc} kLOC reached, ${start} start`, value, unit: "MB" };
      const note = `${number(bytes / 2 ** 20)} MB over ${files} files, ${lines} lines`;
      if (kloc >= 100) report.limit({ ...row, most: 8, note });
      else report.add({ ...row, note });
    }
  }
  const large = await project({ kloc: quick ? 50 : 1000, reach: quick ? 10 : 100, stages: 100, python });
  const client = new LanguageClient(spawn(process.execPath, [path.join(root, "dist/cli.js"), "lsp", "--stdio"]));
  await client.open(large, "flows/flow_0.py");
  await client.request("fastpipe/status", {}).catch(() => null);
  const value = client.residentBytes() / 2 ** 20;
  await client.close();
  report.limit({
    suite,
    what: `resident memory of the server, ${quick ? 50 : 1000} kLOC`,
    value,
    unit: "MB",
    most: 300,
    note: "after all stages were asked for",
  });
}
