/**
 * One contender in JavaScript (contenders.mjs): `node contender.mjs KIND CORPUS.json [ENGINE.mjs]`. CORPUS.json is an array
 * of source texts (for `manifests`: of packages of the standard library). Reading and decoding are done before the first
 * round; a round is the work alone.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [kind, corpus, bundle] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(corpus, "utf8"));
const require = createRequire(import.meta.url);

const KINDS = {
  /** Text → tree, scopes, normalised and hashed definitions of every function: what the product does to a file. */
  async summaries() {
    const { parseModule, bind, summarise, STAGE_DECORATORS, keepAllocationsYoung } = await import(
      pathToFileURL(bundle).href
    );
    keepAllocationsYoung(); // as the command line and the server do
    const stageDecorators = new Set(STAGE_DECORATORS);
    return (text) => {
      const module = parseModule(text).value;
      return summarise(text, module, bind(module, { text }).value, {
        level: "semantic",
        stageDecorators,
        nested: true,
      });
    };
  },
  async parse() {
    const { parseModule } = await import(pathToFileURL(bundle).href);
    return (text) => parseModule(text);
  },
  async bind() {
    const { parseModule, bind } = await import(pathToFileURL(bundle).href);
    const modules = new Map(texts.map((text) => [text, parseModule(text).value]));
    return (text) => bind(modules.get(text), { text });
  },
  async "tree-sitter"() {
    const { Parser, Language } = await import("web-tree-sitter");
    await Parser.init();
    const parser = new Parser();
    const grammar = require
      .resolve("tree-sitter-python/package.json")
      .replace("package.json", "tree-sitter-python.wasm");
    parser.setLanguage(await Language.load(readFileSync(grammar)));
    return (text) => parser.parse(text).delete();
  },
  async lezer() {
    const { parser } = await import("@lezer/python");
    return (text) => parser.parse(text);
  },
};

/** Every function of some packages with its manifest, by a program that knows nothing yet. */
async function manifests() {
  const { createProgram, memoryHost, DEFAULT_CONFIG, keepAllocationsYoung } = await import(pathToFileURL(bundle).href);
  keepAllocationsYoung();
  const print = "import sysconfig; print(sysconfig.get_path('stdlib'))";
  const root = execFileSync("python3", ["-c", print], { encoding: "utf8" }).trim();
  const files = {};
  for (const name of texts) {
    for (const file of readdirSync(`${root}/${name}`, { recursive: true }))
      if (file.endsWith(".py")) files[`${name}/${file}`] = readFileSync(`${root}/${name}/${file}`);
  }
  const host = memoryHost(files);
  return () => {
    const program = createProgram(host, { ...DEFAULT_CONFIG, sourceRoots: [""] });
    let count = 0;
    for (const line of program.functions()) if (line.kind === "function") count++;
    return count;
  };
}

const all = kind === "manifests" ? await manifests() : null;
const work = all === null ? await KINDS[kind]() : null;
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "count") {
    process.stdout.write(`${JSON.stringify({ count: all() })}\n`);
    continue;
  }
  const start = process.hrtime.bigint();
  if (all !== null) all();
  else for (const text of texts) work(text);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  process.stdout.write(`${JSON.stringify({ seconds })}\n`);
}
