/** Untracked notices of a manifest (manifest §5): what can change behaviour and is not covered, with the way out. */
import type { Definition, NodeId } from "../graph/definitions.ts";
import { chainWritten } from "../normalisation/chains.ts";
import { lineAt } from "../normalisation/file.ts";
import type { PieceNotice } from "../summary/types.ts";
import type { Analysis } from "./analysis.ts";
import type { Reach } from "./manifest.ts";
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

export function noticesOf(a: Analysis, reach: Reach): Notice[] {
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
  const reached = new Set(reach.order);
  const files = a.effects.closure((a.graph.node(reach.order[0]) as Definition).file);
  for (const id of reach.order) {
    const node = a.graph.node(id) as Definition;
    const summary = a.files.summary(node.file);
    if (summary === null) continue;
    const lineOf = (offset: number) => lineAt(summary.lineStarts, offset) + 1;
    for (const piece of node.pieces) {
      for (const notice of piece.notices) {
        if (!matters(a, node.file, notice)) continue;
        const { reason, fix } = EXPLAINED[notice.kind as keyof typeof EXPLAINED];
        add({ kind: notice.kind, text: notice.text, file: node.file, line: lineOf(notice.offset), reason, fix });
      }
      for (const ref of piece.refs) {
        for (const target of a.resolver.resolve(node.file, ref)) {
          if (target.kind !== "missing") continue;
          add({
            kind: "missing-import",
            text: chainWritten(summary.chains[ref]),
            file: node.file,
            line: lineOf(node.start),
            reason: `looks first party, but ${target.dotted} is not found`,
            fix: "correct the import, or name the source root in [tool.fastpipe]",
          });
        }
      }
      for (const [method, offset] of piece.methodCalls) {
        const candidates = a.methods.classesWith(method, reached, MOST_CANDIDATES);
        if (candidates === null || candidates.length === 0) continue;
        const names = candidates.map((item) => `${item.name}.${method}`);
        add({
          kind: "method-call",
          text: `.${method}(...)`,
          file: node.file,
          line: lineOf(offset),
          reason: `unknown receiver; candidates: ${names.join(", ")}`,
          fix: `annotate the receiver as ${candidates[0].name}, or add code_deps=[${candidates[0].name}]`,
        });
      }
    }
  }
  for (const file of new Set(reach.order.map((id) => (a.graph.node(id) as Definition).file))) {
    const problem = a.files.summary(file) === null ? null : a.files.problem(file);
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
  // Discovery by name while modules are imported: what it finds runs with the stage.
  for (const file of files) {
    const summary = a.files.summary(file);
    for (const slice of summary === null ? [] : [...summary.rest, ...summary.effects.map((effect) => effect.slice)]) {
      for (const notice of slice.piece.notices) {
        if (notice.kind !== "dynamic-import" || summary === null) continue;
        const { reason, fix } = EXPLAINED[notice.kind];
        add({
          kind: notice.kind,
          text: notice.text,
          file,
          line: lineAt(summary.lineStarts, notice.offset) + 1,
          reason,
          fix,
        });
      }
    }
  }
  for (const notice of globalWrites(a, reach, reached, files)) add(notice);
  return out;
}

/** More classes than this with one method name say that the name is common, not which class is meant. */
const MOST_CANDIDATES = 3;

/** Reading an attribute by a computed name matters only where the object may be first party. */
function matters(a: Analysis, file: string, notice: PieceNotice): boolean {
  if (notice.kind !== "dynamic-attribute" || notice.chain < 0) return true;
  // What resolves to a module or definition is tracked whole; what is external has no first-party attributes.
  return a.resolver.resolve(file, notice.chain).some((target) => target.kind === "builtin" && target.attrs.length > 0);
}

/** Tracked names written from `if __name__ == "__main__":` (M4.2) or from functions that the stage does not reach. */
function* globalWrites(
  a: Analysis,
  reach: Reach,
  reached: ReadonlySet<NodeId>,
  files: readonly string[],
): Iterable<Notice> {
  const constants = new Map<NodeId, Definition>();
  for (const id of reach.order) {
    const node = a.graph.node(id) as Definition;
    if (node.kind === "const") constants.set(id, node);
  }
  if (constants.size === 0) return;
  for (const file of files) {
    for (const write of a.writes.of(file)) {
      const constant = constants.get(write.target);
      if (constant === undefined || (write.writer !== null && reached.has(write.writer))) continue;
      yield {
        kind: "global-write",
        text: constant.name,
        file,
        line: write.line,
        reason:
          write.writer === null
            ? `${constant.name} is rebound under if __name__ == "__main__":`
            : `${write.name} writes to it and the stage does not reach ${write.name}`,
        fix:
          write.writer === null
            ? "bind it once at module level, or pass it as an argument"
            : `add code_deps=[${write.name}], or pass the value as an argument`,
      };
    }
  }
}
