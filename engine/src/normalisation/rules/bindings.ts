/**
 * How often names are bound in a whole tree, scopes left aside: where one is bound once, that one binding is all there is.
 * Counted for all names in one walk, and only where a rule asks.
 */
import { type AnyNode, Context, NodeKind } from "../../syntax/ast.ts";
import { forEachChild, walk } from "../../syntax/index.ts";

const countsByRoot = new WeakMap<AnyNode, ReadonlyMap<string, number>>();

/** How often a name is bound anywhere in a tree, in whatever scope; names declared `global` or `nonlocal` count too. */
export function bindings(root: AnyNode, name: string): number {
  if (root.kind === NodeKind.ClassDef) {
    // Its methods come and go one by one.
    let sum = root.name === name ? 1 : 0;
    forEachChild(root, (child) => {
      sum += bindings(child, name);
    });
    return sum;
  }
  let counts = countsByRoot.get(root);
  if (counts === undefined) {
    const all = new Map<string, number>();
    countBindings(root, all);
    counts = all;
    countsByRoot.set(root, counts);
  }
  return counts.get(name) ?? 0;
}

/** Adds how often each name is bound in a tree to `counts`. */
export function countBindings(root: AnyNode, counts: Map<string, number>): void {
  const add = (name: string | null) => {
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  };
  walk(root, (node) => {
    switch (node.kind) {
      case NodeKind.Name:
        if (node.ctx !== Context.Load) add(node.id);
        break;
      case NodeKind.FunctionDef:
      case NodeKind.AsyncFunctionDef:
      case NodeKind.ClassDef:
      case NodeKind.ExceptHandler:
      case NodeKind.MatchAs:
      case NodeKind.MatchStar:
      case NodeKind.TypeVar:
      case NodeKind.ParamSpec:
      case NodeKind.TypeVarTuple:
        add(node.name);
        break;
      case NodeKind.MatchMapping:
        add(node.rest);
        break;
      case NodeKind.Arg:
        add(node.arg);
        break;
      case NodeKind.Alias:
        add(node.asname ?? node.name.split(".")[0]);
        break;
      case NodeKind.Global:
      case NodeKind.Nonlocal:
        for (const name of new Set(node.names)) add(name);
        break;
    }
  });
}
