/**
 * Which expressions can be assigned to or deleted, and what CPython calls those that can't (Parser/pegen.c).
 */

import { ConstantType, Context, type Expr, NodeKind } from "./ast.ts";

/** How messages name an expression (`_PyPegen_get_expr_name`). */
export function expressionName(node: Expr): string {
  switch (node.kind) {
    case NodeKind.Attribute:
      return "attribute";
    case NodeKind.Subscript:
      return "subscript";
    case NodeKind.Starred:
      return "starred";
    case NodeKind.Name:
      return "name";
    case NodeKind.List:
      return "list";
    case NodeKind.Tuple:
      return "tuple";
    case NodeKind.Lambda:
      return "lambda";
    case NodeKind.Call:
      return "function call";
    case NodeKind.BoolOp:
    case NodeKind.BinOp:
    case NodeKind.UnaryOp:
      return "expression";
    case NodeKind.GeneratorExp:
      return "generator expression";
    case NodeKind.Yield:
    case NodeKind.YieldFrom:
      return "yield expression";
    case NodeKind.Await:
      return "await expression";
    case NodeKind.ListComp:
      return "list comprehension";
    case NodeKind.SetComp:
      return "set comprehension";
    case NodeKind.DictComp:
      return "dict comprehension";
    case NodeKind.Dict:
      return "dict literal";
    case NodeKind.Set:
      return "set display";
    case NodeKind.JoinedStr:
    case NodeKind.FormattedValue:
      return "f-string expression";
    case NodeKind.TemplateStr:
    case NodeKind.Interpolation:
      return "t-string expression";
    case NodeKind.Compare:
      return "comparison";
    case NodeKind.IfExp:
      return "conditional expression";
    case NodeKind.NamedExpr:
      return "named expression";
    case NodeKind.Slice:
      return "slice";
    case NodeKind.Constant:
      switch (node.type) {
        case ConstantType.None:
          return "None";
        case ConstantType.True:
          return "True";
        case ConstantType.False:
          return "False";
        case ConstantType.Ellipsis:
          return "ellipsis";
        default:
          return "literal";
      }
  }
}

/**
 * Turns an expression into a target in place: sets `ctx` of its names, attributes, subscripts and displays.
 * Returns the first part that is no target, or null. Nested displays are bounded by CPython's 200 brackets.
 */
export function toTarget(node: Expr, ctx: Context.Store | Context.Del): Expr | null {
  switch (node.kind) {
    case NodeKind.Name:
    case NodeKind.Attribute:
    case NodeKind.Subscript:
      node.ctx = ctx;
      return null;
    case NodeKind.Starred: {
      if (ctx === Context.Del || node.value.kind === NodeKind.Starred) return node;
      const bad = toTarget(node.value, ctx);
      if (bad === null) node.ctx = ctx;
      return bad;
    }
    case NodeKind.Tuple:
    case NodeKind.List: {
      for (const element of node.elts) {
        const bad = toTarget(element, ctx);
        if (bad !== null) return bad;
      }
      node.ctx = ctx;
      return null;
    }
    default:
      return node;
  }
}

/** `single_target`: what an augmented or annotated assignment takes. */
export function isSingleTarget(node: Expr): boolean {
  return node.kind === NodeKind.Name || node.kind === NodeKind.Attribute || node.kind === NodeKind.Subscript;
}
