/**
 * The canonical form of one definition: a stream of tokens that is equal exactly for definitions that the level in force
 * holds equal, with its references taken out and listed beside it.
 *
 * This file holds the state and everything about names; `expressions.ts` and `statements.ts` walk the tree. One walk
 * gives both digests of a definition: the stream alone is its *shape* (names of helpers do not matter), stream and chain
 * texts together its own `hash` (M6.2). Never looks into another file and never decides what a reference means. Above 400 lines because the walk's state is
 * one thing: names, scopes and streams are read together.
 */
import { mangle } from "../binding/mangling.ts";
import { Resolution, type Scope, ScopeKind, type Symbol as ScopeSymbol, SymbolFlag } from "../binding/scope.ts";
import type { NoticeKind } from "../program/types.ts";
import { type AnyNode, Context, type Expr, type Name } from "../syntax/ast.ts";
import { newName } from "../syntax/nodes.ts";
import { borrowStream, releaseStream, type TokenStream } from "../text/digest.ts";
import type { Chain } from "./chains.ts";
import { type FileContext, type ImportTarget, isLoaded } from "./file.ts";
import { importsOf, notesOf, type ScopeNotes, seesNames } from "./functionScope.ts";

/** Tags of the stream beside node kinds, which are below 100. Their values are part of every fingerprint. */
export const enum Tag {
  None = 100,
  Reference,
  Local,
  Written,
  Parameter,
  ClassName,
  Captured,
  Unbound,
  ImportFirst,
  StoreGlobal,
  SelfTarget,
  OtherTarget,
  Slice,
  Empty,
  GetattrLiteral,
  Ignored,
  BareTarget,
  BareLocal,
  MangledAttribute,
  LocalImport,
  Submodules,
  TextAnnotation,
}

/**
 * What reachable code does with the parts of definitions that normally do not count; a bit set (M3.2, M3.4), of bits below
 * 256: `DigestTable` keeps its own above them.
 */
export const enum Reads {
  Nothing = 0,
  /** `.__name__`, `.__qualname__`, `.__module__`: names of functions are behaviour. */
  Names = 1,
  /** `.__doc__` */
  Docs = 2,
  /** `.__annotations__`, `get_type_hints`, `inspect.signature` */
  Annotations = 4,
  /** `__subclasses__`: classes that nobody names are reached. */
  Subclasses = 8,
  /** Functions are called with keywords, at level `behavioral`: names of parameters are behaviour. */
  Parameters = 16,
  /** The same, where it reaches first-party code at all. */
  Keywords = 32,
  /** `.__module__`: where functions and classes stand is behaviour. */
  Modules = 64,
  /** The bits that decide what of a definition is hashed. */
  Variant = 87,
  /**
   * No reading: what calls of what it makes leave behind. A function's inner functions change what its variables hold; a class'
   * `__call__` changes the instance.
   */
  SharedState = 128,
}

/** A notice as one file's text gives it; `chain` is the thing it is about, where that has a name. */
export interface LocalNotice {
  readonly kind: NoticeKind;
  readonly text: string;
  readonly offset: number;
  readonly chain: number;
}

/**
 * Names of one function-like scope while it is walked. Its symbols are numbered by it: locals by order of first appearance
 * from 0 on, parameters below zero.
 */
class Frame {
  readonly walk: Canonical;
  readonly ordinal: number;
  /** Names stand as they are written: something may see them. */
  readonly keepsNames: boolean;
  /** Import-only locals. */
  readonly imports: Map<string, ImportTarget[]> | null;
  /** Import-only locals whose import statement was passed. */
  imported: Set<string> | null = null;
  /** Locals met so far. */
  locals = 0;

  constructor(walk: Canonical, ordinal: number, keepsNames: boolean, imports: Map<string, ImportTarget[]> | null) {
    this.walk = walk;
    this.ordinal = ordinal;
    this.keepsNames = keepsNames;
    this.imports = imports;
  }
}

/** The number of a parameter: its position, and whether it is one without annotation, `self` and `cls` apart. */
function parameterNumber(position: number, unknown: boolean): number {
  return -1 - (position * 2 + (unknown ? 1 : 0));
}

const NO_NAMES: readonly string[] = [];

function mangledAll(names: readonly string[], className: string): readonly string[] {
  return names.map((name) => mangle(name, className));
}

/** Names that are mangled begin so. */
function isPrivate(name: string): boolean {
  return name.charCodeAt(0) === 95 && name.charCodeAt(1) === 95;
}

export class Canonical {
  /** Borrowed: whoever takes the digest calls `release`. */
  readonly out = borrowStream();
  #docs: TokenStream | null = null;
  #annotations: TokenStream | null = null;
  #names: TokenStream | null = null;
  #parameters: TokenStream | null = null;
  /** Chain index of each reference, in the order of the stream. */
  readonly refs: number[] = [];
  /** First-party classes named in annotations are references too, but their place is not hashed (M4.5). */
  annotationRefs: Set<number> | null = null;
  /** What the code says for a chain that starts at a local alias of an import. */
  aliases: Map<number, string> | null = null;
  /** References that a rule has taken out of the canonical form. */
  mentioned: Set<number> | null = null;
  /** Slots of references that a rule has put in: the code does not say them. */
  readonly unwritten: number[] = [];
  /** Modules imported in the body without a token of their own: hashed only where first party. */
  readonly localImports: number[] = [];
  readonly notices: LocalNotice[] = [];
  /** Module-level names (as chains) that the body rebinds or mutates. */
  mutates: Set<number> | null = null;
  /** Those of them that are rebound, or have an attribute or item set, whatever they hold. */
  sets: Set<number> | null = null;
  /** Module-level objects that may be changed through a local, a helper or `self` (chains). */
  hands: Set<number> | null = null;
  /** What locals may hold, by name (chains). */
  sources: Map<Scope, Map<string, Set<number>>> | null = null;
  /** Names of methods called on receivers that nothing is known about, with the place of the first call. */
  methodCalls: Map<string, number> | null = null;
  reads = Reads.Nothing;
  ignored = 0;
  scope: Scope;
  /** True while a strict `hash` is made: every name is a plain token. */
  readonly asWritten: boolean;
  /** Whether names of locals don't count and equivalences hold: all levels but `strict`. */
  readonly renames: boolean;
  /** Whether rules rewrite what is walked. */
  readonly rewrites: boolean;
  readonly file: FileContext;
  #frames = 0;
  #askedName = "";
  #askedScope: Scope | null = null;
  #askedOwner: Scope | null = null;
  /** Depth of `try` around the present statement, within the present function. */
  tryDepth = 0;
  /** Depth of compound statements around the present statement, within the present function. */
  blockDepth = 0;
  /** Whether falling off the end of the present statement list leaves the function. */
  tail = false;
  /** Canonical forms found so far by rules that look at the parts of an expression; null before the first. */
  forms: Map<Expr, Expr> | null = null;
  /** Names of builtins that rules have put in. */
  #made: Set<Name> | null = null;
  /** Scopes of nodes that rules have put in the place of others. */
  #aliases: Map<AnyNode, Scope> | null = null;
  /** Name whose module-level statements are sliced: stores to it are `SelfTarget`, to others `OtherTarget`. */
  sliceOf: string | null = null;
  /** Place among the module's statements of code that runs at module level; -1 where that is not known. */
  order = -1;
  /** Qualname of the definition walked, `""` for module-level statements. */
  readonly qualname: string;

  constructor(file: FileContext, scope: Scope, qualname: string, asWritten = false) {
    this.file = file;
    this.scope = scope;
    this.qualname = qualname;
    this.asWritten = asWritten;
    this.renames = file.level !== "strict";
    this.rewrites = this.renames && !asWritten;
  }

  /** Docstrings, which count only where something reads them. */
  get docs(): TokenStream {
    this.#docs ??= borrowStream();
    return this.#docs;
  }

  /** Annotations that count only where something reads annotations. */
  get annotations(): TokenStream {
    this.#annotations ??= borrowStream();
    return this.#annotations;
  }

  /** Names of inner functions, which count only where something reads names. */
  get names(): TokenStream {
    this.#names ??= borrowStream();
    return this.#names;
  }

  /** Names of parameters at level `behavioral`, where they count only where something reads them or calls by them. */
  get parameters(): TokenStream {
    this.#parameters ??= borrowStream();
    return this.#parameters;
  }

  /** Digest of the docstrings, empty when there are none. */
  get docsDigest(): string {
    return this.#docs === null ? "" : this.#docs.digest();
  }

  /** Digest of the side annotations, empty when there are none. */
  get annotationsDigest(): string {
    return this.#annotations === null ? "" : this.#annotations.digest();
  }

  /** Digest of the names of inner functions, empty when there are none. */
  get namesDigest(): string {
    return this.#names === null ? "" : this.#names.digest();
  }

  /** Digest of the names of parameters, empty when there are none or they count anyway. */
  get parametersDigest(): string {
    return this.#parameters === null ? "" : this.#parameters.digest();
  }

  /** What was said of docstrings, side annotations and names so far; null where nothing was. */
  get sides(): Readonly<Record<"docs" | "annotations" | "names" | "parameters", TokenStream | null>> {
    return { docs: this.#docs, annotations: this.#annotations, names: this.#names, parameters: this.#parameters };
  }

  /** Whether a function-like scope has been entered since frames are counted. */
  get hasFrames(): boolean {
    return this.#frames > 0;
  }

  /** From here on frames are counted from the first again; gives what `endFrames` goes back to. */
  beginFrames(): number {
    const frames = this.#frames;
    this.#frames = 0;
    return frames;
  }

  endFrames(frames: number): void {
    this.#frames = frames;
  }

  /** Gives the stream's memory back; the walk is over. */
  release(): void {
    releaseStream(this.out);
    if (this.#docs !== null) releaseStream(this.#docs);
    if (this.#annotations !== null) releaseStream(this.#annotations);
    if (this.#names !== null) releaseStream(this.#names);
    if (this.#parameters !== null) releaseStream(this.#parameters);
  }

  tag(tag: number): void {
    this.out.int(tag);
  }

  text(text: string): void {
    this.out.text(text);
  }

  /** Lists a reference and leaves a slot for it in the stream. */
  reference(chain: Chain): void {
    this.out.int(Tag.Reference);
    this.refs.push(this.file.chains.intern(chain));
  }

  notice(kind: NoticeKind, node: AnyNode, chain: Chain | null = null): void {
    if (this.asWritten) return;
    const source = this.file.text.slice(node.start, Math.min(node.end, node.start + 200)).replace(/\s+/g, " ");
    this.notices.push({
      kind,
      text: source.length > 60 ? `${source.slice(0, 57)}...` : source,
      offset: node.start,
      chain: chain === null ? -1 : this.file.chains.intern(chain),
    });
  }

  // ---------------------------------------------------------------- scopes

  /** Enters the scope that `node` opens; returns the scope to go back to with `leave`. */
  enter(node: AnyNode): Scope {
    const before = this.scope;
    const scope = this.scopeOf(node);
    if (scope) {
      this.scope = scope;
      if (scope.kind !== ScopeKind.Class && scope.kind !== ScopeKind.Module) this.#open(scope);
    }
    return before;
  }

  /** The scope that a node opens, be it the file's own or one that a rule has made. */
  scopeOf(node: AnyNode): Scope | undefined {
    return this.#aliases?.get(node) ?? this.file.scopes.scopes.get(node);
  }

  /** Gives `made`, which a rule puts in the place of `original`, the scope of that. */
  aliasScope(made: AnyNode, original: AnyNode): void {
    const scope = this.scopeOf(original);
    if (scope === undefined) return;
    this.#aliases ??= new Map();
    this.#aliases.set(made, scope);
  }

  /** The name of a builtin that the canonical form says but the code does not: hashed, never listed. */
  builtinName(place: AnyNode, id: string): Name {
    const node = newName(place.start, place.end, id, Context.Load);
    this.#made ??= new Set();
    this.#made.add(node);
    return node;
  }

  /** A name, with attributes read from it, that the code says but its canonical form does not: listed, never hashed. */
  mention(node: Name, attrs: readonly string[] = []): void {
    if (this.#made?.has(node)) return;
    const owner = this.owner(node.id);
    const name = mangle(node.id, this.scope.mangleWith);
    this.mentioned ??= new Set();
    if (owner === null) {
      this.mentioned.add(this.file.chains.global(name, attrs));
      return;
    }
    for (const target of this.importTargets(node.id) ?? []) {
      const chain = this.file.chains.intern({ kind: "import", ...target, attrs });
      this.mentioned.add(chain);
      this.aliases ??= new Map();
      this.aliases.set(chain, [node.id, ...attrs].join("."));
    }
    if (this.#frameOf(owner) === null && this.#isDefinition(owner, name)) {
      this.mentioned.add(this.file.chains.intern(nestedIn(owner, name)));
    }
  }

  /** Whether a name of a function is bound by `def` or `class` there. */
  #isDefinition(owner: Scope, name: string): boolean {
    const flags = owner.symbols.get(name)?.flags ?? 0;
    return (flags & SymbolFlag.Definition) !== 0 && (flags & SymbolFlag.Parameter) === 0;
  }

  /** Moves into an implicit scope (type parameters); `leave` goes back. */
  enterScope(scope: Scope): void {
    this.scope = scope;
    this.#open(scope);
  }

  leave(scope: Scope): void {
    this.scope = scope;
  }

  /** The scope around `node`'s own: where decorators, defaults and bases of a generic definition are read. */
  outer(node: AnyNode): Scope {
    return this.file.scopes.scopes.get(node)?.parent ?? this.scope;
  }

  /** Begins a frame for a scope, unless this walk has been there. */
  #open(scope: Scope): void {
    const notes = notesOf(scope);
    const frame = notes.frame as Frame | null;
    if (frame !== null && frame.walk === this) return;
    const keepsNames = !this.renames || seesNames(scope, this.file);
    notes.frame = new Frame(this, this.#frames++, keepsNames, importsOf(scope));
  }

  /** The frame of a scope that this walk has entered; null for any other. */
  #frameOf(scope: Scope): Frame | null {
    const notes = scope.notes as ScopeNotes | null;
    if (notes === null) return null;
    const frame = notes.frame as Frame | null;
    return frame !== null && frame.walk === this ? frame : null;
  }

  /** Declares a parameter of the scope just entered; `known` when something says what it holds. */
  parameter(name: string, position: number, known: boolean): void {
    const frame = this.#frameOf(this.scope);
    const symbol = this.scope.symbols.get(mangle(name, this.scope.mangleWith));
    if (frame === null || symbol === undefined) return;
    const isSelf = position === 0 && this.scope.parent?.kind === ScopeKind.Class;
    symbol.numberedBy = frame;
    symbol.number = parameterNumber(position, !known && !isSelf);
  }

  /** Whether a name read here is a parameter that nothing is said about. */
  isUnknownReceiver(id: string): boolean {
    const owner = this.owner(id);
    if (owner === null) return false;
    const symbol = owner.symbols.get(mangle(id, this.scope.mangleWith));
    if (symbol === undefined || symbol.number >= 0 || (symbol.number & 1) === 1) return false;
    return symbol.numberedBy !== null && symbol.numberedBy === this.#frameOf(owner);
  }

  /** Where an import-only local of a function around here comes from. */
  importTargets(id: string): readonly ImportTarget[] | null {
    const owner = this.owner(id);
    return owner === null ? null : (importsOf(owner)?.get(mangle(id, this.scope.mangleWith)) ?? null);
  }

  /** The scope a name of the present scope lives in: a function-like scope, a class (its own body only), or null for global. */
  owner(id: string): Scope | null {
    // What is asked about a call is asked about one name several times in a row.
    if (id === this.#askedName && this.scope === this.#askedScope) return this.#askedOwner;
    const { scope } = this;
    const name = mangle(id, scope.mangleWith);
    const symbol = scope.symbols.get(name);
    const owner = symbol === undefined ? homeOf(name, scope) : homeOfSymbol(symbol, scope);
    this.#askedName = id;
    this.#askedScope = scope;
    this.#askedOwner = owner;
    return owner;
  }

  /** The same of a name that stands in the code: binding has left its symbol there. */
  ownerOf(node: Name): Scope | null {
    const symbol = node.symbol as ScopeSymbol | null;
    return symbol !== null && symbol.scope === this.scope ? homeOfSymbol(symbol, this.scope) : this.owner(node.id);
  }

  /** Whether a name, read here, is the builtin of that name. */
  isBuiltin(id: string): boolean {
    return this.owner(id) === null && this.isOfBuiltins(id);
  }

  /** Whether a name of no function or class around is the builtin of that name. */
  isOfBuiltins(id: string): boolean {
    const { facts } = this.file;
    return !facts.hasStar && !facts.moduleNames.has(id) && !facts.declaredGlobal.has(id);
  }

  // ----------------------------------------------------------------- names

  /** A name that is bound here: assignment, `for` target, `def`, `except ... as` and so on; `node`: where it stands, if it does. */
  store(id: string, node: Name | null = null): void {
    if (this.asWritten) {
      this.out.int(Tag.Written);
      this.out.text(id);
      return;
    }
    const owner = node === null ? this.owner(id) : this.ownerOf(node);
    if (owner === null) {
      if (this.scope.kind === ScopeKind.Module || this.sliceOf !== null) {
        this.out.int(id === this.sliceOf ? Tag.SelfTarget : Tag.OtherTarget);
        return;
      }
      this.out.int(Tag.StoreGlobal);
      const chain = this.file.chains.global(mangle(id, this.scope.mangleWith));
      this.noteMutated(chain, true);
      this.out.int(Tag.Reference);
      this.refs.push(chain);
      return;
    }
    if (owner !== this.scope) this.noteShared(owner);
    const symbol = node === null ? null : (node.symbol as ScopeSymbol | null);
    if (symbol !== null && symbol.scope === this.scope) this.#local(owner, id, symbol.name, symbol);
    else this.#local(owner, id, mangle(id, this.scope.mangleWith), undefined);
  }

  /** Notes that a module-level name is changed here; `isSet`: it is rebound, or something is set on it. */
  noteMutated(chain: number, isSet: boolean): void {
    this.mutates ??= new Set();
    this.mutates.add(chain);
    if (isSet) {
      this.sets ??= new Set();
      this.sets.add(chain);
    }
  }

  /** Notes that what a variable of `owner` holds is changed here: by a function inside, calls of which then share state. */
  noteShared(owner: Scope): void {
    let scope = this.scope;
    while (scope.kind === ScopeKind.Comprehension && scope.parent !== null) scope = scope.parent;
    if (scope.parent === owner && owner.parent?.kind === ScopeKind.Module && owner.kind === ScopeKind.Function)
      this.reads |= Reads.SharedState;
  }

  noteHanded(chain: number): void {
    this.hands ??= new Set();
    this.hands.add(chain);
  }

  /** A name read here, with the attributes read from it; `node`: where it stands, if it does. */
  load(id: string, attrs: readonly string[], node: Name | null = null): void {
    const { scope } = this;
    const bound = node === null ? null : (node.symbol as ScopeSymbol | null);
    const isHere = bound !== null && bound.scope === scope;
    const name = isHere ? bound.name : mangle(id, scope.mangleWith);
    const symbol = isHere ? bound : scope.symbols.get(name);
    const owner = symbol === undefined ? homeOf(name, scope) : homeOfSymbol(symbol, scope);
    const path = scope.mangleWith !== null && attrs.some(isPrivate) ? mangledAll(attrs, scope.mangleWith) : attrs;
    if (owner === null) {
      if (this.order >= 0) this.#runsAtModuleLevel(name);
      this.out.int(Tag.Reference);
      this.refs.push(this.file.chains.global(name, path));
      return;
    }
    if (owner.kind === ScopeKind.Class) {
      // A class body reads its own name if it is bound by then, else the module's (LOAD_NAME).
      this.out.int(Tag.ClassName);
      this.out.text(id);
      this.reference({ kind: "global", name, attrs: path });
      this.attributes(attrs);
      return;
    }
    const frame = this.#frameOf(owner);
    const targets = importsOf(owner)?.get(name);
    if (targets && this.renames && !frame?.keepsNames) {
      if (frame && scope === owner && !frame.imported?.has(name)) this.out.int(Tag.Unbound);
      this.out.int(Tag.LocalImport);
      this.out.int(targets.length);
      for (const target of targets) this.#importedLocal(id, target, path);
      const fulls = targets.map((target) => target.full ?? target.module);
      if (targets[0].name === null && !isLoaded(targets[0].module, path, fulls)) {
        this.out.int(Tag.Submodules);
        for (const full of fulls) this.out.text(full);
      }
      return;
    }
    if (targets) for (const target of targets) this.#importedLocal(id, target, path);
    this.#local(owner, id, name, symbol);
    if (attrs.length > 0 && NAME_READS.has(attrs[0]) && isDefinedHere(owner, name)) this.out.text(id);
    this.attributes(attrs);
  }

  #importedLocal(id: string, target: ImportTarget, attrs: readonly string[]): void {
    const { level, module, name } = target;
    this.reference({ kind: "import", level, module, name, attrs });
    const written = [id, ...attrs].join(".");
    if (id !== (target.name ?? target.module)) {
      this.aliases ??= new Map();
      this.aliases.set(this.refs[this.refs.length - 1], written);
    }
  }

  /** Code that runs while the module does reads what the statements before it left: their number stands in the stream. */
  #runsAtModuleLevel(name: string): void {
    let scope: Scope | null = this.scope;
    while (scope !== null && (scope.kind === ScopeKind.Class || scope.kind === ScopeKind.Comprehension))
      scope = scope.parent;
    if (scope?.kind !== ScopeKind.Module) return;
    const before = this.file.facts.bindingsBefore(name, this.order);
    if (before >= 0) this.out.int(before);
  }

  attributes(attrs: readonly string[]): void {
    this.out.int(attrs.length);
    for (let i = 0; i < attrs.length; i++) this.out.text(attrs[i]);
  }

  /** `name`: the mangled `id`; `here`: its symbol in the present scope. */
  #local(owner: Scope, id: string, name: string, here: ScopeSymbol | undefined): void {
    const out = this.out;
    if (owner.kind === ScopeKind.Class) {
      out.int(Tag.ClassName);
      out.text(id);
      return;
    }
    const frame = this.#frameOf(owner);
    if (frame === null) {
      this.#captured(owner, name);
      return;
    }
    if (frame.keepsNames) {
      out.int(Tag.Written);
      out.text(id);
      return;
    }
    const symbol = owner === this.scope && here !== undefined ? here : (owner.symbols.get(name) as ScopeSymbol);
    if (symbol.numberedBy !== frame) {
      symbol.numberedBy = frame;
      symbol.number = frame.locals++;
    }
    const { number } = symbol;
    if (number < 0) {
      out.int(Tag.Parameter);
      out.int(frame.ordinal);
      if (this.file.level === "behavioral") out.int((-1 - number) >> 1);
      else out.text(id);
    } else {
      out.int(Tag.Local);
      out.int(frame.ordinal);
      out.int(number);
    }
  }

  /** A local of a function around the definition looked at: what it holds depends on that function. */
  #captured(owner: Scope, name: string): void {
    this.out.int(Tag.Captured);
    this.out.text(name);
    if (this.#isDefinition(owner, name)) this.reference(nestedIn(owner, name));
    let outermost: Scope = owner;
    for (let scope: Scope | null = owner; scope !== null && scope.kind !== ScopeKind.Module; scope = scope.parent)
      outermost = scope;
    if (outermost.kind !== ScopeKind.Module) this.reference({ kind: "around", name: outermost.name, attrs: [] });
  }

  /** Says so in the stream where an import-only local is read before its import. */
  whereUnbound(id: string): void {
    const name = mangle(id, this.scope.mangleWith);
    const frame = this.#frameOf(this.scope);
    if (frame?.imports?.has(name) && !frame.imported?.has(name)) this.out.int(Tag.Unbound);
  }

  /** Marks an import-only local as bound from here on. */
  imported(id: string): void {
    const frame = this.#frameOf(this.scope);
    if (frame === null) return;
    frame.imported ??= new Set();
    frame.imported.add(mangle(id, this.scope.mangleWith));
  }

  /** Whether a local of the present function is bound by nothing but imports. */
  importOnly(id: string): boolean {
    return this.#frameOf(this.scope)?.imports?.has(mangle(id, this.scope.mangleWith)) ?? false;
  }

  /** Whether the names of the present function are kept (M3.2, `locals()` and the like). */
  get keepsNames(): boolean {
    return this.#frameOf(this.scope)?.keepsNames === true;
  }

  nameLoad(node: Name): void {
    if (this.asWritten) {
      this.out.int(Tag.Written);
      this.out.text(node.id);
      return;
    }
    if (this.#made?.has(node)) this.unwritten.push(this.refs.length);
    this.load(node.id, NO_NAMES, node);
  }
}

/** `owner` for a symbol of the scope itself. */
function homeOfSymbol(symbol: ScopeSymbol, scope: Scope): Scope | null {
  if (symbol.home === undefined) symbol.home = homeOf(symbol.name, scope);
  return symbol.home;
}

/** Looks for a mangled name from a scope outwards; classes around are passed by. */
function homeOf(name: string, from: Scope): Scope | null {
  for (let scope: Scope | null = from; scope !== null && scope.kind !== ScopeKind.Module; scope = scope.parent) {
    if (scope.kind === ScopeKind.Class && scope !== from) continue;
    const symbol = scope.symbols.get(name);
    if (symbol === undefined) continue;
    if (symbol.resolution === Resolution.Local || symbol.resolution === Resolution.Cell) return scope;
    if (symbol.resolution === Resolution.GlobalExplicit || symbol.resolution === Resolution.GlobalImplicit) return null;
  }
  return null;
}

function nestedIn(owner: Scope, name: string): Chain {
  return { kind: "nested", qualname: `${qualnameOf(owner)}.<locals>.${name}`, attrs: [] };
}

/** `outer.<locals>.inner` as CPython's `__qualname__` has it. */
function qualnameOf(scope: Scope): string {
  const parts: string[] = [];
  for (let at: Scope | null = scope; at !== null && at.kind !== ScopeKind.Module; at = at.parent) {
    if (at.kind === ScopeKind.TypeParameters) continue;
    if (parts.length > 0 && at.kind !== ScopeKind.Class) parts.push("<locals>");
    parts.push(at.name);
  }
  return parts.reverse().join(".");
}

const NAME_READS = new Set(["__name__", "__qualname__"]);

/** Whether a local is an inner function or class: then reading its name from it makes the name data. */
function isDefinedHere(owner: Scope, name: string): boolean {
  return ((owner.symbols.get(name)?.flags ?? 0) & SymbolFlag.Definition) !== 0;
}
