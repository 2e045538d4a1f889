/**
 * The summary of a file that nobody edits, kept as bytes: names, chains and lists are read from them when somebody asks, and
 * stay read as long as the file is among those asked for last. One object for one content of a file, whatever of it is read;
 * its parts are equal each time, and need not be the same objects. Holds no tree.
 */
import type { Chain } from "../normalisation/chains.ts";
import { ValueReader } from "./decode.ts";
import { ValueWriter } from "./encode.ts";
import type { ModuleSummary, NameSummary } from "./types.ts";

/** Parts that are read as a whole, in the order in which they are written. */
const PARTS = [
  "stars",
  "exports",
  "dynamicNames",
  "docs",
  "rest",
  "effects",
  "foreign",
  "imports",
  "stageCalls",
  "mainBinds",
  "nested",
  "lineStarts",
] as const;
type Part = (typeof PARTS)[number];
/** Behind the parts: whether it has nested definitions, the names, those that write; the chains; the names' summaries. */
const HAS_NESTED = PARTS.length;
const NAMES = HAS_NESTED + 1;
const WRITERS = NAMES + 1;
const CHAIN_COUNT = WRITERS + 1;
const CHAINS = CHAIN_COUNT + 1;

function pack(summary: ModuleSummary, hasNested: boolean): Uint8Array {
  const out = new ValueWriter();
  for (const part of PARTS) out.value(summary[part]);
  out.value(hasNested);
  out.value([...summary.names.keys()]);
  out.value([...summary.names.values()].filter(writes).map(({ name }) => name));
  out.value(summary.chains.length);
  for (const chain of summary.chains) out.value(chain);
  for (const own of summary.names.values()) out.value(own);
  return out.finish();
}

/** A chain of a summary, by its number, without reading the others; undefined where there is none. */
export function chainAt(summary: ModuleSummary, index: number): Chain | undefined {
  return summary instanceof PackedSummary ? summary.chain(index) : summary.chains[index];
}

/** Whether a function or class, when it runs, rebinds or mutates names of a module. */
function writes({ definition }: NameSummary): boolean {
  return definition !== null && definition.piece.mutates.length > 0;
}

/** The functions and classes that rebind or mutate names of a module when they run, without reading the others. */
export function writersOf(summary: ModuleSummary): readonly NameSummary[] {
  return summary instanceof PackedSummary ? summary.writers : [...summary.names.values()].filter(writes);
}

/** Number of chains of a summary. */
export function chainCountOf(summary: ModuleSummary): number {
  return summary instanceof PackedSummary ? summary.chainCount : summary.chains.length;
}

/**
 * Summaries of which something is read: as many as hold so many bytes as they are packed. Beyond, those that were not asked
 * for since they came up last let go of it.
 */
export class RecentSummaries {
  readonly #most: number;
  #held: PackedSummary[] = [];
  #size = 0;

  /** `most`: bytes; one summary that is longer is held all the same. */
  constructor(most: number) {
    this.#most = most;
  }

  add(summary: PackedSummary): void {
    this.#held.push(summary);
    this.#size += summary.weight;
    if (this.#size <= this.#most) return;
    // In the order in which they came: a queue that is swept once in a while.
    const kept: PackedSummary[] = [];
    const last = this.#held.length - 1;
    for (const [i, each] of this.#held.entries()) {
      if (i === last || this.#size <= this.#most / 2 || each.wasAsked()) kept.push(each);
      else {
        this.#size -= each.weight;
        each.close();
      }
    }
    this.#held = kept;
    // Where all were asked for, the older ones go.
    if (this.#size > this.#most && kept.length > 1) this.trim(Math.max(this.#most / 2, summary.weight));
  }

  /** Lets go of the older ones until there are no more than so many bytes. */
  trim(most: number): void {
    let count = 0;
    for (; count < this.#held.length && this.#size > most; count++) {
      this.#size -= this.#held[count].weight;
      this.#held[count].close();
    }
    this.#held = this.#held.slice(count);
  }
}

/** What is read of a packed summary. */
interface Opened {
  readonly reader: ValueReader;
  readonly parts: unknown[];
  readonly chains: (Chain | undefined)[];
  readonly chainCount: number;
  /** Numbers of the names, in the order of the module. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: (NameSummary | undefined)[];
  hasAllChains: boolean;
}

export class PackedSummary implements ModuleSummary {
  #names: ReadonlyMap<string, NameSummary> | null = null;
  readonly #recent: RecentSummaries;
  /** As it was made, until it is packed. */
  #fresh: ModuleSummary | null;
  #bytes: Uint8Array | null;
  #opened: Opened | null = null;
  #asked = false;
  /** What it counts for among those of which something is read: bytes, estimated before it is packed. */
  readonly weight: number;
  /** Whether nested definitions were asked for when it was made. */
  readonly hasNested: boolean;

  private constructor(
    fresh: ModuleSummary | null,
    bytes: Uint8Array | null,
    hasNested: boolean,
    weight: number,
    recent: RecentSummaries,
  ) {
    this.#fresh = fresh;
    this.#bytes = bytes;
    this.#recent = recent;
    this.hasNested = hasNested;
    this.weight = weight;
  }

  get names(): ReadonlyMap<string, NameSummary> {
    this.#names ??= new PackedNames(this);
    return this.#names;
  }

  /** A summary that was just made; `weight`: about how many bytes it will have. */
  static fresh(summary: ModuleSummary, hasNested: boolean, weight: number, recent: RecentSummaries): PackedSummary {
    const packed = new PackedSummary(summary, null, hasNested, weight, recent);
    recent.add(packed);
    return packed;
  }

  /** The summary of which these are the bytes, a copy of which is kept; null where they are damaged. */
  static of(bytes: Uint8Array, recent: RecentSummaries): PackedSummary | null {
    const reader = ValueReader.open(bytes);
    if (reader === null || reader.count < CHAINS) return null;
    return new PackedSummary(null, new Uint8Array(bytes), reader.value(HAS_NESTED) === true, bytes.length, recent);
  }

  /** All of it as bytes. Throws a RangeError for what is nested absurdly deep. */
  bytes(): Uint8Array {
    this.#bytes ??= pack(this.#fresh as ModuleSummary, this.hasNested);
    return this.#bytes;
  }

  /** Lets go of what is read; what is asked next is read again. */
  close(): void {
    this.#opened = null;
    this.#names = null;
    if (this.#fresh === null) return;
    try {
      this.bytes();
      this.#fresh = null;
    } catch (error) {
      // Nested deeper than bytes can say: it stays as it is.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** Whether anything of it was asked for since this was asked last. */
  wasAsked(): boolean {
    const asked = this.#asked;
    this.#asked = false;
    return asked;
  }

  get chains(): readonly Chain[] {
    if (this.#fresh !== null) return this.#fresh.chains;
    const opened = this.#open();
    if (!opened.hasAllChains) {
      for (let i = 0; i < opened.chainCount; i++) opened.chains[i] ??= this.#read<Chain>(opened, CHAINS + i);
      opened.hasAllChains = true;
    }
    return opened.chains as Chain[];
  }

  get chainCount(): number {
    this.#asked = true;
    return this.#fresh !== null ? this.#fresh.chains.length : this.#open().chainCount;
  }

  chain(index: number): Chain | undefined {
    this.#asked = true;
    if (this.#fresh !== null) return this.#fresh.chains[index];
    const opened = this.#open();
    if (index < 0 || index >= opened.chainCount) return undefined;
    let chain = opened.chains[index];
    if (chain === undefined) {
      chain = this.#read<Chain>(opened, CHAINS + index);
      opened.chains[index] = chain;
    }
    return chain;
  }

  get stars() {
    return this.#part("stars");
  }

  get exports() {
    return this.#part("exports");
  }

  get dynamicNames() {
    return this.#part("dynamicNames");
  }

  get docs() {
    return this.#part("docs");
  }

  get rest() {
    return this.#part("rest");
  }

  get effects() {
    return this.#part("effects");
  }

  get foreign() {
    return this.#part("foreign");
  }

  get imports() {
    return this.#part("imports");
  }

  get stageCalls() {
    return this.#part("stageCalls");
  }

  get mainBinds() {
    return this.#part("mainBinds");
  }

  get nested() {
    return this.#part("nested");
  }

  get lineStarts() {
    return this.#part("lineStarts");
  }

  get writers(): readonly NameSummary[] {
    if (this.#fresh !== null) return [...this.#fresh.names.values()].filter(writes);
    return this.#read<readonly string[]>(this.#open(), WRITERS).map((name) => this.name(name) as NameSummary);
  }

  /** The summary of a name. */
  name(name: string): NameSummary | undefined {
    this.#asked = true;
    if (this.#fresh !== null) return this.#fresh.names.get(name);
    const opened = this.#open();
    const number = opened.numbers.get(name);
    if (number === undefined) return undefined;
    let own = opened.names[number];
    if (own === undefined) {
      own = this.#read<NameSummary>(opened, CHAINS + opened.chainCount + number);
      opened.names[number] = own;
    }
    return own;
  }

  /** Names in the order of the module, with numbers of no meaning here. */
  keys(): ReadonlyMap<string, unknown> {
    return this.#fresh !== null ? this.#fresh.names : this.#open().numbers;
  }

  #part<P extends Part>(part: P): ModuleSummary[P] {
    this.#asked = true;
    if (this.#fresh !== null) return this.#fresh[part];
    const opened = this.#open();
    const at = PARTS.indexOf(part);
    let value = opened.parts[at];
    if (value === undefined) {
      value = this.#read(opened, at);
      opened.parts[at] = value;
    }
    return value as ModuleSummary[P];
  }

  #open(): Opened {
    if (this.#opened === null) {
      const reader = new ValueReader(this.#bytes as Uint8Array);
      const names = reader.value(NAMES) as readonly string[];
      this.#opened = {
        reader,
        parts: [],
        chains: [],
        chainCount: reader.value(CHAIN_COUNT) as number,
        numbers: new Map(names.map((name, i) => [name, i])),
        names: [],
        hasAllChains: false,
      };
      this.#recent.add(this);
    }
    return this.#opened;
  }

  #read<T>({ reader }: Opened, number: number): T {
    const value = reader.value(number);
    // The checksum was right: these are the bytes of something that is no summary.
    if (value === undefined) throw new Error("a summary's bytes are not what they were");
    return value as T;
  }
}

/** Names with their summaries, each read when it is asked for. */
class PackedNames implements ReadonlyMap<string, NameSummary> {
  readonly #summary: PackedSummary;

  constructor(summary: PackedSummary) {
    this.#summary = summary;
  }

  get size(): number {
    return this.#summary.keys().size;
  }

  has(name: string): boolean {
    return this.#summary.keys().has(name);
  }

  get(name: string): NameSummary | undefined {
    return this.#summary.name(name);
  }

  keys() {
    return this.#summary.keys().keys() as MapIterator<string>;
  }

  *values(): MapIterator<NameSummary> {
    for (const name of this.keys()) yield this.#summary.name(name) as NameSummary;
  }

  *entries(): MapIterator<[string, NameSummary]> {
    for (const name of this.keys()) yield [name, this.#summary.name(name) as NameSummary];
  }

  [Symbol.iterator](): MapIterator<[string, NameSummary]> {
    return this.entries();
  }

  forEach(call: (own: NameSummary, name: string, all: ReadonlyMap<string, NameSummary>) => void): void {
    for (const [name, own] of this) call(own, name, this);
  }
}
