/** Functions that become stages by a call (`kedro.pipeline.node(clean, ...)`) instead of a decorator. */
import { dottedName, dottedParts, type FileContext } from "../normalisation/file.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import { NodeKind, type Stmt } from "../syntax/ast.ts";
import { walk } from "../syntax/walk.ts";

/** Keywords by which frameworks are handed the function; else it is the first argument. */
const HANDED = new Set(["func", "fn", "python_callable"]);

const found = new WeakMap<Stmt, readonly number[]>();

/** Calls anywhere in a statement that make a stage of a function handed to them. */
export function stageCalls(file: FileContext, statement: Stmt): readonly number[] {
  if (statement.kind !== NodeKind.ClassDef) return callsIn(file, statement);
  // Its methods come and go one by one.
  const out: number[] = [];
  for (const item of statement.body) {
    let calls = found.get(item);
    if (calls === undefined) {
      calls = callsIn(file, item);
      found.set(item, calls);
    }
    for (const chain of calls) out.push(chain);
  }
  return out;
}

function callsIn(file: FileContext, statement: Stmt): readonly number[] {
  const out = new Set<number>();
  walk(statement, (node) => {
    if (node.kind !== NodeKind.Call) return;
    // `task(retries=2)(load)`: configured first. `delayed(load)(rows)` was handed its function already.
    const { func } = node;
    const maker = func.kind === NodeKind.Call && func.args.length === 0 ? func.func : func;
    const dotted = dottedName(file, maker);
    if (dotted === null || !marksStage(file.stageDecorators, dotted)) return;
    const handed = node.args[0] ?? node.keywords.find(({ arg }) => arg !== null && HANDED.has(arg))?.value;
    const parts = handed ? dottedParts(handed) : null;
    if (parts !== null) out.add(file.chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }));
  });
  return [...out];
}
