/**
 * What is known of stages, and of other definitions that somebody asked about, from change to change: what each reaches,
 * its fingerprint, its notices. A change takes back of each only what it can concern.
 */
import type { GraphNode } from "../graph/graph.ts";
import { otherSubclasses } from "../resolve/changes.ts";
import type { Analysis, Impact } from "./analysis.ts";
import {
  brokenFile,
  codeDependencies,
  type Declarations,
  declarationsOf,
  entriesOf,
  entryAt,
  ignoredIn,
  keyAt,
  lineOf,
  type Parts,
  partsOf,
  type Root,
  sizeOf,
  textAt,
} from "./manifest.ts";
import { type Reach, reachOf } from "./reach.ts";
import type { EngineError, Entry, Host, Level, Manifest, Notice, Result, Tracked } from "./types.ts";

const NO_FILES: readonly string[] = [];

/** Whether a class may have other subclasses than before, for who asks for them by the class alone. */
function mayHaveOtherSubclasses({ changes, moved }: Impact): boolean {
  return moved.size > 0 || [...changes.values()].some(otherSubclasses);
}

/** What is known of one stage or definition. */
export class View {
  /** Under which it is kept. */
  readonly key: string;
  root: Root;
  /** Null where it has to be walked again. */
  reach: Reach | null = null;
  /** Null where what the decorator says has to be read again. */
  declared: Declarations | null = null;
  /** Null where a digest below it may be another one. */
  parts: Parts | null = null;
  notices: readonly Notice[] | null = null;
  /** Nodes under which it is found. */
  anchors: readonly GraphNode[] = [];
  /** Files of which its notices say lines. */
  noticeFiles: readonly string[] = NO_FILES;
  /** Set while it has an error in place of a manifest. */
  failed = false;

  constructor(key: string, root: Root) {
    this.key = key;
    this.root = root;
  }
}

/** Definitions that are no stages of which something is kept at a time. */
const MOST_PLAIN = 256;

export class Views {
  readonly #a: Analysis;
  readonly #host: Host;
  readonly #level: Level;
  readonly #views = new Map<string, View>();
  /** Keys of those that are no stages, oldest first. */
  readonly #plain = new Set<string>();
  readonly #byNode = new Map<GraphNode, Set<View>>();
  readonly #byFile = new Map<string, Set<View>>();
  readonly #open = new Set<View>();
  readonly #failed = new Set<View>();
  /** Those that name files or packages. */
  readonly #outside = new Set<View>();
  readonly #manifests = new Map<View, Manifest>();

  constructor(analysis: Analysis, host: Host, level: Level) {
    this.#a = analysis;
    this.#host = host;
    this.#level = level;
  }

  /** The view of a definition under a key of the caller's; `isStage`: it is kept until it is dropped. */
  of(key: string, root: Root, isStage: boolean): View {
    let view = this.#views.get(key);
    if (view === undefined) {
      view = new View(key, root);
      this.#views.set(key, view);
      put(this.#byFile, root.node.file, view);
      this.#anchor(view, [root.node]);
    } else if (view.root !== root) {
      const { node, id, declaration } = view.root;
      if (node !== root.node) this.#anchor(view, [root.node]);
      if (node !== root.node || id !== root.id || declaration !== root.declaration) {
        view.parts = null;
        view.declared = null;
        if (node !== root.node) view.reach = null;
        this.#setNotices(view, null);
        this.#manifests.delete(view);
      }
      view.root = root;
    }
    if (isStage) this.#plain.delete(key);
    else this.#plain.add(key);
    if (this.#plain.size > MOST_PLAIN) {
      const [oldest] = this.#plain;
      this.drop(oldest);
    }
    return view;
  }

  /** What is known under a key, without working anything out. */
  peek(key: string): View | undefined {
    return this.#views.get(key);
  }

  drop(key: string): void {
    const view = this.#views.get(key);
    if (view === undefined) return;
    this.#views.delete(key);
    this.#plain.delete(key);
    take(this.#byFile, view.root.node.file, view);
    this.#anchor(view, []);
    this.#setNotices(view, null);
    this.#open.delete(view);
    this.#failed.delete(view);
    this.#outside.delete(view);
    this.#manifests.delete(view);
  }

  /** What a definition tracks, or why that can't be said. */
  tracked(view: View): Result<Tracked, EngineError> {
    const error = this.#refresh(view);
    view.failed = error !== null;
    if (error === null) this.#failed.delete(view);
    else this.#failed.add(view);
    return error === null ? { ok: true, value: new TrackedView(this, view) } : { ok: false, error };
  }

  #refresh(view: View): EngineError | null {
    const a = this.#a;
    const { root } = view;
    if (root.node.definition === null) {
      return { code: "no-such-definition", message: `no definition ${root.id}` };
    }
    if (view.reach !== null && view.parts !== null) return brokenFile(a, view.reach);
    const extra = codeDependencies(a, root);
    const isSame = view.reach?.extra.length === extra.length && view.reach.extra.every((node, i) => node === extra[i]);
    if (view.reach === null || !isSame) {
      view.reach = reachOf(a, root.node, extra);
      this.#setNotices(view, null);
      if (view.reach.isOpen) this.#open.add(view);
      else this.#open.delete(view);
    }
    const broken = brokenFile(a, view.reach);
    if (broken !== null) {
      view.reach.rest();
      this.#anchor(view, view.reach.anchors);
      return broken;
    }
    view.declared ??= declarationsOf(a, this.#host, root);
    view.parts = partsOf(a, this.#level, view.reach, view.declared);
    view.reach.rest();
    const { used } = view.declared;
    this.#anchor(view, used.size === 0 ? view.reach.anchors : [...view.reach.anchors, ...used]);
    const { codeFiles = [], packageDeps = [] } = root.declaration ?? {};
    if (codeFiles.length + packageDeps.length > 0) this.#outside.add(view);
    else this.#outside.delete(view);
    return null;
  }

  notices(view: View): readonly Notice[] {
    if (view.notices !== null || view.reach === null) return view.notices ?? [];
    const own: Notice[] = [];
    const { file } = view.root.node;
    for (const { missing } of view.parts?.declared ?? []) {
      if (missing !== undefined)
        own.push({ kind: "missing-import", file, line: lineOf(this.#a, view.root.node), ...missing });
    }
    for (const missing of view.declared?.missing ?? [])
      own.push({ kind: "missing-import", file, line: lineOf(this.#a, view.root.node), ...missing });
    const reached = this.#a.notices.of(view.reach);
    const notices = own.length === 0 ? reached : own.concat(reached);
    this.#setNotices(view, notices);
    return notices;
  }

  #setNotices(view: View, notices: readonly Notice[] | null): void {
    view.noticeFiles = notices === null ? NO_FILES : [...new Set(notices.map(({ file }) => file))];
    view.notices = notices;
  }

  /** The manifest in full. */
  manifest(view: View): Manifest {
    let manifest = this.#manifests.get(view);
    if (manifest === undefined) {
      const parts = view.parts as Parts;
      const { node, id } = view.root;
      manifest = {
        stage: id,
        file: node.file,
        qualname: node.definition?.qualname ?? "",
        level: this.#level,
        fingerprint: parts.fingerprint,
        entries: entriesOf(this.#a, parts),
        untracked: this.notices(view),
        ignored: ignoredIn(parts.reach),
      };
      if (this.#manifests.size >= MOST_PLAIN) this.#manifests.clear();
      this.#manifests.set(view, manifest);
    }
    return manifest;
  }

  entry(view: View, i: number): Entry {
    return entryAt(this.#a, view.parts as Parts, i);
  }

  get level(): Level {
    return this.#level;
  }

  #anchor(view: View, nodes: readonly GraphNode[]): void {
    const old = view.anchors;
    if (old.length === nodes.length && old.every((node, i) => node === nodes[i])) return;
    for (const node of nodes) node.pins++;
    for (const node of old) {
      node.pins--;
      take(this.#byNode, node, view);
    }
    for (const node of nodes) put(this.#byNode, node, view);
    view.anchors = nodes;
  }

  /**
   * Takes in a change; gives the views of which something may be another now. `outside`: files that are no code, or
   * packages, may have changed.
   */
  update(impact: Impact | null, outside: boolean): ReadonlySet<View> {
    const out = new Set<View>();
    const forget = (view: View, reach: boolean, declared: boolean) => {
      view.parts = null;
      this.#manifests.delete(view);
      if (declared) view.declared = null;
      if (reach) view.reach = null;
      if (reach || declared) this.#setNotices(view, null);
      out.add(view);
    };
    if (outside) for (const view of this.#outside) forget(view, false, true);
    if (impact === null) return out;
    this.#manifests.clear();
    const { digests, reach, notices } = impact;
    for (const node of reach) for (const view of this.#byNode.get(node) ?? []) forget(view, true, false);
    for (const node of digests) {
      for (const view of this.#byNode.get(node) ?? []) forget(view, false, view.declared?.used.size !== 0);
    }
    if (this.#open.size > 0 && mayHaveOtherSubclasses(impact)) for (const view of this.#open) forget(view, true, false);
    for (const view of this.#failed) forget(view, false, true);
    for (const file of impact.roots) for (const view of this.#byFile.get(file) ?? []) forget(view, true, false);
    for (const file of new Set([...impact.moved.keys(), ...impact.declarations])) {
      for (const view of this.#byFile.get(file) ?? []) if (view.root.declaration !== null) forget(view, false, true);
    }
    for (const node of notices) {
      for (const view of this.#byNode.get(node) ?? []) {
        this.#setNotices(view, null);
        // Whether a file that it needs parses may be another matter now.
        if (impact.problems.size > 0) out.add(view);
      }
    }
    // An index by file would be as large as all these lists.
    for (const file of impact.changes.keys())
      for (const view of this.#views.values()) if (view.noticeFiles.includes(file)) this.#setNotices(view, null);
    for (const file of impact.discoveries) {
      for (const [root, views] of this.#byFile) {
        if (this.#a.effects.imports.has(root, file)) for (const view of views) this.#setNotices(view, null);
      }
    }
    return out;
  }

  /** Nodes of a file that some view reaches, of those whose key is wanted; the views' own nodes apart. */
  reachedIn(file: string, isWanted: (key: string) => boolean): ReadonlySet<GraphNode> {
    const found = new Set<GraphNode>();
    const missing = new Set(this.#a.graph.known(file));
    for (const [key, { reach }] of this.#views) {
      if (missing.size === 0) break;
      if (reach === null || !isWanted(key)) continue;
      for (const node of reach.among(missing)) {
        found.add(node);
        missing.delete(node);
      }
    }
    return found;
  }

  /** Views that reach a node. */
  *reaching(node: GraphNode): Iterable<View> {
    const found = new Set<View>();
    for (const each of this.#a.graph.dependents([node]))
      for (const view of this.#byNode.get(each) ?? []) found.add(view);
    for (const view of found) if (view.reach?.has(node)) yield view;
  }
}

/** What a definition tracks, spelled out as far as it is asked for. */
class TrackedView implements Tracked {
  readonly #views: Views;
  readonly #view: View;
  readonly #parts: Parts;
  /** As they were when they were last asked for. */
  #notices: readonly Notice[] | null = null;

  constructor(views: Views, view: View) {
    this.#views = views;
    this.#view = view;
    this.#parts = view.parts as Parts;
  }

  isSame(other: Tracked): boolean {
    if (!(other instanceof TrackedView) || other.#view !== this.#view || other.#parts !== this.#parts) return false;
    return this.#notices !== null && this.#notices === this.#views.notices(this.#view);
  }

  get level(): Level {
    return this.#views.level;
  }

  get fingerprint(): string {
    return this.#parts.fingerprint;
  }

  get size(): number {
    return sizeOf(this.#parts);
  }

  get untracked(): readonly Notice[] {
    this.#notices = this.#views.notices(this.#view);
    return this.#notices;
  }

  get manifest(): Manifest {
    return this.#views.manifest(this.#view);
  }

  key(i: number): string {
    return keyAt(this.#parts, i);
  }

  text(i: number): string {
    return textAt(this.#parts, i);
  }

  entry(i: number): Entry {
    return this.#views.entry(this.#view, i);
  }
}

function put<K>(index: Map<K, Set<View>>, key: K, view: View): void {
  const found = index.get(key);
  if (found) found.add(view);
  else index.set(key, new Set([view]));
}

function take<K>(index: Map<K, Set<View>>, key: K, view: View): void {
  const found = index.get(key);
  if (found?.delete(view) && found.size === 0) index.delete(key);
}
