/**
 * Whether the inside of a comprehension can raise `StopIteration`: in a generator that becomes a `RuntimeError`, in a
 * comprehension it goes on, in `map` it ends the iteration quietly. So those are one only where it can't happen.
 *
 * Nothing is known of a value but of literals, of ints from `range`, and of what was just made: any attribute, call,
 * operator, subscript, truth test, hash, format or loop over something else may run code of a class of the project.
 */
import { CompareOperator, type Comprehension, type Expr, NodeKind, UnaryOperator } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";
import { intVariable, isTotal } from "./eagerAny.ts";
import { isLiteral, isLiteralDisplay } from "./effects.ts";

/** Builtins that run nothing of their arguments. */
const QUIET = new Set(["id", "callable"]);

/** Whether evaluating `elements` for each turn of the loops can't; the first loop's iterable is evaluated outside. */
export function cannotStop(c: Canonical, elements: readonly Expr[], loops: readonly Comprehension[]): boolean {
  const ints = new Set<string>();
  for (const [i, loop] of loops.entries()) {
    if (loop.is_async === 1) return false;
    if (i > 0 && !isLiteralDisplay(loop.iter)) return false;
    if (!isQuietTarget(c, loop)) return false;
    const int = intVariable(c, loop);
    if (int !== null) ints.add(int);
    if (!loop.ifs.every((test) => isQuietTest(c, test, ints))) return false;
  }
  return elements.every((element) => isQuiet(c, element, ints));
}

/** A plain name; a tuple of names from `zip` and `enumerate`, which give tuples. */
function isQuietTarget(c: Canonical, { target, iter }: Comprehension): boolean {
  if (target.kind === NodeKind.Name) return true;
  if (target.kind !== NodeKind.Tuple || !target.elts.every((item) => item.kind === NodeKind.Name)) return false;
  if (iter.kind !== NodeKind.Call || iter.func.kind !== NodeKind.Name) return false;
  return (iter.func.id === "zip" || iter.func.id === "enumerate") && c.isBuiltin(iter.func.id);
}

function isQuiet(c: Canonical, node: Expr, ints: ReadonlySet<string>): boolean {
  switch (node.kind) {
    case NodeKind.Name:
      return true;
    case NodeKind.Tuple:
    case NodeKind.List:
      return node.elts.every((item) => isQuiet(c, item, ints));
    case NodeKind.Dict:
      return (
        node.keys.every((key) => key !== null && isLiteral(key)) &&
        node.values.every((value) => isQuiet(c, value, ints))
      );
    case NodeKind.Lambda:
      return [...node.args.defaults, ...node.args.kw_defaults].every((value) => value === null || isLiteral(value));
    case NodeKind.IfExp:
      return isQuietTest(c, node.test, ints) && isQuiet(c, node.body, ints) && isQuiet(c, node.orelse, ints);
    case NodeKind.NamedExpr:
      return isQuiet(c, node.value, ints);
    case NodeKind.Call:
      return (
        node.func.kind === NodeKind.Name &&
        QUIET.has(node.func.id) &&
        c.isBuiltin(node.func.id) &&
        node.keywords.length === 0 &&
        node.args.every((item) => isQuiet(c, item, ints))
      );
    default:
      return isLiteralDisplay(node) || isQuietTest(c, node, ints) || isOfInts(node, ints);
  }
}

/** Something whose truth is known without asking an object: identity, ints, and `not`, `and`, `or` of such. */
function isQuietTest(c: Canonical, node: Expr, ints: ReadonlySet<string>): boolean {
  switch (node.kind) {
    case NodeKind.Compare:
      if (node.ops.every((op) => op === CompareOperator.Is || op === CompareOperator.IsNot))
        return [node.left, ...node.comparators].every((item) => isQuiet(c, item, ints));
      return isOfInts(node, ints);
    case NodeKind.BoolOp:
      return node.values.every((value) => isQuietTest(c, value, ints));
    case NodeKind.UnaryOp:
      return node.op === UnaryOperator.Not ? isQuietTest(c, node.operand, ints) : isOfInts(node, ints);
    default:
      return isLiteral(node) || isOfInts(node, ints);
  }
}

function isOfInts(node: Expr, ints: ReadonlySet<string>): boolean {
  for (const variable of ints) if (isTotal(node, variable)) return true;
  return false;
}
