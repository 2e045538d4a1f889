/** Answers of a warm server over stdio, and what the extension does when it is activated where there is nothing to do. */
import { spawn } from "node:child_process";
import path from "node:path";
import { project } from "../generate.mjs";
import { LanguageClient } from "../languageClient.mjs";
import { timed } from "../processes.mjs";
import { number, spread } from "../report.mjs";

export async function run({ report, root, python, quick }) {
  const suite = "server";
  const kloc = quick ? 10 : 100;
  const folder = await project({ kloc, stages: 100, python });
  const client = new LanguageClient(spawn(process.execPath, [path.join(root, "dist/cli.js"), "lsp", "--stdio"]));
  const from = process.hrtime.bigint();
  const { uri, text } = await client.open(folder, "flows/flow_3.py");
  const textDocument = { uri };
  const lenses = await client.request("textDocument/codeLens", { textDocument });
  const first = Number(process.hrtime.bigint() - from) / 1e9;
  report.add({
    suite,
    what: "started, to the first lenses",
    value: first,
    unit: "s",
    note: `${lenses?.length} lenses, ${kloc} kLOC`,
  });
  const line = text.split("\n").findIndex((each) => each.startsWith("def step_"));
  const position = { line, character: 6 };
  const stages = lenses?.map((lens) => lens.data?.stage ?? lens.command?.arguments?.[0]).filter(Boolean) ?? [];
  const requests = {
    "code lenses": () => client.request("textDocument/codeLens", { textDocument }),
    "a code lens resolved": () => client.request("codeLens/resolve", structuredClone(lenses[0])),
    hover: () => client.request("textDocument/hover", { textDocument, position }),
    "code actions": () =>
      client.request("textDocument/codeAction", {
        textDocument,
        range: { start: position, end: position },
        context: { diagnostics: [] },
      }),
    explain: () => client.request("fastpipe/explain", { uri, stage: stageId(stages) }),
  };
  for (const [name, ask] of Object.entries(requests)) {
    const times = [];
    try {
      for (let round = 0; round < (quick ? 60 : 400); round++) {
        const start = process.hrtime.bigint();
        await ask();
        if (round >= 20) times.push(Number(process.hrtime.bigint() - start) / 1e6);
      }
      const { median, p99, worst } = spread(times);
      const note = `p50 ${number(median)} ms, worst ${number(worst)} ms; with JSON and pipes`;
      report.limit({ suite, what: `${name}, p99`, value: p99, unit: "ms", most: 5, note });
    } catch (error) {
      report.missing(suite, name, error.message);
    }
  }
  await client.close();
  const loads = Array.from({ length: quick ? 3 : 9 }, () => JSON.parse(activation(root)));
  const value = spread(loads.map((load) => load.ms)).median;
  report.limit({
    suite,
    what: "the extension's bundle loaded and activated, without stages",
    value,
    unit: "ms",
    most: 50,
    note: `bundle ${number(loads[0].kilobytes)} kB; without the server's process`,
  });
}

function stageId(found) {
  const [first] = found;
  return typeof first === "string" ? first : (first?.stage ?? first?.id);
}

/** Loads the bundle in a process of its own, with as much of VS Code's API as loading asks for. */
function activation(root) {
  const script = `
    const Module = require("node:module");
    const load = Module._load;
    const anything = new Proxy(function () {}, { get: (_, name) => (name === Symbol.toPrimitive ? () => "" : anything), apply: () => anything, construct: () => anything });
    Module._load = (name, ...rest) => (name === "vscode" ? anything : load(name, ...rest));
    const file = ${JSON.stringify(path.join(root, "dist/extension.js"))};
    const start = process.hrtime.bigint();
    require(file);
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    console.log(JSON.stringify({ ms, kilobytes: require("node:fs").statSync(file).size / 1000 }));
    process.exit(0);`;
  return timed(process.execPath, ["-e", script]).stdout;
}
