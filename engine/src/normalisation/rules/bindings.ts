/**
 * How often a name is bound in a whole tree, scopes left aside: where it is once, that one binding is all there is.
 * Counted by walking, and only for the few names that rules ask about.
 */
import type { Scope } from "../../binding/scope.ts";
import { type AnyNode, Context, type FunctionNode, NodeKind } from "../../syntax/ast.ts";
import { forEachChild, walk } from "../../syntax/index.ts";

const countsByRoot = new WeakMap<AnyNode, Map<string, number>>();

/** The scopes of functions, as far as they are known. */
export interface Scopes {
  get(node: FunctionNode): Scope | undefined;
}

/**
 * How often a name is bound anywhere in a tree, in whatever scope; names declared `global` or `nonlocal` count too.
 * `scopes`: where given, functions that do not speak of the name are passed by.
 */
export function bindings(root: AnyNode, name: string, scopes: Scopes | null = null): number {
  if (scopes !== null && (root.kind === NodeKind.FunctionDef || root.kind === NodeKind.AsyncFunctionDef)) {
    const scope = scopes.get(root);
    // Private names have other names in scopes.
    if (scope !== undefined && !name.startsWith("__") && !speaksOf(scope, name)) return outside(root, name);
  }
  if (root.kind === NodeKind.ClassDef) {
    // Its methods come and go one by one.
    let sum = binds(root, name) ? 1 : 0;
    forEachChild(root, (child) => {
      sum += bindings(child, name, scopes);
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
    count = counted(root, name);
    counts.set(name, count);
  }
  return count;
}

function counted(root: AnyNode, name: string): number {
  let count = 0;
  walk(root, (node) => {
    if (binds(node, name)) count++;
  });
  return count;
}

/** Whether a scope, or one inside it, has a symbol of this name. */
function speaksOf(scope: Scope, name: string): boolean {
  if (scope.symbols.has(name)) return true;
  const { children } = scope;
  for (let i = 0; i < children.length; i++) if (speaksOf(children[i], name)) return true;
  return false;
}

/** How often a function's statement binds a name around its own scope: by its own name, in decorators, defaults, annotations. */
function outside(node: FunctionNode, name: string): number {
  let sum = binds(node, name) ? 1 : 0;
  for (const part of node.decorator_list) sum += counted(part, name);
  sum += counted(node.args, name);
  if (node.returns !== null) sum += counted(node.returns, name);
  for (const part of node.type_params) sum += counted(part, name);
  return sum;
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
