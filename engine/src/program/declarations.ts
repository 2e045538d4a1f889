/**
 * What a stage decorator's arguments say (manifest §7): name, `decl:` values, code dependencies, files and packages.
 * Values are resolved through constants; nothing is run.
 */
import type { Digests } from "../fingerprint/digests.ts";
import type { DefinitionGraph, GraphNode } from "../graph/graph.ts";
import type { SummaryChange } from "../resolve/changes.ts";
import type { Moved, Resolver } from "../resolve/resolver.ts";
import type { SummarySource } from "../resolve/targets.ts";
import { PackedSummary } from "../summary/packed.ts";
import type { DecoratorSummary, DefinitionSummary, ModuleSummary, Value } from "../summary/types.ts";
import { literalText } from "../summary/values.ts";

/** What values are listed under. */
type ValueEntry = "deps" | "outs" | "params";
type Values = ReadonlyMap<ValueEntry, readonly (readonly [string, Value])[]>;

const ENTRIES = ["deps", "outs", "params"] as const;
const OWN = new Set(["fastpipe.stage"]);
const NOTHING: readonly never[] = [];

/** A stage decorator where it stands: in a packed summary, where it is read from whenever somebody asks. */
export class DecoratorPlace {
  readonly #from: DecoratorSummary | PackedSummary;
  /** Name of the decorated definition, or its number among the nested ones; the decorator's among its own. */
  readonly #owner: string | number;
  readonly #index: number;

  /** The decorator of a number of a module-level name, or of the nested definition of a number, of a summary. */
  constructor(summary: ModuleSummary, owner: string | number, definition: DefinitionSummary, index: number) {
    this.#from = summary instanceof PackedSummary ? summary : definition.decorators[index];
    this.#owner = owner;
    this.#index = index;
  }

  read(): DecoratorSummary {
    const from = this.#from;
    if (!(from instanceof PackedSummary)) return from;
    const owner = this.#owner;
    const definition = typeof owner === "number" ? from.nested[owner] : from.names.get(owner)?.definition;
    return (definition as DefinitionSummary).decorators[this.#index];
  }
}

/** What the arguments of one stage decorator say. */
export class Declaration {
  /** `name=` when it is a string that can be known. */
  readonly name: string | null = null;
  readonly codeDeps: readonly number[] = NOTHING;
  /** What `code_deps` names by a text. */
  readonly codeTexts: readonly string[] = NOTHING;
  readonly codeFiles: readonly string[] = NOTHING;
  readonly packageDeps: readonly string[] = NOTHING;
  readonly #place: DecoratorPlace;
  /** Whether its first arguments are `deps`, `outs` and `params`. */
  readonly #isOwn: boolean;

  /** Reads the arguments of a stage decorator of `file` that is known by a dotted name. */
  constructor(values: ValueReader, file: string, place: DecoratorPlace, dotted: string) {
    this.#place = place;
    this.#isOwn = OWN.has(dotted);
    for (const [keyword, value] of place.read().keywords) {
      if (keyword === "name") this.name = values.string(file, value) || null;
      else if (keyword === "code_deps") {
        this.codeDeps = chainsOf(value);
        this.codeTexts = textsOf(value);
      } else if (keyword === "code_files") this.codeFiles = values.strings(file, value);
      else if (keyword === "package_deps") this.packageDeps = values.strings(file, value);
    }
  }

  /** Values by entry: all that is not said by the other fields. */
  get values(): Values {
    const out = new Map<ValueEntry, [string, Value][]>();
    const add = (entry: ValueEntry, name: string, value: Value) => {
      const list = out.get(entry);
      if (list) list.push([name, value]);
      else out.set(entry, [[name, value]]);
    };
    const { positional, keywords } = this.#place.read();
    positional.forEach((value, i) => {
      if (this.#isOwn && i < ENTRIES.length) add(ENTRIES[i], "", value);
      else add("params", String(i), value);
    });
    for (const [keyword, value] of keywords) {
      if (keyword === "deps" || keyword === "outs" || keyword === "params") add(keyword, "", value);
      else if (!NOT_VALUES.has(keyword)) add("params", keyword, value);
    }
    return out;
  }
}

/** Keywords that have fields of their own. */
const NOT_VALUES: ReadonlySet<string> = new Set(["name", "code_deps", "code_files", "package_deps"]);

function chainsOf(value: Value): number[] {
  if (value.kind === "reference") return [value.chain];
  if (value.kind === "code") return [...value.piece.refs];
  return value.kind === "sequence" ? value.items.flatMap(chainsOf) : [];
}

function textsOf(value: Value): string[] {
  if (value.kind === "literal") return /^['"]/.test(value.repr) ? [value.repr.slice(1, -1)] : [];
  return value.kind === "sequence" ? value.items.flatMap(textsOf) : [];
}

/** Evaluates values as far as the text tells. Notes in which files it read constants, and for whom. */
export class ValueReader {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #digests: Digests;
  /** By file and name of a constant (`""`: any chain of that file): the files in whose declarations it was read. */
  readonly #readers = new Map<string, Map<string, Set<string>>>();
  /** The file whose declaration is being read. */
  #reader = "";

  constructor(source: SummarySource, graph: DefinitionGraph, resolver: Resolver, digests: Digests) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#digests = digests;
  }

  /** The files whose declarations read something that a change may have made another. */
  update(changes: ReadonlyMap<string, SummaryChange>, moved: Moved): ReadonlySet<string> {
    const out = new Set<string>();
    const add = (file: string, name: string) => {
      for (const reader of this.#readers.get(file)?.get(name) ?? []) out.add(reader);
    };
    for (const [file, { facts, names, header }] of changes) {
      if (header) add(file, "");
      for (const name of facts) add(file, name);
      for (const name of names) add(file, name);
    }
    for (const file of moved.keys()) add(file, "");
    return out;
  }

  #note(file: string, name: string): void {
    let names = this.#readers.get(file);
    if (names === undefined) {
      names = new Map();
      this.#readers.set(file, names);
    }
    const readers = names.get(name);
    if (readers) readers.add(this.#reader);
    else names.set(name, new Set([this.#reader]));
  }

  /**
   * One text for equal values: spelling, keyword order and constants' names do not show in it. Adds the definitions whose
   * digests are part of it to `used`.
   */
  canonical(file: string, value: Value, used: Set<GraphNode>): string {
    this.#reader = file;
    return this.#canonical(file, value, used, 0);
  }

  #canonical(file: string, value: Value, used: Set<GraphNode>, depth: number): string {
    const inner = (item: Value) => this.#canonical(file, item, used, depth + 1);
    const known = this.#known(file, value, depth);
    const text = known === null ? null : literalText(known);
    if (text !== null && known !== null && known.kind !== "mapping") return text;
    switch (value.kind) {
      case "literal":
        return value.repr;
      case "text":
        return `f(${value.parts.map((part) => (typeof part === "string" ? JSON.stringify(part) : inner(part))).join(",")})`;
      case "sequence":
        return `${value.type}(${value.items.map(inner).join(",")})`;
      case "mapping":
        return `{${value.items
          .map(([key, item]) => `${inner(key)}:${inner(item)}`)
          .sort()
          .join(",")}}`;
      case "reference": {
        if (known !== null && known.kind === "mapping") return inner(known);
        const parts = this.#resolver.resolve(file, value.chain).map((target) => {
          const node = this.#graph.existing(target);
          if (node !== null) {
            used.add(node);
            return `${this.#digests.full(node)}${"attrs" in target ? target.attrs.join(".") : ""}`;
          }
          return target.kind === "external" || target.kind === "missing" ? target.dotted : JSON.stringify(target);
        });
        return `ref(${parts.join("|")})`;
      }
      case "code":
        for (const node of this.#graph.reached(file, value.piece)) used.add(node);
        return `code(${this.#digests.piece(file, value.piece, 0)})`;
    }
  }

  /** A value with names of constants and f-strings replaced by what they are; null where that can't be known. */
  #known(file: string, value: Value, depth = 0): Value | null {
    if (depth > 20) return null;
    switch (value.kind) {
      case "literal":
        return value;
      case "sequence": {
        const items = value.items.map((item) => this.#known(file, item, depth + 1));
        return items.includes(null) ? null : { ...value, items: items as Value[] };
      }
      case "mapping": {
        const items = value.items.map(([key, item]) => [
          this.#known(file, key, depth + 1),
          this.#known(file, item, depth + 1),
        ]);
        return items.some((pair) => pair.includes(null)) ? null : { ...value, items: items as [Value, Value][] };
      }
      case "text": {
        let text = "";
        for (const part of value.parts) {
          if (typeof part === "string") text += part;
          else {
            const known = this.#known(file, part, depth + 1);
            const inner = known?.kind === "literal" ? unquoted(known.repr) : null;
            if (inner === null) return null;
            text += inner;
          }
        }
        return { kind: "literal", repr: quoted(text) };
      }
      case "reference": {
        const targets = this.#resolver.resolve(file, value.chain);
        if (file !== this.#reader) this.#note(file, "");
        if (targets.length !== 1 || targets[0].kind !== "name" || targets[0].attrs.length > 0) return null;
        const { file: there, name } = targets[0];
        this.#note(there, name);
        const constant = this.#source.summary(there)?.names.get(name)?.value;
        return constant ? this.#known(there, constant, depth + 1) : null;
      }
      case "code":
        return null;
    }
  }

  string(file: string, value: Value): string | null {
    this.#reader = file;
    const known = this.#known(file, value);
    return known?.kind === "literal" && /^['"]/.test(known.repr) ? unquoted(known.repr) : null;
  }

  /** The strings of a list, or one string; items that can't be known are left out. */
  strings(file: string, value: Value): string[] {
    this.#reader = file;
    const one = this.string(file, value);
    if (one !== null) return [one];
    const whole = value.kind === "reference" ? (this.#known(file, value) ?? value) : value;
    if (whole.kind === "sequence") return whole.items.flatMap((item) => this.strings(file, item));
    if (whole.kind === "mapping") return whole.items.flatMap(([, item]) => this.strings(file, item));
    return [];
  }
}

/** What `str()` of a literal gives: the text of a string, the spelling of anything else. */
function unquoted(repr: string): string | null {
  const quote = repr[0];
  if (quote !== "'" && quote !== '"') return /^b['"]/.test(repr) ? null : repr;
  return repr.slice(1, -1).replace(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)/g, (_, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return code === "n" ? "\n" : code === "r" ? "\r" : code === "t" ? "\t" : code;
  });
}

function quoted(text: string): string {
  const escaped = text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}
