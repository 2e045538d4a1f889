/**
 * First pass over expressions: which scope reads or binds which name.
 * Visits in the order of Python/symtable.c, so that scopes come out in its order and the same problem comes first.
 *
 * Chains that the grammar repeats without bound on the left (`a + b + ...`, `f().g().h`) are walked with a stack of
 * their own; everything else is recursive up to a fixed depth. Never looks at statements, nor at annotations (annotations.ts).
 */
import {
  type Arguments,
  type Comprehension,
  Context,
  type DictComp,
  type Expr,
  type GeneratorExp,
  type Keyword,
  type Lambda,
  type ListComp,
  type Name,
  type NamedExpr,
  NodeKind,
  type SetComp,
} from "../syntax/ast.ts";
import { ASSIGNED, type BoundScope, type Collection, isFunctionBlock, isFunctionLike } from "./collection.ts";
import { checkRepeatedKeywords, checkStarred, checkUnpacking, checkYield } from "./placement.ts";
import { ScopeKind, SymbolFlag } from "./scope.ts";

type ComprehensionNode = ListComp | SetComp | DictComp | GeneratorExp;

export function visitExprs(c: Collection, nodes: readonly Expr[]): void {
  for (let i = 0; i < nodes.length; i++) visitExpr(c, nodes[i]);
}

function visitOptionals(c: Collection, nodes: readonly (Expr | null)[]): void {
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node !== null) visitExpr(c, node);
  }
}

/** Elements of a display, a target list, or arguments: the places where a star is at home. */
export function visitElements(c: Collection, nodes: readonly Expr[]): void {
  for (let i = 0; i < nodes.length; i++) visitStarrable(c, nodes[i]);
}

/** An expression that may have a star. */
export function visitStarrable(c: Collection, node: Expr): void {
  visitExpr(c, node.kind === NodeKind.Starred ? node.value : node);
}

export function visitExpr(c: Collection, root: Expr): void {
  if (!c.descend(root.start)) return;
  const spine = c.spine;
  const base = spine.length;
  let node = root;
  descent: for (;;) {
    switch (node.kind) {
      case NodeKind.BinOp:
      case NodeKind.Compare:
        spine.push(node);
        node = node.left;
        break;
      case NodeKind.Call:
        spine.push(node);
        node = node.func;
        break;
      case NodeKind.Subscript:
        spine.push(node);
        node = node.value;
        break;
      case NodeKind.Attribute:
        checkDebug(c, node.attr, node.ctx, node.start);
        node = node.value;
        break;
      default:
        break descent;
    }
  }
  visitOperand(c, node);
  while (spine.length > base) {
    const outer = spine.pop()!;
    switch (outer.kind) {
      case NodeKind.BinOp:
        visitExpr(c, outer.right);
        break;
      case NodeKind.Compare:
        visitExprs(c, outer.comparators);
        break;
      case NodeKind.Call:
        visitElements(c, outer.args);
        visitKeywords(c, outer.keywords);
        break;
      case NodeKind.Subscript:
        visitExpr(c, outer.slice);
        break;
    }
  }
  c.depth--;
}

function visitOperand(c: Collection, node: Expr): void {
  switch (node.kind) {
    case NodeKind.Name:
      visitName(c, node);
      break;
    case NodeKind.Constant:
      break;
    case NodeKind.Tuple:
    case NodeKind.List:
      if (node.ctx === Context.Store) checkUnpacking(c, node.elts);
      visitElements(c, node.elts);
      break;
    case NodeKind.Set:
      visitElements(c, node.elts);
      break;
    case NodeKind.BoolOp:
    case NodeKind.JoinedStr:
    case NodeKind.TemplateStr:
      visitExprs(c, node.values);
      break;
    case NodeKind.Dict:
      visitOptionals(c, node.keys);
      visitExprs(c, node.values);
      break;
    case NodeKind.UnaryOp:
      visitExpr(c, node.operand);
      break;
    case NodeKind.IfExp:
      visitExpr(c, node.test);
      visitExpr(c, node.body);
      visitExpr(c, node.orelse);
      break;
    case NodeKind.Starred:
      checkStarred(c, node.ctx, node.start);
      visitExpr(c, node.value);
      break;
    case NodeKind.Slice:
      if (node.lower !== null) visitExpr(c, node.lower);
      if (node.upper !== null) visitExpr(c, node.upper);
      if (node.step !== null) visitExpr(c, node.step);
      break;
    case NodeKind.FormattedValue:
    case NodeKind.Interpolation:
      visitExpr(c, node.value);
      if (node.format_spec !== null) visitExpr(c, node.format_spec);
      break;
    case NodeKind.Lambda:
      visitLambda(c, node);
      break;
    case NodeKind.ListComp:
    case NodeKind.SetComp:
    case NodeKind.DictComp:
    case NodeKind.GeneratorExp:
      visitComprehension(c, node);
      break;
    case NodeKind.NamedExpr:
      visitNamedExpr(c, node);
      break;
    case NodeKind.Yield:
    case NodeKind.YieldFrom:
      refuseInTypeScope(c, "yield expression", node.start);
      if (node.value !== null) visitExpr(c, node.value);
      c.scope.isGenerator = true;
      if (c.scope.kind === ScopeKind.Comprehension) {
        c.fail(`'yield' inside ${comprehensionTitle(c.scope.name)}`, node.start);
      }
      checkYield(c, node.kind, node.start);
      break;
    case NodeKind.Await:
      refuseInTypeScope(c, "await expression", node.start);
      if (!isFunctionLike(c.scope.kind)) c.fail("'await' outside function", node.start);
      else if (!c.scope.isCoroutine && c.scope.kind !== ScopeKind.Comprehension) {
        c.fail("'await' outside async function", node.start);
      }
      visitExpr(c, node.value);
      c.scope.isCoroutine = true;
      break;
  }
}

function comprehensionTitle(scopeName: string): string {
  switch (scopeName) {
    case "listcomp":
      return "list comprehension";
    case "setcomp":
      return "set comprehension";
    case "dictcomp":
      return "dict comprehension";
    default:
      return "generator expression";
  }
}

function checkDebug(c: Collection, name: string, context: Context, offset: number): void {
  if (context === Context.Load || name !== "__debug__") return;
  c.fail(context === Context.Store ? "cannot assign to __debug__" : "cannot delete __debug__", offset);
}

function visitName(c: Collection, node: Name): void {
  const scope = c.scope;
  if (scope.inUnevaluatedAnnotation) return;
  if (node.ctx !== Context.Load) {
    checkDebug(c, node.id, node.ctx, node.start);
    node.symbol = c.add(node.id, ASSIGNED, node.start);
    return;
  }
  node.symbol = c.use(node.id, node.start);
  // `super` without arguments reads the cell of the class around.
  if (node.id === "super" && isFunctionLike(scope.kind)) c.use("__class__", node.start);
}

/** Values of call and class keywords; their names are checked first, as symtable does. */
export function visitKeywords(c: Collection, keywords: readonly Keyword[]): void {
  for (let i = 0; i < keywords.length; i++) {
    const keyword = keywords[i];
    if (keyword.arg === "__debug__") c.fail("cannot assign to __debug__", keyword.start);
  }
  if (keywords.length > 1) checkRepeatedKeywords(c, keywords);
  for (let i = 0; i < keywords.length; i++) visitExpr(c, keywords[i].value);
}

/** Defaults are read where the function is defined. */
export function visitDefaults(c: Collection, args: Arguments): void {
  visitExprs(c, args.defaults);
  visitOptionals(c, args.kw_defaults);
}

/** Adds the parameters to the function's scope, in the order of CPython's local slots. */
export function visitParameters(c: Collection, args: Arguments): void {
  for (const arg of args.posonlyargs) bindParameter(c, arg.arg, arg.start);
  for (const arg of args.args) bindParameter(c, arg.arg, arg.start);
  for (const arg of args.kwonlyargs) bindParameter(c, arg.arg, arg.start);
  if (args.vararg !== null) bindParameter(c, args.vararg.arg, args.vararg.start);
  if (args.kwarg !== null) bindParameter(c, args.kwarg.arg, args.kwarg.start);
}

function bindParameter(c: Collection, name: string, offset: number): void {
  c.bind(name, SymbolFlag.Parameter | SymbolFlag.NonImportBinding, offset);
}

function visitLambda(c: Collection, node: Lambda): void {
  visitDefaults(c, node.args);
  c.scopes.set(node, c.enter(ScopeKind.Lambda, "lambda", node));
  visitParameters(c, node.args);
  visitExpr(c, node.body);
  c.leave();
}

/** The first iterable is read outside, and comes in as the parameter `.0`. */
function visitComprehension(c: Collection, node: ComprehensionNode): void {
  const outer = c.scope;
  const first = node.generators[0];
  outer.iterableDepth++;
  visitExpr(c, first.iter);
  outer.iterableDepth--;
  const scope = c.enter(ScopeKind.Comprehension, comprehensionScopeName(node.kind), node);
  c.scopes.set(node, scope);
  if (first.is_async === 1) scope.isCoroutine = true;
  c.add(".0", SymbolFlag.Parameter, node.start);
  scope.inComprehensionTarget = true;
  visitExpr(c, first.target);
  scope.inComprehensionTarget = false;
  visitExprs(c, first.ifs);
  for (let i = 1; i < node.generators.length; i++) visitGenerator(c, scope, node.generators[i]);
  if (node.kind === NodeKind.DictComp) {
    visitExpr(c, node.value);
    visitExpr(c, node.key);
  } else {
    visitExpr(c, node.elt);
  }
  c.leave();
  if (!scope.isCoroutine || node.kind === NodeKind.GeneratorExp) return;
  const inAsyncFunction = isFunctionBlock(outer.kind) && outer.isCoroutine;
  if (!inAsyncFunction && outer.kind !== ScopeKind.Comprehension) {
    c.fail("asynchronous comprehension outside of an asynchronous function", node.start);
  }
  outer.isCoroutine = true;
}

function comprehensionScopeName(kind: NodeKind): string {
  switch (kind) {
    case NodeKind.ListComp:
      return "listcomp";
    case NodeKind.SetComp:
      return "setcomp";
    case NodeKind.DictComp:
      return "dictcomp";
    default:
      return "genexpr";
  }
}

function visitGenerator(c: Collection, scope: BoundScope, node: Comprehension): void {
  scope.inComprehensionTarget = true;
  visitExpr(c, node.target);
  scope.inComprehensionTarget = false;
  scope.iterableDepth++;
  visitExpr(c, node.iter);
  scope.iterableDepth--;
  visitExprs(c, node.ifs);
  if (node.is_async === 1) scope.isCoroutine = true;
}

function visitNamedExpr(c: Collection, node: NamedExpr): void {
  refuseInTypeScope(c, "named expression", node.start);
  if (c.scope.iterableDepth > 0) {
    c.fail("assignment expression cannot be used in a comprehension iterable expression", node.start);
  }
  if (c.scope.kind === ScopeKind.Comprehension) bindAroundComprehension(c, node.target);
  visitExpr(c, node.value);
  visitExpr(c, node.target);
}

/** PEP 572: a walrus in a comprehension binds in the function or module around it (symtable_extend_namedexpr_scope). */
function bindAroundComprehension(c: Collection, target: Name): void {
  const name = target.id;
  for (let scope: BoundScope | null = c.scope; scope !== null; scope = scope.parent) {
    switch (scope.kind) {
      case ScopeKind.Comprehension: {
        const flags = c.flagsIn(scope, name);
        if (flags & SymbolFlag.ComprehensionTarget && flags & SymbolFlag.Local) {
          c.fail(`assignment expression cannot rebind comprehension iteration variable '${name}'`, target.start);
          return;
        }
        break;
      }
      case ScopeKind.Function:
      case ScopeKind.Lambda:
        c.add(name, c.flagsIn(scope, name) & SymbolFlag.Global ? SymbolFlag.Global : SymbolFlag.Nonlocal, target.start);
        c.declare(name, target.start);
        c.addTo(scope, name, ASSIGNED, target.start);
        return;
      case ScopeKind.Module:
        c.add(name, SymbolFlag.Global, target.start);
        c.declare(name, target.start);
        c.addTo(scope, name, SymbolFlag.Global, target.start);
        return;
      case ScopeKind.Class:
        c.fail("assignment expression within a comprehension cannot be used in a class body", target.start);
        return;
      case ScopeKind.TypeParameters:
        refuseWalrus(c, "within the definition of a generic", target.start);
        return;
      case ScopeKind.TypeAlias:
        refuseWalrus(c, "in a type alias", target.start);
        return;
      case ScopeKind.TypeVariable:
        refuseWalrus(c, "in a TypeVar bound", target.start);
        return;
      case ScopeKind.Annotation:
        break;
    }
  }
}

function refuseWalrus(c: Collection, where: string, offset: number): void {
  c.fail(`assignment expression within a comprehension cannot be used ${where}`, offset);
}

/** Walrus, `yield` and `await` have no place in annotations and type scopes (symtable_raise_if_annotation_block). */
function refuseInTypeScope(c: Collection, what: string, offset: number): void {
  switch (c.scope.kind) {
    case ScopeKind.Annotation:
      c.fail(`${what} cannot be used within an annotation`, offset);
      break;
    case ScopeKind.TypeVariable:
      c.fail(`${what} cannot be used within ${c.scope.description}`, offset);
      break;
    case ScopeKind.TypeAlias:
      c.fail(`${what} cannot be used within a type alias`, offset);
      break;
    case ScopeKind.TypeParameters:
      c.fail(`${what} cannot be used within the definition of a generic`, offset);
      break;
  }
}
