/**
 * Untracked notices of a manifest (manifest §5): what can change behaviour and is not covered, with the way out. What one
 * definition's own code gives rise to is kept, since many stages reach it; what depends on the stage is asked anew.
 */
import type { GraphNode } from "../graph/graph.ts";
import { chainWritten } from "../normalisation/chains.ts";
import { lineAt } from "../normalisation/file.ts";
import type { PieceNotice } from "../summary/types.ts";
import type { Analysis } from "./analysis.ts";
import type { Reach } from "./reach.ts";
import type { Notice } from "./types.ts";

const EXPLAINED = {
  eval: { reason: "runs code given as text", fix: "name what it may run in code_deps" },
  "dynamic-import": {
    reason: "the imported module is known only at run time",
    fix: "name the module in code_deps, or import it by a literal name",
  },
  "dynamic-attribute": {
    reason: "the attribute is known only at run time",
    fix: "name what may be read in code_deps, or use a literal name",
  },
} as const;

/** Something about one definition's code, whoever reaches it. */
type OwnNotice =
  | { readonly what: "said"; readonly notice: PieceNotice }
  | { readonly what: "missing"; readonly text: string; readonly dotted: string }
  | { readonly what: "call"; readonly method: string; readonly offset: number };

const NOTHING: readonly OwnNotice[] = [];

export class Notices {
  readonly #a: Analysis;
  readonly #own = new Map<GraphNode, readonly OwnNotice[]>();

  constructor(analysis: Analysis) {
    this.#a = analysis;
  }

  /** Takes in that files and nodes are others; gives those of the nodes about which there was, or is, something to say. */
  update(files: Iterable<string>, touched: Iterable<GraphNode>, removed: readonly GraphNode[]): readonly GraphNode[] {
    const out: GraphNode[] = [];
    const before = new Map<GraphNode, readonly OwnNotice[] | undefined>();
    const forget = (node: GraphNode) => {
      if (!before.has(node)) before.set(node, this.#own.get(node));
      this.#own.delete(node);
    };
    for (const file of files) for (const node of this.#a.graph.known(file)) forget(node);
    for (const node of touched) {
      forget(node);
      const old = before.get(node);
      if (old !== undefined && (old !== NOTHING || this.#ownOf(node) !== NOTHING)) out.push(node);
    }
    for (const node of removed) this.#own.delete(node);
    return out;
  }

  /** All notices about what `reach` holds, the nearest first. */
  of(reach: Reach): Notice[] {
    const a = this.#a;
    const out: Notice[] = [];
    const seen = new Set<string>();
    const add = (notice: Notice) => {
      // A method that is called on unknown receivers all over is said once, with the nearest place.
      const place = notice.kind === "method-call" ? "" : `${notice.file}\0${notice.line}`;
      const key = `${notice.kind}\0${place}\0${notice.text}`;
      if (seen.has(key)) return;
      seen.add(key);
      out.push(notice);
    };
    const [root] = reach.order;
    a.moduleLevel.prepare(root.file);
    let reached: ReadonlySet<GraphNode> | null = null;
    const isReached = (node: GraphNode) => {
      reached ??= new Set(reach.order);
      return reached.has(node);
    };
    for (const node of reach.order) {
      const own = this.#ownOf(node);
      if (own === NOTHING || node.definition === null) continue;
      const lineStarts = a.summary(node.file)?.lineStarts ?? [0];
      for (const item of own) this.#addOwn(add, node, item, lineStarts, isReached);
    }
    if (a.hasProblems) this.#addProblems(add, reach);
    // Discovery by name while modules are imported: what it finds runs with the stage.
    for (const [file, notices] of a.moduleLevel.discoveries(root.file)) {
      for (const notice of notices) add(this.#said(file, notice));
    }
    this.#addWrites(add, reach, isReached);
    return out;
  }

  #ownOf(node: GraphNode): readonly OwnNotice[] {
    let own = this.#own.get(node);
    if (own === undefined) {
      own = this.#look(node);
      this.#own.set(node, own);
    }
    return own;
  }

  #look(node: GraphNode): readonly OwnNotice[] {
    const a = this.#a;
    const summary = node.definition === null ? null : a.summary(node.definition.file);
    if (summary === null) return NOTHING;
    const out: OwnNotice[] = [];
    for (const piece of node.definition?.pieces ?? []) {
      for (const notice of piece.notices) if (matters(a, node.file, notice)) out.push({ what: "said", notice });
      for (const ref of piece.refs) {
        for (const target of a.resolver.resolve(node.file, ref)) {
          if (target.kind !== "missing") continue;
          out.push({ what: "missing", text: chainWritten(summary.chains[ref]), dotted: target.dotted });
        }
      }
      for (const [method, offset] of piece.methodCalls) {
        if (a.methods.isDefined(method, node)) out.push({ what: "call", method, offset });
      }
    }
    return out.length === 0 ? NOTHING : out;
  }

  #addOwn(
    add: (notice: Notice) => void,
    node: GraphNode,
    item: OwnNotice,
    lineStarts: readonly number[],
    isReached: (node: GraphNode) => boolean,
  ): void {
    const { file } = node;
    const line = (offset: number) => lineAt(lineStarts, offset) + 1;
    if (item.what === "said") add(this.#said(file, item.notice));
    else if (item.what === "missing") {
      add({
        kind: "missing-import",
        text: item.text,
        file,
        line: line(node.definition?.start ?? 0),
        reason: `looks first party, but ${item.dotted} is not found`,
        fix: "correct the import, or name the source root in [tool.fastpipe]",
      });
    } else {
      const candidates = this.#a.methods.classesWith(item.method, isReached, MOST_CANDIDATES);
      if (candidates === null || candidates.length === 0) return;
      const names = candidates.map((candidate) => `${candidate.name}.${item.method}`);
      add({
        kind: "method-call",
        text: `.${item.method}(...)`,
        file,
        line: line(item.offset),
        reason: `unknown receiver; candidates: ${names.join(", ")}`,
        fix: `annotate the receiver as ${candidates[0].name}, or add code_deps=[${candidates[0].name}]`,
      });
    }
  }

  #said(file: string, { kind, text, offset }: PieceNotice): Notice {
    const { reason, fix } = EXPLAINED[kind as keyof typeof EXPLAINED];
    const line = lineAt(this.#a.summary(file)?.lineStarts ?? [0], offset) + 1;
    return { kind, text, file, line, reason, fix };
  }

  #addProblems(add: (notice: Notice) => void, reach: Reach): void {
    for (const file of reach.files) {
      const problem = this.#a.summary(file) === null ? null : this.#a.problem(file);
      if (problem === null) continue;
      add({
        kind: "syntax-error",
        text: problem.message,
        file,
        line: problem.line ?? 1,
        reason: "the file does not parse; its last good version is used",
        fix: "correct the file",
      });
    }
  }

  /** Tracked names written from `if __name__ == "__main__":` (M4.2) or from functions that the stage does not reach. */
  #addWrites(add: (notice: Notice) => void, reach: Reach, isReached: (node: GraphNode) => boolean): void {
    const [root] = reach.order;
    const found: { readonly notice: Notice; readonly index: number }[] = [];
    for (const node of reach.order) {
      if (node.definition?.kind !== "const") continue;
      for (const write of this.#a.moduleLevel.writesTo(node, root.file)) {
        const { file, writer, name, index } = write;
        if (writer !== null && isReached(writer)) continue;
        const constant = node.definition.name;
        const notice: Notice = {
          kind: "global-write",
          text: constant,
          file,
          line: lineAt(this.#a.summary(file)?.lineStarts ?? [0], this.#a.moduleLevel.offsetOf(write)) + 1,
          reason:
            writer === null
              ? `${constant} is rebound under if __name__ == "__main__":`
              : `${name} writes to it and the stage does not reach ${name}`,
          fix:
            writer === null
              ? "bind it once at module level, or pass it as an argument"
              : `add code_deps=[${name}], or pass the value as an argument`,
        };
        found.push({ notice, index });
      }
    }
    if (found.length > 1) {
      const places = this.#a.effects.imports.order(root.file);
      const place = ({ file }: Notice) => places.get(file) as number;
      found.sort((x, y) => place(x.notice) - place(y.notice) || x.index - y.index);
    }
    for (const { notice } of found) add(notice);
  }
}

/** More classes than this with one method name say that the name is common, not which class is meant. */
const MOST_CANDIDATES = 3;

/** Reading an attribute by a computed name matters only where the object may be first party. */
function matters(a: Analysis, file: string, notice: PieceNotice): boolean {
  if (notice.kind !== "dynamic-attribute" || notice.chain < 0) return true;
  // What resolves to a module or definition is tracked whole; what is external has no first-party attributes.
  return a.resolver.resolve(file, notice.chain).some((target) => target.kind === "builtin" && target.attrs.length > 0);
}
