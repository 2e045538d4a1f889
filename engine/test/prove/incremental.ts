/**
 * Proof that a program's answers are a function of the text (manifest §2): after random edits of a real package, valid
 * and broken, of buffers and of files on disk, a program that lived through all of them says what a new one says; and the
 * order of the files' list, line ends and a folder around the project make no difference.
 *
 * A new program can't know the last good version of a broken file, so answers are compared while all files parse.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createProgram, type MemoryHost, memoryHost, type Program } from "../../src/index.ts";
import { clock, configOf, pythonFiles, type Report, random, type Settings } from "./corpus.ts";

export async function incremental(settings: Settings, steps = 60): Promise<Report> {
  const root = existsSync(join(settings.corpus, "__init__.py")) ? dirname(settings.corpus) : settings.corpus;
  const originals = new Map<string, string>();
  for (const file of pythonFiles(settings.corpus)) {
    if (!/(?:^|\/)tests?\//.test(relative(root, file))) originals.set(relative(root, file), readFileSync(file, "utf8"));
  }
  const names = [...originals.keys()];
  const failures: string[] = [];
  const over = clock(settings.seconds);
  const chance = random(settings.seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)];

  const disk = memoryHost(Object.fromEntries(originals));
  const buffers = new Map<string, string>();
  const lived = createProgram(disk, configOf("semantic"));
  let compared = 0;
  let broken = 0;
  let done = 0;
  for (; done < steps && !over(); done++) {
    const file = pick(names);
    const present = buffers.get(file) ?? textOf(disk, file) ?? originals.get(file) ?? "";
    const kind = chance();
    if (kind < 0.1) {
      // The buffer is closed: the disk counts again.
      buffers.delete(file);
      lived.applyChange({ buffers: new Map([[file, null]]) });
    } else if (kind < 0.2) {
      disk.write(file, originals.get(file) ?? "");
      lived.applyChange({ disk: [file], relist: true });
    } else if (kind < 0.25) {
      disk.write(file, null);
      buffers.delete(file);
      lived.applyChange({ disk: [file], buffers: new Map([[file, null]]), relist: true });
    } else if (kind < 0.4) {
      disk.write(file, edited(present, chance, false));
      lived.applyChange({ disk: [file], relist: true });
    } else {
      const text = edited(present, chance, chance() < 0.15);
      buffers.set(file, text);
      lived.applyChange({ buffers: new Map([[file, text]]) });
    }
    const bad = names.filter(
      (name) => (buffers.has(name) || disk.readFile(name) !== null) && lived.problem(name) !== null,
    );
    if (bad.length > 0) {
      broken++;
      // Asked while it is broken, too; then the text is made whole.
      lived.stages();
      if (chance() < 0.5) answers(lived);
      for (const name of bad) {
        buffers.delete(name);
        disk.write(name, originals.get(name) ?? "");
      }
      lived.applyChange({ buffers: new Map(bad.map((name) => [name, null])), disk: bad, relist: true });
    }
    const fresh = createProgram(disk, configOf("semantic"));
    if (buffers.size > 0) fresh.applyChange({ buffers });
    compared++;
    const difference = firstDifference(answers(lived), answers(fresh));
    if (difference !== null) failures.push(`step ${done}, ${file}: ${difference}`);
  }

  for (const [what, program] of variants(originals)) {
    compared++;
    const base = answers(createProgram(memoryHost(Object.fromEntries(originals)), configOf("semantic")));
    const difference = firstDifference(answers(program), base);
    if (difference !== null) failures.push(`${what}: ${difference}`);
  }
  return {
    suite: "incremental",
    checked: compared,
    failures,
    figures: { files: names.length, edits: done, "edits that left something broken": broken },
  };
}

function textOf(host: MemoryHost, file: string): string | null {
  const bytes = host.readFile(file);
  return bytes === null ? null : new TextDecoder().decode(bytes);
}

/** What a program says of all definitions, one text per line. */
function answers(program: Program): string[] {
  return [...program.functions()].map((line) => JSON.stringify(line));
}

function firstDifference(a: readonly string[], b: readonly string[]): string | null {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return `${a[i]?.slice(0, 300)} … ${b[i]?.slice(0, 300)}`;
  }
  return null;
}

/** The same project listed in another order, with other line ends. */
function* variants(originals: ReadonlyMap<string, string>): Iterable<readonly [string, Program]> {
  const backwards = [...originals].reverse();
  yield ["files listed backwards", createProgram(memoryHost(Object.fromEntries(backwards)), configOf("semantic"))];
  const carriage = [...originals].map(([name, text]) => [name, text.replace(/\r?\n/g, "\r\n")] as const);
  yield ["CRLF", createProgram(memoryHost(Object.fromEntries(carriage)), configOf("semantic"))];
}

const NAMES = /\b[a-z_]{3,}\b/g;

/** One random edit; `wild` ones mostly leave no Python behind. */
export function edited(text: string, chance: () => number, wild: boolean): string {
  const lines = text.split("\n");
  const at = Math.floor(chance() * lines.length);
  if (wild) {
    const column = Math.floor(chance() * (lines[at].length + 1));
    const what = ["(", '"""', "'", "]", "  ", "\\", "def ", "\n", ":", "@"][Math.floor(chance() * 10)];
    lines[at] = lines[at].slice(0, column) + what + lines[at].slice(column);
    return lines.join("\n");
  }
  switch (Math.floor(chance() * 7)) {
    case 0:
      lines.splice(at, 0, "");
      return lines.join("\n");
    case 1:
      lines.splice(at, 0, /^\s*/.exec(lines[at])?.[0].concat("pass") ?? "pass");
      return lines.join("\n");
    case 2:
      return text.replace(/\b\d+\b/g, (number) => (chance() < 0.02 ? String(Number(number) + 1) : number));
    case 3: {
      const names = text.match(NAMES) ?? ["x"];
      const other = names[Math.floor(chance() * names.length)];
      let left = Math.floor(chance() * names.length);
      return text.replace(NAMES, (name) => (left-- === 0 ? other : name));
    }
    case 4:
      return `${text}\ndef added_${Math.floor(chance() * 1000)}(x):\n    return x + ${Math.floor(chance() * 9)}\n`;
    case 5:
      return text.replace(/^(?:from|import) .*$/gm, (line) => (chance() < 0.05 && !line.includes("(") ? "" : line));
    default:
      lines.splice(at, 1);
      return lines.join("\n");
  }
}
