/**
 * Module-level statements elsewhere that change a definition when their module runs: calls of functions that mutate it
 * (registries, `setup()`), attributes set from outside, subclasses that register themselves (manifest §4). Only modules
 * that the stage's own file imports, directly or not, are looked at: others do not run with it. Kept per module. Above 400 lines
 * because what makes an effect and what takes it back have to be read together.
 */
import { type Definition, WHOLE } from "../graph/definitions.ts";
import type { DefinitionGraph, GraphChange, GraphNode } from "../graph/graph.ts";
import { otherSubclasses, type SummaryChange, samePiece, subclassing } from "../resolve/changes.ts";
import type { Moved, Resolver } from "../resolve/resolver.ts";
import type { SummarySource } from "../resolve/targets.ts";
import type { Effect, ModuleSummary, Slice } from "../summary/types.ts";
import { CalledObjects } from "./calledObjects.ts";
import { type FileSet, ImportClosure } from "./importClosure.ts";
import { AMBIENT, Mutations } from "./mutations.ts";
import { ANY, BUILTINS, isSameStatement, NO_STATES, PackageState } from "./packageState.ts";

/** A statement of `file` that changes a node. */
export interface EffectOn {
  readonly file: string;
  /** As the file's summary has it now. */
  slice: Slice;
}

interface ClassStatement {
  /** Chains. */
  readonly bases: readonly number[];
  readonly effect: EffectOn;
}

/** Files; one alone stands for the set. */
type Users = string | Set<string>;

type OfFile = ReadonlyMap<GraphNode, readonly EffectOn[]>;

export class Effects {
  readonly #source: SummarySource;
  readonly #graph: DefinitionGraph;
  readonly #resolver: Resolver;
  readonly #mutations: Mutations;
  readonly #objects: CalledObjects;
  readonly #packages: PackageState;
  readonly imports: ImportClosure;
  readonly #byFile = new Map<string, OfFile>();
  readonly #byNode = new Map<GraphNode, EffectOn[]>();
  /** Nodes whose mutations were asked for, and constants and classes that were looked at, with the files for which. */
  readonly #ran = new Map<GraphNode, Users>();
  readonly #seen = new Map<GraphNode, Users>();
  /** Files all of whose names are changed from elsewhere, with those from where. */
  readonly #wholes = new Map<string, Users>();
  /** Statements that set the state of packages that are not first party (`random.seed(1)`), by package, and of each file. */
  readonly #byPackage = new Map<string, EffectOn[]>();
  readonly #states = new Map<string, ReadonlyMap<string, readonly EffectOn[]>>();
  /** Files that set a builtin: `builtins.profile = ...`. */
  readonly #patching = new Set<string>();
  /** Which of these builtins nodes name, as far as somebody asked. */
  readonly #patched = new Map<GraphNode, readonly string[]>();
  /** What single statements of a file that is edited change: kept while nothing else that decides it is another. */
  readonly #results = new Map<string, Map<Effect, ReadonlySet<GraphNode>>>();
  /** Lists that were given for a node, until the next change or rest. */
  readonly #found = new Map<GraphNode, (readonly EffectOn[])[]>();
  /** Class statements with bases of files that were asked for them. */
  readonly #classes = new Map<string, readonly ClassStatement[]>();
  /** Files whose effects are known. */
  #known: FileSet = new Uint32Array(1);

  constructor(source: SummarySource, graph: DefinitionGraph, resolver: Resolver) {
    this.#source = source;
    this.#graph = graph;
    this.#resolver = resolver;
    this.#mutations = new Mutations(source, graph, resolver);
    this.#objects = new CalledObjects(source, graph, resolver, (node, file) => note(this.#seen, node, file));
    this.#packages = new PackageState(source, graph, resolver, this.#mutations);
    this.imports = new ImportClosure(source, resolver);
  }

  /**
   * What the modules that run with `root` do to a node, in the order in which `root` imports them; `root` has been given to
   * `prepare`.
   */
  on(node: GraphNode, root: string): readonly EffectOn[] {
    return this.#withRoot(this.#on(node), root);
  }

  #withRoot(all: readonly EffectOn[], root: string): readonly EffectOn[] {
    if (all.length === 0) return NONE;
    const found = all.filter((effect) => this.imports.has(root, effect.file));
    if (found.length < 2) return found;
    const places = this.imports.order(root);
    return found.sort((x, y) => (places.get(x.file) as number) - (places.get(y.file) as number));
  }

  /**
   * What the modules that run with `root` do to state that code may depend on which does not name it; for whoever reaches a
   * node that `readsAmbient`. Once for all of these: there may be many, and each would have all of it.
   */
  ambient(root: string): readonly EffectOn[] {
    return this.#withRoot(this.#byPackage.get(ANY) ?? NONE, root);
  }

  /** Whether a node may depend on such state, and there is any. */
  readsAmbient(node: GraphNode): boolean {
    return this.#byPackage.has(ANY) && this.#packages.of(node).includes(ANY);
  }

  /** One list for all stages that find the same done to a node, with no room for more. */
  shared(node: GraphNode, effects: readonly EffectOn[]): readonly EffectOn[] {
    let lists = this.#found.get(node);
    if (lists === undefined) {
      lists = [];
      this.#found.set(node, lists);
    }
    for (const list of lists)
      if (list.length === effects.length && list.every((effect, i) => effect === effects[i])) return list;
    const list = effects.slice();
    if (lists.length < MOST_FOUND) lists.push(list);
    return list;
  }

  /** Lets go of what only helps to keep the same once. */
  rest(): void {
    this.imports.rest();
    this.#found.clear();
  }

  /** Looks at all files that run with `root`. */
  prepare(root: string): void {
    const { files, known } = this.imports.missing(this.imports.of(root), this.#known);
    this.#known = known;
    for (const file of files) this.of(file);
  }

  /** Class statements with this base in the modules that run with `root`: what `__subclasses__` gives. */
  subclasses(node: GraphNode, root: string): readonly EffectOn[] {
    const out: EffectOn[] = [];
    for (const file of this.imports.order(root).keys()) {
      const classes = this.#classesIn(file);
      for (let i = 0; i < classes.length; i++) {
        const { bases, effect } = classes[i];
        const isBase = bases.some((base) =>
          this.#resolver.resolve(file, base).some((target) => this.#graph.targetNode(target) === node),
        );
        if (isBase) out.push(effect);
      }
    }
    return out;
  }

  #classesIn(file: string): readonly ClassStatement[] {
    let found = this.#classes.get(file);
    if (found === undefined) {
      const summary = this.#source.summary(file);
      found =
        summary === null ? [] : subclassing(summary).map(({ bases, slice }) => ({ bases, effect: { file, slice } }));
      this.#classes.set(file, found);
    }
    return found;
  }

  /** Takes in where the class statements of files stand now: who knows them need not look for them again. */
  #placeClasses(changes: ReadonlyMap<string, SummaryChange>): void {
    for (const [file, change] of changes) {
      const known = this.#classes.get(file);
      this.#classes.delete(file);
      if (known === undefined || otherSubclasses(change)) continue;
      const now = subclassing(change.after as ModuleSummary);
      for (let i = 0; i < known.length; i++) known[i].effect.slice = now[i].slice;
      this.#classes.set(
        file,
        known.map(({ effect }, i) => ({ bases: now[i].bases, effect })),
      );
    }
  }

  /** What the files that were asked for do to a node, in the order of their paths. */
  all(node: GraphNode): readonly EffectOn[] {
    const found = this.#on(node);
    if (found.length === 0) return NONE;
    return [...found].sort((x, y) => (x.file < y.file ? -1 : x.file > y.file ? 1 : 0));
  }

  /** What is done to a node, and to the state of the packages that it names. */
  #on(node: GraphNode): readonly EffectOn[] {
    const own = this.#byNode.get(node) ?? NONE;
    if (this.#byPackage.size === 0) return own;
    let out: EffectOn[] | null = null;
    const names = this.#packages.of(node);
    const patched = this.#patchedBy(node);
    for (const name of patched.length > 0 ? [...names, ...patched] : names) {
      if (name === ANY) continue;
      for (const effect of this.#byPackage.get(name) ?? NONE) {
        out ??= [...own];
        if (!out.some(({ file, slice }) => file === effect.file && isSameStatement(slice, effect.slice)))
          out.push(effect);
      }
    }
    return out ?? own;
  }

  /** The builtins that a node names and some file sets. */
  #patchedBy(node: GraphNode): readonly string[] {
    if (this.#patching.size === 0) return NO_NAMES;
    let found = this.#patched.get(node);
    if (found === undefined) {
      const names = [...this.#packages.builtinsOf(node)].filter((name) => this.#byPackage.has(name));
      found = names.length === 0 ? NO_NAMES : names;
      this.#patched.set(node, found);
    }
    return found;
  }

  #putState(file: string): void {
    const found = this.#packages.stateIn(file);
    this.#states.set(file, found);
    const patched = this.#patching.delete(file);
    for (const name of found.keys()) if (name.startsWith(BUILTINS)) this.#patching.add(file);
    for (const [name, effects] of found)
      this.#byPackage.set(name, [...(this.#byPackage.get(name) ?? NONE), ...effects]);
    if (patched || this.#patching.has(file)) this.#patched.clear();
  }

  /** A file's statements about packages anew; adds the nodes that name one of which others hold now. */
  #remakeState(file: string, change: SummaryChange | undefined, isMoved: boolean, into: Set<GraphNode>): void {
    const old = this.#states.get(file) ?? NO_STATES;
    for (const name of old.keys()) {
      const rest = (this.#byPackage.get(name) ?? NONE).filter((effect) => effect.file !== file);
      if (rest.length === 0) this.#byPackage.delete(name);
      else this.#byPackage.set(name, rest);
    }
    this.#putState(file);
    const now = this.#states.get(file) ?? NO_STATES;
    const chains = this.#source.summary(file)?.chains ?? [];
    const before = change?.before?.chains ?? chains;
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const was = old.get(name) ?? NONE;
      const is = now.get(name) ?? NONE;
      const isSame =
        !isMoved &&
        was.length === is.length &&
        was.every(({ slice }, i) => samePiece(slice.piece, is[i].slice.piece, before, chains));
      if (isSame) continue;
      for (const there of this.#byFile.keys())
        for (const node of this.#graph.known(there)) if (this.#packages.names(node, name)) into.add(node);
    }
  }

  /** Nodes whose code is another one: what they name anew. */
  #rename({ touched, rewired, removed }: GraphChange, moved: Moved, into: Set<GraphNode>): void {
    const again = new Set([...touched, ...rewired]);
    for (const file of moved.keys()) for (const node of this.#graph.known(file)) again.add(node);
    for (const node of removed) node.packages = null;
    for (const node of removed) this.#patched.delete(node);
    for (const node of again) {
      const before = this.#patched.get(node) ?? NO_NAMES;
      this.#patched.delete(node);
      if (before.length > 0 || this.#patchedBy(node).length > 0) into.add(node);
      const old = node.packages;
      node.packages = null;
      if (old === null || this.#byPackage.size === 0) continue;
      const now = this.#packages.of(node);
      if (old.join() !== now.join()) into.add(node);
    }
  }

  /** Whether a statement of the node's own file is part of the node already. */
  static isOwn(definition: Definition, effect: EffectOn): boolean {
    return effect.file === definition.file && definition.orders.includes(effect.slice.order);
  }

  /** What one file's module level does to definitions, by node. */
  of(file: string): OfFile {
    let found = this.#byFile.get(file);
    if (found === undefined) {
      found = this.#make(file);
      this.#put(file, found);
      this.#putState(file);
    }
    return found;
  }

  #put(file: string, found: OfFile): void {
    this.#byFile.set(file, found);
    for (const [node, effects] of found) {
      const list = this.#byNode.get(node);
      if (list) list.push(...effects);
      else this.#byNode.set(node, [...effects]);
    }
  }

  /** `results`: what single statements change, as far as it is known already; takes what was found out. */
  #make(file: string, results: Map<Effect, ReadonlySet<GraphNode>> | null = null): OfFile {
    const out = new Map<GraphNode, EffectOn[]>();
    const add = (node: GraphNode, slice: Slice) => {
      const list = out.get(node);
      if (list === undefined) out.set(node, [{ file, slice }]);
      else if (!list.some((item) => isSameStatement(item.slice, slice))) list.push({ file, slice });
    };
    const summary = this.#source.summary(file);
    for (const effect of summary?.effects ?? []) {
      const nodes = results?.get(effect) ?? this.#changedBy(file, effect);
      results?.set(effect, nodes);
      for (const node of nodes) add(node, effect.slice);
    }
    for (const { chain, whole, slice } of summary?.foreign ?? []) {
      for (const node of this.#foreignTargets(file, chain, whole)) add(node, slice);
    }
    return out.size === 0 ? NOTHING : out;
  }

  /** Keeps results of a file for its next edit, those of statements that are gone apart. */
  #keepResults(file: string, results: Map<Effect, ReadonlySet<GraphNode>>): void {
    const effects = this.#source.summary(file)?.effects ?? [];
    if (results.size > 2 * effects.length) {
      const present = new Set(effects);
      for (const effect of results.keys()) if (!present.has(effect)) results.delete(effect);
    }
    this.#results.set(file, results);
  }

  #changedBy(file: string, effect: Effect): ReadonlySet<GraphNode> {
    const out = new Set<GraphNode>();
    const run = (node: GraphNode) => {
      note(this.#ran, node, file);
      for (const changed of this.#mutations.of(node)) if (changed !== AMBIENT) out.add(changed);
    };
    for (const callee of effect.callees) {
      for (const target of this.#resolver.resolve(file, callee)) {
        if (target.kind !== "name") continue;
        const node = this.#graph.named(target.file, target.name);
        run(node);
        if (node.definition?.kind !== "const") continue;
        // An object that is called may be a partial, a bound method or an instance: what it was made from runs.
        note(this.#seen, node, file);
        for (const next of this.#graph.successors(node)) run(next);
        for (const changed of this.#objects.keptBy(node, target.attrs.length > 0, effect.acting.includes(callee), file))
          out.add(changed);
      }
    }
    for (const base of effect.bases) {
      for (const target of this.#resolver.resolve(file, base)) {
        const node = this.#graph.targetNode(target);
        if (node === null || !this.#objects.watchesSubclasses(node, file)) continue;
        run(node);
        out.add(node);
      }
    }
    return out;
  }

  /** `mod.f = g` sets a name of a module; `mod.Cls.x = 1` something on a definition. */
  #foreignTargets(file: string, chain: number, whole: boolean): GraphNode[] {
    const out: GraphNode[] = [];
    for (const target of this.#resolver.resolve(file, chain)) {
      if (target.kind === "name") out.push(this.#graph.named(target.file, target.name));
      else if (target.kind === "module" && target.module.file && whole) {
        // A module that is handed on, or set by a computed name: any of its names may be another one then.
        const there = target.module.file;
        note(this.#wholes, there, file);
        for (const name of this.#source.summary(there)?.names.keys() ?? []) out.push(this.#graph.named(there, name));
        out.push(this.#graph.named(there, WHOLE));
      }
    }
    return out;
  }

  // ------------------------------------------------------------- changes

  /** Takes in a change; gives the nodes to which other things are done now, and the files with which others run. */
  update(
    changed: GraphChange,
    changes: ReadonlyMap<string, SummaryChange>,
    moved: Moved,
    relisted: boolean,
  ): { readonly nodes: ReadonlySet<GraphNode>; readonly roots: ReadonlySet<string> } {
    this.#found.clear();
    const roots = this.imports.update(changes.keys(), relisted);
    this.#placeClasses(changes);
    const files = new Set<string>();
    const addAll = (some: Iterable<string> | undefined) => {
      if (typeof some === "string") files.add(some);
      else for (const file of some ?? []) files.add(file);
    };
    const taken = this.#mutations.update(changed, changes);
    for (const [file, change] of changes) if (change.header || change.names.size > 0) addAll(this.#wholes.get(file));
    addAll(moved.keys());
    for (const node of changed.touched) {
      // Of a function that runs, only what it changes matters: that is told of by `taken`.
      const isOther = changed.reshaped.has(node) || node.definition?.kind === "const";
      if (isOther) addAll(this.#seen.get(node));
    }
    for (const [node, old] of taken) {
      const users = this.#ran.get(node);
      if (users === undefined) continue;
      const now = this.#mutations.of(node);
      if (old.size !== now.size || [...old].some((each) => !now.has(each))) addAll(users);
    }
    if (changed.removed.length > 0 || changes.size > MOST_EDITED) this.#results.clear();
    for (const file of files) this.#results.delete(file);
    for (const file of changes.keys()) files.add(file);
    const nodes = new Set<GraphNode>();
    for (const file of files) {
      if (!this.#byFile.has(file)) continue;
      this.#remake(file, changes.get(file), moved.get(file), nodes);
    }
    this.#rename(changed, moved, nodes);
    for (const file of files)
      if (this.#states.has(file)) this.#remakeState(file, changes.get(file), moved.has(file), nodes);
    for (const node of changed.removed) {
      this.#ran.delete(node);
      this.#seen.delete(node);
    }
    return { nodes, roots };
  }

  /** A file's effects anew; adds the nodes to which something else is done. */
  #remake(
    file: string,
    change: SummaryChange | undefined,
    moved: ReadonlySet<number> | undefined,
    into: Set<GraphNode>,
  ): void {
    const old = this.#byFile.get(file) as OfFile;
    const results = this.#results.get(file) ?? new Map<Effect, ReadonlySet<GraphNode>>();
    const now = this.#make(file, results);
    if (change !== undefined) this.#keepResults(file, results);
    if (old.size === 0 && now.size === 0) return;
    const chains = this.#source.summary(file)?.chains ?? [];
    const before = change?.before?.chains ?? chains;
    const kept = new Map<GraphNode, readonly EffectOn[]>();
    for (const [node, effects] of now) {
      const known = old.get(node);
      const isSame =
        known !== undefined &&
        known.length === effects.length &&
        known.every(({ slice }, i) => {
          const { piece } = effects[i].slice;
          const leadsElsewhere =
            moved !== undefined && [...piece.refs, ...piece.annotationRefs].some((ref) => moved.has(ref));
          return !leadsElsewhere && samePiece(slice.piece, piece, before, chains);
        });
      if (!isSame) into.add(node);
      else for (let i = 0; i < known.length; i++) known[i].slice = effects[i].slice;
      kept.set(node, isSame ? known : effects);
    }
    for (const node of old.keys()) {
      if (!now.has(node)) into.add(node);
      const rest = this.#byNode.get(node)?.filter((effect) => effect.file !== file) ?? [];
      if (rest.length === 0) this.#byNode.delete(node);
      else this.#byNode.set(node, rest);
    }
    this.#put(file, kept.size === 0 ? NOTHING : kept);
  }
}

/** More files than this at a time are no edit: nothing is kept for the next one. */
const MOST_EDITED = 8;

const NONE: readonly EffectOn[] = [];
const NO_NAMES: readonly string[] = [];
const NOTHING: OfFile = new Map();
/** Lists of one node that are looked through for an equal one. */
const MOST_FOUND = 50;

function note<K>(users: Map<K, Users>, key: K, file: string): void {
  const found = users.get(key);
  if (found === undefined) users.set(key, file);
  else if (typeof found !== "string") found.add(file);
  else if (found !== file) users.set(key, new Set([found, file]));
}
