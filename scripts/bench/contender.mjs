/**
 * One contender in JavaScript (contenders.mjs): `node contender.mjs KIND CORPUS.json [ENGINE.mjs]`. CORPUS.json is an array
 * of source texts. Reading and decoding are done before the first round; a round is the work alone.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [kind, corpus, bundle] = process.argv.slice(2);
const texts = JSON.parse(readFileSync(corpus, "utf8"));
const require = createRequire(import.meta.url);

const KINDS = {
  /** Text → tree, scopes, normalised and hashed definitions of every function: what the product does to a file. */
  async summaries() {
    const { parseModule, bind, summarise, STAGE_DECORATORS } = await import(pathToFileURL(bundle).href);
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

const work = await KINDS[kind]();
for await (const _line of createInterface({ input: process.stdin })) {
  const start = process.hrtime.bigint();
  for (const text of texts) work(text);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  process.stdout.write(`${JSON.stringify({ seconds })}\n`);
}
