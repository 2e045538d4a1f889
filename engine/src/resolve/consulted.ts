/**
 * What answers of resolution were worked out from: names of files, found or missed, the order of a file's statements, and
 * the names by which modules were looked for. From a changed part back to the answers that consulted it; knows no summary.
 */

/** An answer that notes what it consults. */
export interface Consultation {
  /** Null: it is no answer any more. */
  facts: readonly Fact[] | null;
}

/** Whom an answer is for. */
interface Asker {
  readonly file: string;
  /** A name of that file that it consults as a matter of course: not noted. */
  readonly head: string;
}

/** What was worked out for many answers: it stands for all that it consults in the lists of those that consult it. */
interface Common extends Consultation {
  readonly value: unknown;
  /** By which answers consult it. */
  readonly fact: Fact;
}

/** One part, with those that consulted it; dropped ones stay in the list until they are the larger half. */
interface Fact {
  readonly key: string;
  readonly all: Map<string, Fact>;
  /** Most parts have one: then it stands for the list. */
  users: Consultation | Consultation[];
  dropped: number;
}

/** Of an answer that consulted nothing but what is not noted. */
export const NO_FACTS: readonly Fact[] = [];

const FEW = 32;
/** Lists that are looked through for an equal one. */
const MOST_LISTS = 20_000;

/** Keys of the order of a file's statements, and of what it imports: no name has a blank in it. */
const ORDER = "the order";
const IMPORTS = "the imports";

export class Consulted {
  readonly #files = new Map<string, Map<string, Fact>>();
  readonly #segments = new Map<string, Fact>();
  #current: Asker | null = null;
  /** What the present answer consulted so far; as a set, too, where it is much. */
  #noted: Fact[] = [];
  #notedSet: Set<Fact> | null = null;
  readonly #common = new Map<string, Common>();
  readonly #commonFacts = new Map<string, Fact>();
  readonly #lists = new Map<string, readonly Fact[]>();

  /** What is consulted from now on, until `close`, is for an answer with this head in this file. */
  open(asker: Asker): void {
    this.#current = asker;
    this.#noted.length = 0;
    this.#notedSet = null;
  }

  /** Ends what `open` began; whether anything was noted, so that the answer has to be told to `take`. */
  close(): boolean {
    this.#current = null;
    return this.#noted.length > 0;
  }

  /** The answer that what was noted last is for; its head. */
  take(answer: Consultation, head: string): void {
    const facts = this.#shared(head);
    answer.facts = facts;
    this.#use(answer, facts);
  }

  #use(answer: Consultation, facts: readonly Fact[]): void {
    for (const fact of facts) {
      const { users } = fact;
      if (!Array.isArray(users)) fact.users = [users, answer];
      else if (users.length === 0) fact.users = answer;
      // A list that grows by `push`, or by a spread with more behind it, holds room for many more.
      else if (users.length < FEW) fact.users = users.concat([answer]);
      else users.push(answer);
    }
  }

  /** What was noted last, as one list for answers with the same head that consulted the same. */
  #shared(head: string): readonly Fact[] {
    const known = this.#lists.get(head);
    const noted = this.#noted;
    if (known?.length === noted.length && known.every((fact, i) => fact === noted[i])) return known;
    const facts = noted.slice();
    if (this.#lists.size >= MOST_LISTS) this.#lists.clear();
    this.#lists.set(head, facts);
    return facts;
  }

  /**
   * What `make` gives, kept by its key until something that it consults is another. The present answer consults it as one
   * part, however much it has consulted itself.
   */
  common<T>(key: string, make: () => T): T {
    let found = this.#common.get(key);
    if (found === undefined) {
      const [current, noted, set] = [this.#current, this.#noted, this.#notedSet];
      this.#noted = [];
      this.open({ file: "", head: "" });
      const value = make();
      const fact: Fact = { key, all: this.#commonFacts, users: [], dropped: 0 };
      const facts = this.#noted.slice();
      found = { facts, value, fact };
      this.#common.set(key, found);
      this.#use(found, facts);
      [this.#current, this.#noted, this.#notedSet] = [current, noted, set];
    }
    if (this.#current !== null) this.#add(found.fact);
    return found.value as T;
  }

  /** Puts the answers that consulted it in the place of what many had in common. */
  expand<T extends Consultation>(stale: Set<T>): void {
    for (const one of stale) {
      if (!("fact" in one)) continue;
      const { fact } = one as unknown as Common;
      stale.delete(one);
      this.drop(one);
      this.#common.delete(fact.key);
      add(fact, stale);
    }
  }

  /** Lets go of what only helps to keep the same once. */
  rest(): void {
    this.#lists.clear();
  }

  /** What binds a name in a file, be it nothing, was looked at. */
  name(file: string, name: string): void {
    const current = this.#current;
    if (current === null || (name === current.head && file === current.file)) return;
    this.#note(this.#of(file), name);
  }

  /** The order of a file's statements was looked at. */
  order(file: string): void {
    if (this.#current !== null) this.#note(this.#of(file), ORDER);
  }

  /** What a file imports was looked at, not where. */
  imports(file: string): void {
    if (this.#current !== null) this.#note(this.#of(file), IMPORTS);
  }

  /** A module was looked for, by a dotted name. */
  probe(dotted: string): void {
    if (this.#current === null || dotted === "") return;
    if (!dotted.includes(".")) this.#note(this.#segments, dotted);
    else for (const segment of dotted.split(".")) this.#note(this.#segments, segment);
  }

  /** Adds those that consulted a name of a file. */
  usersOf<T extends Consultation>(file: string, name: string, into: Set<T>): void {
    add(this.#files.get(file)?.get(name), into);
  }

  ordersOf<T extends Consultation>(file: string, into: Set<T>): void {
    add(this.#files.get(file)?.get(ORDER), into);
  }

  importsOf<T extends Consultation>(file: string, into: Set<T>): void {
    add(this.#files.get(file)?.get(IMPORTS), into);
  }

  /** Adds those that consulted anything of a file. */
  allOf<T extends Consultation>(file: string, into: Set<T>): void {
    for (const fact of this.#files.get(file)?.values() ?? []) add(fact, into);
  }

  /** Adds those that looked for a module by a name with this part. */
  probedFor<T extends Consultation>(segment: string, into: Set<T>): void {
    add(this.#segments.get(segment), into);
  }

  /** The answer counts no more. */
  drop(answer: Consultation): void {
    const { facts } = answer;
    if (facts === null) return;
    answer.facts = null;
    for (const fact of facts) {
      if (!Array.isArray(fact.users)) fact.users = [];
      else if (++fact.dropped * 2 <= fact.users.length) continue;
      else fact.users = fact.users.filter((user) => user.facts !== null);
      fact.dropped = 0;
      if (fact.users.length === 0) fact.all.delete(fact.key);
    }
  }

  #of(file: string): Map<string, Fact> {
    let facts = this.#files.get(file);
    if (facts === undefined) {
      facts = new Map();
      this.#files.set(file, facts);
    }
    return facts;
  }

  #note(all: Map<string, Fact>, key: string): void {
    let fact = all.get(key);
    if (fact === undefined) {
      fact = { key, all, users: [], dropped: 0 };
      all.set(key, fact);
    }
    this.#add(fact);
  }

  #add(fact: Fact): void {
    const noted = this.#noted;
    if (noted.length >= FEW) {
      this.#notedSet ??= new Set(noted);
      if (this.#notedSet.has(fact)) return;
      this.#notedSet.add(fact);
    } else if (noted.includes(fact)) return;
    noted.push(fact);
  }
}

function add<T extends Consultation>(fact: Fact | undefined, into: Set<T>): void {
  if (fact === undefined) return;
  if (!Array.isArray(fact.users)) into.add(fact.users as T);
  else for (const user of fact.users) if (user.facts !== null) into.add(user as T);
}
