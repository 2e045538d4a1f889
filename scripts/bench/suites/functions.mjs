/**
 * One function's hash and one function's manifest, per function, against what people write in Python for it: getsource + ast +
 * sha256, the recursive getclosurevars manifest, and the hashers of pycodehash, joblib and Dask where they are installed.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compete, nodeContender, pythonContender } from "../contenders.mjs";
import { bundleEngine } from "../engine.mjs";
import { number } from "../report.mjs";

/** Packages of the standard library that every peer looks at; Python imports them. */
const PACKAGES = ["asyncio", "email", "json"];

export async function run({ report, python, quick }) {
  const suite = "functions";
  const folder = mkdtempSync(path.join(tmpdir(), "fastpipe-bench-functions-"));
  const packages = path.join(folder, "packages.json");
  writeFileSync(packages, JSON.stringify(quick ? ["json"] : PACKAGES));
  const bundle = await bundleEngine();
  const PEERS = {
    "getsource + ast + sha256, each function": "getsource",
    "getclosurevars manifest, each function": "closurevars",
    "pycodehash, each function": "pycodehash",
    "joblib.hash of the code, each function": "joblib",
    "dask tokenize, each function": "dask",
  };
  const ours = nodeContender("all manifests from text, cold caches", "manifests", [packages, bundle]);
  const contenders = [
    ours,
    ...Object.entries(PEERS).map(([name, kind]) => pythonContender(name, kind, [packages], python)),
  ];
  const counts = new Map();
  for (const contender of contenders) {
    try {
      counts.set(contender.name, (await contender.ask("count")).count);
    } catch {
      // It says why when it is asked for a round.
    }
  }
  const { results, failed } = await compete(contenders, { rounds: quick ? 2 : 4, warm: 1 });
  rmSync(folder, { recursive: true, force: true });
  const each = (name) => (results.get(name).best / counts.get(name)) * 1e6;
  for (const name of results.keys()) {
    const note = `${counts.get(name)} functions, best round`;
    report.add({ suite, what: name, value: each(name), unit: "µs", note, data: results.get(name) });
  }
  if (results.has(ours.name))
    for (const name of Object.keys(PEERS)) {
      if (!results.has(name)) continue;
      const value = each(name) / each(ours.name);
      report.add({ suite, what: `${name} / ours`, value, unit: "×", note: `${number(value)} times as long` });
    }
  for (const [name, why] of failed) report.missing(suite, name, why);
}
