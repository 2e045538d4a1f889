/**
 * Untracked notices of a manifest (manifest §5): what can change behaviour and is not covered, with the way out. What one
 * definition's own code gives rise to is kept, since many stages reach it; what depends on the stage is asked anew.
 */
import { UNCHANGING } from "../fingerprint/mutations.ts";
import { WHOLE } from "../graph/definitions.ts";
import type { GraphNode } from "../graph/graph.ts";
import { chainWritten } from "../normalisation/chains.ts";
import { lineAt } from "../normalisation/file.ts";
import type { SummaryChange } from "../resolve/changes.ts";
import type { PieceNotice } from "../summary/types.ts";
import { isImmutable } from "../summary/values.ts";
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
  /** The place of its piece among the node's, and of the call among the piece's. */
  | { readonly what: "call"; readonly method: string; readonly piece: number; readonly index: number };

const NOTHING: readonly OwnNotice[] = [];
/** Of nodes that have to be looked at again: that there was nothing, or something, to say when somebody asked last. */
const WAS_NOTHING: readonly OwnNotice[] = [];
const WAS_SOMETHING: readonly OwnNotice[] = [];

/** Calls on unknown receivers that may be of the same classes: one notice, at the nearest of them. */
interface MethodCalls {
  readonly candidates: GraphNode[];
  readonly methods: Set<string>;
  /** Place of the notice among all. */
  readonly at: number;
}

export class Notices {
  readonly #a: Analysis;
  /** By the nodes' numbers. */
  readonly #own: (readonly OwnNotice[] | undefined)[] = [];
  /** Notices of all stages by file and text, until the next change or rest. */
  readonly #shared = new Map<string, Map<string, Notice[]>>();

  constructor(analysis: Analysis) {
    this.#a = analysis;
  }

  /** Takes in that files and nodes are others; gives those of the nodes about which there was, or is, something to say. */
  update(
    changes: ReadonlyMap<string, SummaryChange>,
    touched: Iterable<GraphNode>,
    removed: readonly GraphNode[],
  ): readonly GraphNode[] {
    const out: GraphNode[] = [];
    this.#shared.clear();
    const forget = (node: GraphNode) => {
      const own = this.#own[node.number];
      if (own === undefined || own === WAS_NOTHING || own === WAS_SOMETHING) return;
      this.#own[node.number] = own === NOTHING ? WAS_NOTHING : WAS_SOMETHING;
    };
    // Other nodes may have their numbers by now.
    for (const node of removed) this.#own[node.number] = undefined;
    // What is the same code as before says the same.
    for (const [file, { remade }] of changes)
      for (const node of this.#a.graph.known(file))
        if (node.isNested || node.name === WHOLE || remade.has(node.name)) forget(node);
    for (const node of touched) {
      forget(node);
      const old = this.#own[node.number];
      if (old === WAS_SOMETHING || (old === WAS_NOTHING && this.#ownOf(node) !== NOTHING)) out.push(node);
    }
    return out;
  }

  /** Lets go of what only helps to say the same once. */
  rest(): void {
    this.#shared.clear();
  }

  /** One object for all stages that are told the same. */
  #share(notice: Notice): Notice {
    const { file, text } = notice;
    let byText = this.#shared.get(file);
    if (byText === undefined) {
      byText = new Map();
      this.#shared.set(file, byText);
    }
    const known = byText.get(text);
    if (known === undefined) {
      byText.set(text, [notice]);
      return notice;
    }
    for (const each of known) {
      const isSame = each.line === notice.line && each.kind === notice.kind;
      if (isSame && each.reason === notice.reason && each.fix === notice.fix) return each;
    }
    known.push(notice);
    return notice;
  }

  /** All notices about what `reach` holds, the nearest first. */
  of(reach: Reach): Notice[] {
    const a = this.#a;
    const out: Notice[] = [];
    const seen = new Set<string>();
    const add = (notice: Notice) => {
      const key = `${notice.kind}\0${notice.file}\0${notice.line}\0${notice.text}`;
      if (seen.has(key)) return;
      seen.add(key);
      out.push(notice);
    };
    const { root } = reach;
    a.moduleLevel.prepare(root.file);
    let reached: ReadonlySet<GraphNode> | null = null;
    const isReached = (node: GraphNode) => {
      reached ??= new Set(reach.nodes());
      return reached.has(node);
    };
    const calls = new Map<string, MethodCalls>();
    const called = new Set<string>();
    for (const node of reach.nodes()) {
      const own = this.#ownOf(node);
      if (own === NOTHING || node.definition === null) continue;
      for (const item of own) {
        if (item.what !== "call") this.#addOwn(add, node, item);
        else if (!called.has(item.method)) {
          called.add(item.method);
          this.#addCall(out, calls, node, item, root.file, isReached);
        }
      }
    }
    for (const [key, call] of calls)
      out[call.at] = key === "" ? withCommon(out[call.at], call) : withCandidates(out[call.at], call);
    if (a.hasProblems) this.#addProblems(add, reach);
    // Discovery by name while modules are imported: what it finds runs with the stage.
    for (const [file, notices] of a.moduleLevel.discoveries(root.file)) {
      for (const notice of notices) add(this.#said(file, notice));
    }
    this.#addWrites(add, reach, isReached);
    return out.map((notice) => this.#share(notice));
  }

  #ownOf(node: GraphNode): readonly OwnNotice[] {
    let own = this.#own[node.number];
    if (own === undefined || own === WAS_NOTHING || own === WAS_SOMETHING) {
      own = this.#look(node);
      this.#own[node.number] = own;
    }
    return own;
  }

  #look(node: GraphNode): readonly OwnNotice[] {
    const a = this.#a;
    const summary = node.definition === null ? null : a.summary(node.definition.file);
    if (summary === null) return NOTHING;
    const out: OwnNotice[] = [];
    const pieces = node.definition?.pieces ?? [];
    for (let i = 0; i < pieces.length; i++) {
      const piece = pieces[i];
      for (const notice of piece.notices) if (matters(a, node.file, notice)) out.push({ what: "said", notice });
      for (const ref of piece.refs) {
        for (const target of a.resolver.resolve(node.file, ref)) {
          if (target.kind !== "missing") continue;
          out.push({ what: "missing", text: chainWritten(summary.chains[ref]), dotted: target.dotted });
        }
      }
      piece.methodCalls.forEach(([method], index) => {
        if (a.methods.isDefined(method, node)) out.push({ what: "call", method, piece: i, index });
      });
    }
    // A list that grew by `push` holds room for many more.
    return out.length === 0 ? NOTHING : out.slice();
  }

  #addOwn(add: (notice: Notice) => void, node: GraphNode, item: Exclude<OwnNotice, { what: "call" }>): void {
    const { file } = node;
    if (item.what === "said") add(this.#said(file, item.notice));
    else {
      add({
        kind: "missing-import",
        text: item.text,
        file,
        line: this.#line(file, node.definition === null ? 0 : node.definition.start),
        reason: `looks first party, but ${item.dotted} is not found`,
        fix: "correct the import, or name the source root in [tool.fastpipe]",
      });
    }
  }

  /** The nearest call of a method on an unknown receiver: a notice, or part of one about the same classes. */
  #addCall(
    out: Notice[],
    calls: Map<string, MethodCalls>,
    { file, definition }: GraphNode,
    { method, piece, index }: Extract<OwnNotice, { what: "call" }>,
    root: string,
    isReached: (node: GraphNode) => boolean,
  ): void {
    const { methods, effects } = this.#a;
    // What strings, lists, files and the like have too: only of classes that run with the stage, and said in one.
    const isCommon = COMMON.has(method) || method.startsWith("__");
    const isOut = (node: GraphNode) => isReached(node) || (isCommon && !effects.imports.has(root, node.file));
    const candidates = methods.classesWith(method, isOut, MOST_CANDIDATES);
    if (candidates === null || candidates.length === 0) return;
    const key = isCommon ? "" : candidates.map((candidate) => `${candidate.file}\0${candidate.name}`).join("\0");
    const known = calls.get(key);
    if (known !== undefined) {
      known.methods.add(method);
      for (const candidate of candidates) if (!known.candidates.includes(candidate)) known.candidates.push(candidate);
      return;
    }
    calls.set(key, { candidates: [...candidates], methods: new Set([method]), at: out.length });
    const [, offset] = definition?.pieces[piece].methodCalls[index] ?? [method, 0];
    const line = this.#line(file, offset);
    out.push({ kind: "method-call", text: `.${method}(...)`, file, line, reason: "", fix: "" });
  }

  #line(file: string, offset: number): number {
    return lineAt(this.#a.summary(file)?.lineStarts ?? [0], offset) + 1;
  }

  #said(file: string, { kind, text, offset }: PieceNotice): Notice {
    const { reason, fix } = EXPLAINED[kind as keyof typeof EXPLAINED];
    return { kind, text, file, line: this.#line(file, offset), reason, fix };
  }

  #addProblems(add: (notice: Notice) => void, reach: Reach): void {
    for (const file of new Set(Array.from(reach.nodes(), (node) => node.definition?.file ?? node.file))) {
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
    const { root } = reach;
    const found: { readonly notice: Notice; readonly index: number }[] = [];
    for (const node of reach.nodes()) {
      if (node.definition?.kind !== "const") continue;
      for (const write of this.#a.moduleLevel.writesTo(node, root.file)) {
        const { file, writer, name, index } = write;
        if (writer !== null && isReached(writer)) continue;
        if (!write.isSet && !this.#mayChange(node)) continue;
        const constant = node.definition.name;
        const notice: Notice = {
          kind: "global-write",
          text: constant,
          file,
          line: this.#line(file, this.#a.moduleLevel.offsetOf(write)),
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

  /** Whether a method called on what a name holds may write to it: not a compiled pattern, a literal, or an import. */
  #mayChange(node: GraphNode): boolean {
    const own = this.#a.summary(node.file)?.names.get(node.name);
    if (own === undefined) return true;
    if (own.imports.length > 0 || (own.value !== null && isImmutable(own.value))) return false;
    return own.constructed === null || !UNCHANGING.has(own.constructed);
  }
}

function withCandidates(notice: Notice, { candidates, methods }: MethodCalls): Notice {
  const [method, ...others] = methods;
  const names = candidates.map(({ name }) => name);
  const also = others.length === 0 ? "" : `; also for ${others.map((name) => `.${name}`).join(", ")}`;
  return {
    ...notice,
    reason: `unknown receiver; candidates: ${names.map((name) => `${name}.${method}`).join(", ")}${also}`,
    fix: `annotate the receiver as ${names[0]}, or add code_deps=[${names.join(", ")}]`,
  };
}

/** Of names that many objects have, one notice with what the first few classes are. */
function withCommon(notice: Notice, { candidates, methods }: MethodCalls): Notice {
  const names = candidates.slice(0, MOST_CANDIDATES).map(({ name }) => name);
  const more = candidates.length > names.length ? ` and ${candidates.length - names.length} more` : "";
  const called = [...methods].map((name) => `.${name}`).join(", ");
  return {
    ...notice,
    reason: `unknown receivers of ${called}, which many objects have; candidates: ${names.join(", ")}${more}`,
    fix: "annotate the receivers, or name their classes in code_deps",
  };
}

/** Methods of strings, containers, files, sockets, generators, matches, locks, futures and loggers. */
const COMMON: ReadonlySet<string> = new Set(
  (
    "accept acquire add add_done_callback append appendleft bind cancel cancelled capitalize casefold center clear close connect copy count critical debug decode difference " +
    "difference_update discard done encode end endswith error exception expandtabs extend extendleft fileno find flush format " +
    "format_map fromkeys get group groupdict groups hex index info insert intersection intersection_update isalnum " +
    "isalpha isatty isdecimal isdigit isdisjoint islower isnumeric isspace issubset issuperset istitle isupper items join " +
    "keys ljust log lower lstrip next notify partition pop popitem popleft put read readable readinto readline readlines recv recv_into recvfrom recvfrom_into release remove " +
    "removeprefix removesuffix replace reverse rfind rindex rjust rotate rpartition rsplit rstrip result seek seekable send sendall sendto set set_exception set_result setsockopt " +
    "setdefault sort span split splitlines start startswith strip swapcase symmetric_difference tell throw title " +
    "translate truncate union update upper values wait warn warning writable write writelines zfill"
  ).split(" "),
);

/** More classes than this with one method name say that the name is common, not which class is meant. */
const MOST_CANDIDATES = 3;

/** Reading an attribute by a computed name matters only where the object may be first party. */
function matters(a: Analysis, file: string, notice: PieceNotice): boolean {
  if (notice.kind !== "dynamic-attribute" || notice.chain < 0) return true;
  // What resolves to a module or definition is tracked whole; what is external has no first-party attributes.
  return a.resolver.resolve(file, notice.chain).some((target) => target.kind === "builtin" && target.attrs.length > 0);
}
