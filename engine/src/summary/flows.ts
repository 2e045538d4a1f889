/**
 * Through which module-level names an object may be reached: so that `ALIAS = TABLE; ALIAS["a"] = 1`, `for t in (A, B):
 * t.append(1)` or `add = TABLE.append; add(1)` count as changes of the table (manifest §4). Over-approximates: a value
 * may come from every name that its expression hands on.
 */
import { Resolution, type Scope, type ScopeTree } from "../binding/scope.ts";
import { innerBodies } from "../normalisation/functionScope.ts";
import { type AnyNode, type Expr, type FunctionNode, NodeKind, type Stmt } from "../syntax/ast.ts";
import { forEachChild } from "../syntax/index.ts";
import { isModuleObject, MODULE, mutatedInside, touchesOf } from "./touches.ts";

/**
 * Calls `flow(target, source)` for each name that a module-level statement may bind to (part of) another's object. `scopes`
 * tells the names of a function's own from those of the module.
 */
export function collectFlows(
  statement: Stmt,
  scopes: Pick<ScopeTree["scopes"], "get">,
  flow: (target: string, source: string) => void,
): void {
  const bind = (targets: readonly Expr[], value: Expr) => {
    const sources = new Set<string>();
    roots(value, sources);
    const names = new Set<string>();
    for (const target of targets) targetNames(target, names);
    for (const name of names) for (const source of sources) if (source !== name) flow(name, source);
    // `A = X = make()`: one object under several names; `put, get = registry()`: functions that share what they keep.
    const shares = targets.length > 1 || (targets[0].kind === NodeKind.Tuple && value.kind === NodeKind.Call);
    if (shares) for (const a of names) for (const b of names) if (a !== b) flow(a, b);
    // `TABLE[k] = X`: what is changed through the table may be X.
    for (const target of targets) {
      if (target.kind !== NodeKind.Attribute && target.kind !== NodeKind.Subscript) continue;
      const holders = new Set<string>();
      roots(target, holders);
      for (const holder of holders) for (const source of sources) if (source !== holder) flow(holder, source);
    }
  };
  switch (statement.kind) {
    case NodeKind.Assign:
      bind(statement.targets, statement.value);
      break;
    case NodeKind.AnnAssign:
    case NodeKind.AugAssign:
      if (statement.value !== null) bind([statement.target], statement.value);
      break;
    case NodeKind.For:
    case NodeKind.AsyncFor:
      bind([statement.target], statement.iter);
      break;
    case NodeKind.With:
    case NodeKind.AsyncWith:
      for (const item of statement.items) if (item.optional_vars) bind([item.optional_vars], item.context_expr);
      break;
    case NodeKind.Match: {
      const sources = new Set<string>();
      roots(statement.subject, sources);
      const inside = new Set<string>();
      for (const item of statement.cases)
        for (const inner of item.body) for (const name of touchesOf(inner).binds) inside.add(name);
      for (const name of touchesOf(statement).binds) {
        if (!inside.has(name)) for (const source of sources) if (source !== name) flow(name, source);
      }
      break;
    }
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
      handedOut(statement, scopes, (source) => flow(statement.name, source));
      return;
    case NodeKind.ClassDef:
      for (const inner of statement.body) {
        if (inner.kind === NodeKind.FunctionDef || inner.kind === NodeKind.AsyncFunctionDef) {
          handedOut(inner, scopes, (source) => flow(statement.name, source));
        }
      }
      return;
    default:
      break;
  }
  walrus(statement, bind);
  for (const body of innerBodies(statement)) for (const inner of body) collectFlows(inner, scopes, flow);
}

/** What a function returns, and what code inside it changes: who holds its result may change the same. */
function handedOut(node: FunctionNode, scopes: Pick<ScopeTree["scopes"], "get">, out: (source: string) => void): void {
  const touches = touchesOf(node);
  let found = touches.handedOut;
  if (found === null) {
    const names = new Set<string>();
    mutatedInside(node.body, names, (statement) => {
      if (statement.kind === NodeKind.Return && statement.value !== null) roots(statement.value, names);
    });
    const scope = scopes.get(node);
    found = [...names].filter((name) => scope === undefined || isOfModule(scope, name));
    touches.handedOut = found;
  }
  for (const name of found) out(name);
}

/** Whether code of a scope, or of one inside it, means the module's name by it. Private names are not looked up. */
function isOfModule(scope: Scope, name: string): boolean {
  if (name.startsWith("__") || name === MODULE.name) return true;
  const resolution = scope.symbols.get(name)?.resolution;
  if (resolution === Resolution.GlobalImplicit || resolution === Resolution.GlobalExplicit) return true;
  for (const child of scope.children) if (isOfModule(child, name)) return true;
  return false;
}

/** `(A := X)` and comprehension variables in expressions that run with the statement. */
function walrus(statement: Stmt, bind: (targets: readonly Expr[], value: Expr) => void): void {
  const visit = (node: AnyNode): void => {
    if (node.kind === NodeKind.NamedExpr) bind([node.target], node.value);
    if (node.kind === NodeKind.Comprehension) bind([node.target], node.iter);
    if (node.kind === NodeKind.Lambda) return;
    forEachChild(node, (child) => {
      if (child.kind < NodeKind.FunctionDef || child.kind > NodeKind.Module) visit(child);
    });
  };
  visit(statement);
}

function targetNames(target: Expr, out: Set<string>): void {
  if (target.kind === NodeKind.Name) out.add(target.id);
  else if (target.kind === NodeKind.Tuple || target.kind === NodeKind.List) {
    for (const item of target.elts) targetNames(item, out);
  } else if (target.kind === NodeKind.Starred) targetNames(target.value, out);
}

/** Names whose objects, or parts of them, an expression's value may be or hold. */
function roots(node: Expr, out: Set<string>): void {
  switch (node.kind) {
    case NodeKind.Name:
      out.add(node.id);
      return;
    case NodeKind.Attribute:
    case NodeKind.Starred:
    case NodeKind.Await:
    case NodeKind.NamedExpr:
      roots(node.value, out);
      return;
    case NodeKind.Subscript:
      if (isModuleObject(node)) out.add(MODULE.name);
      roots(node.value, out);
      return;
    case NodeKind.Call:
      if (isModuleObject(node)) out.add(MODULE.name);
      roots(node.func, out);
      for (const argument of node.args) roots(argument, out);
      for (const keyword of node.keywords) roots(keyword.value, out);
      return;
    case NodeKind.List:
    case NodeKind.Tuple:
    case NodeKind.Set:
      for (const item of node.elts) roots(item, out);
      return;
    case NodeKind.Dict:
      for (const item of node.values) roots(item, out);
      return;
    case NodeKind.IfExp:
      roots(node.body, out);
      roots(node.orelse, out);
      return;
    case NodeKind.BoolOp:
      for (const item of node.values) roots(item, out);
      return;
    case NodeKind.ListComp:
    case NodeKind.SetComp:
    case NodeKind.GeneratorExp:
      roots(node.elt, out);
      for (const generator of node.generators) roots(generator.iter, out);
      return;
    case NodeKind.DictComp:
      roots(node.value, out);
      for (const generator of node.generators) roots(generator.iter, out);
      return;
    case NodeKind.Lambda:
      everyName(node.body, out);
      return;
  }
}

function everyName(node: AnyNode, out: Set<string>): void {
  if (node.kind === NodeKind.Name) out.add(node.id);
  forEachChild(node, (child) => everyName(child, out));
}
