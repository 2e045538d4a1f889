/** From text to summaries, warm, on one core: against the parsers of others doing less. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { compete, nodeContender, pythonContender } from "../contenders.mjs";
import { bundleEngine, engine } from "../engine.mjs";
import { standardLibrary } from "../generate.mjs";
import { number } from "../report.mjs";

/** Measures over the standard library without tests (quick: every eighth file). */
export async function run({ report, python, quick }) {
  const { parseModule } = await engine();
  const files = (await standardLibrary(python)).filter((_, index) => !quick || index % 8 === 0);
  const texts = files.map(({ text }) => text).filter((text) => parseModule(text).ok);
  const folder = mkdtempSync(path.join(tmpdir(), "fastpipe-bench-parse-"));
  const corpus = path.join(folder, "corpus.json");
  // Lone surrogates can't come out of a decoded file, so JSON holds every text as it is.
  writeFileSync(corpus, JSON.stringify(texts));
  const bundle = await bundleEngine();
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const { results, failed } = await compete(
    [
      nodeContender("text to summaries", "summaries", [corpus, bundle]),
      pythonContender("ast.parse", "ast", [corpus], python),
      nodeContender("web-tree-sitter", "tree-sitter", [corpus]),
      nodeContender("parse alone", "parse", [corpus, bundle]),
      pythonContender("symtable", "symtable", [corpus], python),
      nodeContender("@lezer/python", "lezer", [corpus]),
      nodeContender("bind alone", "bind", [corpus, bundle]),
    ],
    { rounds: quick ? 3 : 7, warm: quick ? 2 : 3 },
  );
  rmSync(folder, { recursive: true, force: true });
  const ours = results.get("text to summaries");
  const suite = "parse";
  const size = `${texts.length} files, ${number(megabytes)} MB`;
  for (const [name, time] of results) {
    const speed = { best: megabytes / time.best, median: megabytes / time.median };
    const row = { suite, what: `${name}: best`, value: speed.best, unit: "MB/s", data: { ...time, megabytes } };
    const note = `median ${number(speed.median)}`;
    if (name === "text to summaries") report.limit({ ...row, least: 40, note: `${note}; ${size}; the moonshot` });
    else report.add({ ...row, note });
  }
  const WANTED = { "ast.parse": 5, "web-tree-sitter": 8 };
  for (const peer of ["ast.parse", "web-tree-sitter", "symtable", "@lezer/python"]) {
    const time = results.get(peer);
    if (time === undefined || ours === undefined) continue;
    const row = { suite, what: `text to summaries / ${peer}`, value: time.best / ours.best, unit: "×" };
    const note = `medians ${number(time.median / ours.median)} ×`;
    if (WANTED[peer]) report.limit({ ...row, least: WANTED[peer], note });
    else report.add({ ...row, note });
  }
  for (const [name, why] of failed) report.missing(suite, name, why);
}
