/**
 * How often a name is bound in a whole tree, scopes left aside: where it is once, that one binding is all there is.
 * Counted by walking, and only for the few names that rules ask about.
 */
import { type AnyNode, Context, NodeKind } from "../../syntax/ast.ts";
import { forEachChild, walk } from "../../syntax/index.ts";

const countsByRoot = new WeakMap<AnyNode, Map<string, number>>();

/** How often a name is bound anywhere in a tree, in whatever scope; names declared `global` or `nonlocal` count too. */
export function bindings(root: AnyNode, name: string): number {
  if (root.kind === NodeKind.ClassDef) {
    // Its methods come and go one by one.
    let sum = binds(root, name) ? 1 : 0;
    forEachChild(root, (child) => {
      sum += bindings(child, name);
    });
    return sum;
  }
  let counts = countsByRoot.get(root);
  if (counts === undefined) {
    counts = new Map();
    countsByRoot.set(root, counts);
  }
  let count = counts.get(name);
  if (count === undefined) {
    count = 0;
    walk(root, (node) => {
      if (binds(node, name)) count = (count as number) + 1;
    });
    counts.set(name, count);
  }
  return count;
}

function binds(node: AnyNode, name: string): boolean {
  switch (node.kind) {
    case NodeKind.Name:
      return node.id === name && node.ctx !== Context.Load;
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
    case NodeKind.ClassDef:
    case NodeKind.ExceptHandler:
    case NodeKind.MatchAs:
    case NodeKind.MatchStar:
    case NodeKind.TypeVar:
    case NodeKind.ParamSpec:
    case NodeKind.TypeVarTuple:
      return node.name === name;
    case NodeKind.MatchMapping:
      return node.rest === name;
    case NodeKind.Arg:
      return node.arg === name;
    case NodeKind.Alias:
      return (node.asname ?? node.name.split(".")[0]) === name;
    case NodeKind.Global:
    case NodeKind.Nonlocal:
      return node.names.includes(name);
    default:
      return false;
  }
}
