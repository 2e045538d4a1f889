/** Random edits of Python texts, as people make them, and summaries made comparable: numbers of chains spelt out. */
import { bind } from "../../src/binding/index.ts";
import { type Chain, chainText } from "../../src/normalisation/chains.ts";
import { STAGE_DECORATORS } from "../../src/summary/stageDecorators.ts";
import { type SummaryOptions, summarise } from "../../src/summary/summarise.ts";
import type { ModuleSummary } from "../../src/summary/types.ts";
import { parseModule } from "../../src/syntax/index.ts";

export const OPTIONS: SummaryOptions = { level: "semantic", stageDecorators: new Set(STAGE_DECORATORS), nested: false };

/** A small generator of numbers from a seed (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const LINES = [
  "# a comment",
  "",
  "LIMIT = 3",
  "import os",
  "from json import loads as dumps",
  "    x = 1",
  "    return len(x)",
  "def added(a, b=1):\n    return a + b\n",
  "TABLE = {}",
  'TABLE["a"] = [1]',
  "class Added(object):\n    def m(self):\n        return super(Added, self).m()\n",
  "if True:\n    LIMIT = 4",
  "try:\n    import fast\nexcept ImportError:\n    fast = None",
  "a = 1; b = a",
  "@dec",
  "print(LIMIT)",
  "else:",
  "x = (",
  '"""',
  "for dict in []:\n    pass",
  "ALIAS = TABLE",
  "ALIAS >> TABLE",
  "if LIMIT:\n    from helpers import *",
  "TABLE = Added()",
  "@TABLE\ndef kept(x):\n    return x\n",
  "from fastpipe import stage",
  '__all__ = ["added"]',
  "line = 1  # fastpipe: ignore",
  'globals()["LIMIT"] = 5',
  "names = vars()",
  'names["TABLE"] = {}',
  "def setup():\n    global LIMIT\n    LIMIT = 9\n",
  'if __name__ == "__main__":\n    LIMIT = 5',
];
const PIECES = [
  "(",
  ")",
  '"',
  "'",
  ":",
  "\\",
  " ",
  "\n",
  "x",
  "1",
  "=",
  ".",
  ",",
  "[",
  "é",
  "#",
  "@",
  "    ",
  "'''",
  '"""',
  'f"""',
  "r'''",
];

/** One edit of a text: a character or a line more, less or twice, a number or a name changed, lines moved. */
export function edited(text: string, next: (below: number) => number): string {
  const lines = text.split("\n");
  const line = next(lines.length);
  switch (next(10)) {
    case 0:
      lines.splice(line, 0, LINES[next(LINES.length)]);
      return lines.join("\n");
    case 1:
      lines.splice(line, 1 + next(3));
      return lines.join("\n");
    case 2:
      lines.splice(line, 0, lines[line]);
      return lines.join("\n");
    case 3: {
      const moved = lines.splice(line, 1 + next(6));
      lines.splice(next(lines.length + 1), 0, ...moved);
      return lines.join("\n");
    }
    case 4: {
      const at = next(text.length + 1);
      return text.slice(0, at) + PIECES[next(PIECES.length)] + text.slice(at);
    }
    case 5: {
      const at = next(text.length + 1);
      return text.slice(0, at) + text.slice(at + 1);
    }
    default: {
      const words = [...text.matchAll(/\b[A-Za-z_]\w*\b|\b\d+\b/g)];
      if (words.length === 0) return text;
      const word = words[next(words.length)];
      const other = words[next(words.length)][0];
      const by = /\d/.test(word[0][0]) ? String(next(100)) : next(3) === 0 ? other : `${word[0]}x`;
      return text.slice(0, word.index) + by + text.slice(word.index + word[0].length);
    }
  }
}

/** One edit of one of a text's first classes, or of the text where it has none. */
export function editedInClass(text: string, next: (below: number) => number): string {
  const starts = [...text.matchAll(/^class \w+/gm)].map((match) => match.index);
  if (starts.length === 0) return edited(text, next);
  const start = starts[next(Math.min(starts.length, 2))] + "class".length;
  const behind = /\n(?=[^\s#)\]}])/.exec(text.slice(start));
  const end = behind === null ? text.length : start + behind.index;
  return text.slice(0, start) + edited(text.slice(start, end), next) + text.slice(end);
}

/** A summary without numbers of chains: they depend on what the file once said. */
export function comparable(summary: ModuleSummary): unknown {
  const chain = (index: number) => {
    if (index < 0) return "";
    const data = summary.chains[index] as Chain;
    return `${data.kind} ${chainText(data)}`;
  };
  const chains = (list: readonly number[]) => list.map(chain);
  const plain = (value: unknown, key: string): unknown => {
    if (value instanceof Map) return [...value].map(([name, item]) => [name, plain(item, "")]);
    if (Array.isArray(value)) {
      if (key === "refs" || key === "localImports") return chains(value as number[]);
      if (CHAIN_SETS.has(key)) return chains(value as number[]).sort();
      if (key === "aliases") return (value as [number, string][]).map(([index, name]) => [chain(index), name]).sort();
      return value.map((item) => plain(item, ""));
    }
    if (typeof value === "number" && CHAINS.has(key)) return chain(value);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(fieldsOf(value).map(([name, item]) => [name, plain(item, name)]));
  };
  return plain({ ...summary, chains: null }, "");
}

/** The fields of an object by name, those of its class that it works out included. */
function fieldsOf(value: object): [string, unknown][] {
  const fields = Object.entries(value);
  const accessors = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(value) as object);
  for (const [name, { get }] of Object.entries(accessors))
    if (get && name !== "__proto__") fields.push([name, get.call(value)]);
  return fields.sort(([x], [y]) => (x < y ? -1 : 1));
}

const CHAINS = new Set(["chain", "alias", "maker"]);
const CHAIN_SETS = new Set([
  "annotationRefs",
  "mentioned",
  "mutates",
  "sets",
  "hands",
  "acting",
  "callees",
  "bases",
  "stageCalls",
]);

/** The summary of a text that is read for the first time; null where it does not parse. */
export function fresh(text: string): ModuleSummary | null {
  const parsed = parseModule(text);
  if (!parsed.ok) return null;
  const scopes = bind(parsed.value, { text });
  return scopes.ok ? summarise(text, parsed.value, scopes.value, OPTIONS) : null;
}

/** Why a text that is read for the first time is refused. */
export function refusal(text: string): { message: string; line: number } | null {
  const parsed = parseModule(text);
  const scopes = parsed.ok ? bind(parsed.value, { text }) : parsed;
  if (scopes.ok) return null;
  const { message, line } = scopes.error;
  return { message, line };
}
