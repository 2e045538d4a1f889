/**
 * Children of a node, in the order of the ASDL's fields; what generic walks are written with.
 *
 * Visits nodes, never strings, numbers or operators.
 */

import { type AnyNode, NodeKind } from "./ast.ts";

function each(nodes: readonly AnyNode[], visit: (child: AnyNode) => void): void {
  for (let i = 0; i < nodes.length; i++) visit(nodes[i]);
}

function eachOrNull(nodes: readonly (AnyNode | null)[], visit: (child: AnyNode) => void): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node !== null) visit(node);
  }
}

/** Calls `visit` for each child of `node`, in field order (`ast.iter_child_nodes`); does not descend. */
export function forEachChild(node: AnyNode, visit: (child: AnyNode) => void): void {
  switch (node.kind) {
    case NodeKind.BoolOp:
    case NodeKind.JoinedStr:
    case NodeKind.TemplateStr:
      each(node.values, visit);
      return;
    case NodeKind.NamedExpr:
    case NodeKind.AugAssign:
      visit(node.target);
      visit(node.value);
      return;
    case NodeKind.BinOp:
      visit(node.left);
      visit(node.right);
      return;
    case NodeKind.UnaryOp:
      visit(node.operand);
      return;
    case NodeKind.Lambda:
      visit(node.args);
      visit(node.body);
      return;
    case NodeKind.IfExp:
      visit(node.test);
      visit(node.body);
      visit(node.orelse);
      return;
    case NodeKind.Dict:
      eachOrNull(node.keys, visit);
      each(node.values, visit);
      return;
    case NodeKind.Set:
    case NodeKind.List:
    case NodeKind.Tuple:
      each(node.elts, visit);
      return;
    case NodeKind.ListComp:
    case NodeKind.SetComp:
    case NodeKind.GeneratorExp:
      visit(node.elt);
      each(node.generators, visit);
      return;
    case NodeKind.DictComp:
      visit(node.key);
      visit(node.value);
      each(node.generators, visit);
      return;
    case NodeKind.Await:
    case NodeKind.YieldFrom:
    case NodeKind.Attribute:
    case NodeKind.Starred:
    case NodeKind.Expr:
    case NodeKind.Keyword:
    case NodeKind.MatchValue:
      visit(node.value);
      return;
    case NodeKind.Yield:
    case NodeKind.Return:
      if (node.value !== null) visit(node.value);
      return;
    case NodeKind.Compare:
      visit(node.left);
      each(node.comparators, visit);
      return;
    case NodeKind.Call:
      visit(node.func);
      each(node.args, visit);
      each(node.keywords, visit);
      return;
    case NodeKind.FormattedValue:
    case NodeKind.Interpolation:
      visit(node.value);
      if (node.format_spec !== null) visit(node.format_spec);
      return;
    case NodeKind.Constant:
    case NodeKind.Name:
    case NodeKind.Global:
    case NodeKind.Nonlocal:
    case NodeKind.Pass:
    case NodeKind.Break:
    case NodeKind.Continue:
    case NodeKind.Alias:
    case NodeKind.MatchSingleton:
    case NodeKind.MatchStar:
      return;
    case NodeKind.Subscript:
      visit(node.value);
      visit(node.slice);
      return;
    case NodeKind.Slice:
      if (node.lower !== null) visit(node.lower);
      if (node.upper !== null) visit(node.upper);
      if (node.step !== null) visit(node.step);
      return;
    case NodeKind.FunctionDef:
    case NodeKind.AsyncFunctionDef:
      visit(node.args);
      each(node.body, visit);
      each(node.decorator_list, visit);
      if (node.returns !== null) visit(node.returns);
      each(node.type_params, visit);
      return;
    case NodeKind.ClassDef:
      each(node.bases, visit);
      each(node.keywords, visit);
      each(node.body, visit);
      each(node.decorator_list, visit);
      each(node.type_params, visit);
      return;
    case NodeKind.Delete:
      each(node.targets, visit);
      return;
    case NodeKind.Assign:
      each(node.targets, visit);
      visit(node.value);
      return;
    case NodeKind.TypeAlias:
      visit(node.name);
      each(node.type_params, visit);
      visit(node.value);
      return;
    case NodeKind.AnnAssign:
      visit(node.target);
      visit(node.annotation);
      if (node.value !== null) visit(node.value);
      return;
    case NodeKind.For:
    case NodeKind.AsyncFor:
      visit(node.target);
      visit(node.iter);
      each(node.body, visit);
      each(node.orelse, visit);
      return;
    case NodeKind.While:
    case NodeKind.If:
      visit(node.test);
      each(node.body, visit);
      each(node.orelse, visit);
      return;
    case NodeKind.With:
    case NodeKind.AsyncWith:
      each(node.items, visit);
      each(node.body, visit);
      return;
    case NodeKind.Match:
      visit(node.subject);
      each(node.cases, visit);
      return;
    case NodeKind.Raise:
      if (node.exc !== null) visit(node.exc);
      if (node.cause !== null) visit(node.cause);
      return;
    case NodeKind.Try:
    case NodeKind.TryStar:
      each(node.body, visit);
      each(node.handlers, visit);
      each(node.orelse, visit);
      each(node.finalbody, visit);
      return;
    case NodeKind.Assert:
      visit(node.test);
      if (node.msg !== null) visit(node.msg);
      return;
    case NodeKind.Import:
    case NodeKind.ImportFrom:
      each(node.names, visit);
      return;
    case NodeKind.Module:
      each(node.body, visit);
      return;
    case NodeKind.Comprehension:
      visit(node.target);
      visit(node.iter);
      each(node.ifs, visit);
      return;
    case NodeKind.ExceptHandler:
      if (node.type !== null) visit(node.type);
      each(node.body, visit);
      return;
    case NodeKind.Arguments:
      each(node.posonlyargs, visit);
      each(node.args, visit);
      if (node.vararg !== null) visit(node.vararg);
      each(node.kwonlyargs, visit);
      eachOrNull(node.kw_defaults, visit);
      if (node.kwarg !== null) visit(node.kwarg);
      each(node.defaults, visit);
      return;
    case NodeKind.Arg:
      if (node.annotation !== null) visit(node.annotation);
      return;
    case NodeKind.WithItem:
      visit(node.context_expr);
      if (node.optional_vars !== null) visit(node.optional_vars);
      return;
    case NodeKind.MatchCase:
      visit(node.pattern);
      if (node.guard !== null) visit(node.guard);
      each(node.body, visit);
      return;
    case NodeKind.MatchSequence:
    case NodeKind.MatchOr:
      each(node.patterns, visit);
      return;
    case NodeKind.MatchMapping:
      each(node.keys, visit);
      each(node.patterns, visit);
      return;
    case NodeKind.MatchClass:
      visit(node.cls);
      each(node.patterns, visit);
      each(node.kwd_patterns, visit);
      return;
    case NodeKind.MatchAs:
      if (node.pattern !== null) visit(node.pattern);
      return;
    case NodeKind.TypeVar:
      if (node.bound !== null) visit(node.bound);
      if (node.default_value !== null) visit(node.default_value);
      return;
    case NodeKind.ParamSpec:
    case NodeKind.TypeVarTuple:
      if (node.default_value !== null) visit(node.default_value);
      return;
  }
}

/** Calls `visit` for `root` and everything below it, parents first, siblings in field order. Not recursive: any depth will do. */
export function walk(root: AnyNode, visit: (node: AnyNode) => void): void {
  const stack: AnyNode[] = [root];
  const push = (child: AnyNode) => {
    stack.push(child);
  };
  while (stack.length > 0) {
    const node = stack.pop() as AnyNode;
    visit(node);
    const first = stack.length;
    forEachChild(node, push);
    for (let i = first, j = stack.length - 1; i < j; i++, j--) {
      const child = stack[i];
      stack[i] = stack[j];
      stack[j] = child;
    }
  }
}
