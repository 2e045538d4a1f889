/**
 * What rules may rely on about an expression: that evaluating it has no effect, that it cannot fail, that it does not look
 * at its frame. Every answer errs on the side of "it may".
 */
import { mangle } from "../../binding/mangling.ts";
import { Resolution, ScopeKind, SymbolFlag } from "../../binding/scope.ts";
import { type AnyNode, ConstantType, type Expr, NodeKind, UnaryOperator } from "../../syntax/ast.ts";
import { walk } from "../../syntax/index.ts";
import type { Canonical } from "../canonical.ts";
import { localFacts } from "./localFacts.ts";

/** A literal, or a number with a sign. */
export function isLiteral(node: Expr): boolean {
  if (node.kind === NodeKind.Constant) return true;
  return (
    node.kind === NodeKind.UnaryOp &&
    (node.op === UnaryOperator.USub || node.op === UnaryOperator.UAdd) &&
    node.operand.kind === NodeKind.Constant &&
    node.operand.type >= ConstantType.Int &&
    node.operand.type <= ConstantType.Complex
  );
}

/** A literal, or a display of such at any depth that can't fail: keys and elements of sets are hashable. */
export function isLiteralDisplay(node: Expr): boolean {
  switch (node.kind) {
    case NodeKind.List:
    case NodeKind.Tuple:
      return node.elts.every(isLiteralDisplay);
    case NodeKind.Set:
      return node.elts.every(isHashableDisplay);
    case NodeKind.Dict:
      return node.keys.every((key) => key !== null && isHashableDisplay(key)) && node.values.every(isLiteralDisplay);
    case NodeKind.JoinedStr:
      return node.values.every((part) => part.kind === NodeKind.Constant);
    default:
      return isLiteral(node);
  }
}

function isHashableDisplay(node: Expr): boolean {
  return node.kind === NodeKind.Tuple ? node.elts.every(isHashableDisplay) : isLiteral(node);
}

/**
 * Whether evaluating an expression earlier or later than something else makes no difference: a literal, a name, a lambda
 * without defaults, or an attribute of an imported module. It may still fail, when a name is not bound.
 */
export function isInert(c: Canonical, node: Expr): boolean {
  switch (node.kind) {
    case NodeKind.Name:
      return true;
    case NodeKind.Lambda:
      return node.args.defaults.length === 0 && node.args.kw_defaults.every((value) => value === null);
    case NodeKind.Attribute:
      return node.value.kind === NodeKind.Name && isModule(c, node.value.id);
    case NodeKind.Tuple:
      return node.elts.every((item) => isInert(c, item));
    default:
      return isLiteral(node);
  }
}

/** Whether a name is bound by plain `import m` statements alone, so that reading an attribute runs nothing of ours. */
function isModule(c: Canonical, id: string): boolean {
  const target = c.owner(id) === null ? c.file.facts.imports.get(id) : c.importTargets(id)?.[0];
  return target !== undefined && target.name === null;
}

/** Whether leaving an expression out goes unseen: a literal display, or a parameter that nothing deletes. */
export function isDroppable(c: Canonical, node: Expr): boolean {
  return node.kind === NodeKind.Name ? isParameter(c, node.id) : isLiteralDisplay(node);
}

/** Whether a name read in the present function is a parameter of it that is bound throughout. */
function isParameter(c: Canonical, id: string): boolean {
  if (c.scope.kind !== ScopeKind.Function && c.scope.kind !== ScopeKind.Lambda) return false;
  const name = mangle(id, c.scope.mangleWith);
  const symbol = c.scope.symbols.get(name);
  if (symbol === undefined || !(symbol.flags & SymbolFlag.Parameter)) return false;
  if (symbol.resolution !== Resolution.Local) return false;
  return c.scope.kind === ScopeKind.Lambda || !localFacts(c, c.scope).deleted.has(name);
}

/** Builtins that see or need the frame that they are called from. */
const FRAME_READERS = new Set(["super", "__class__", "locals", "vars", "dir", "eval", "exec"]);

/**
 * Whether the parts of a comprehension mean the same in any kind of comprehension or generator: nothing in it awaits,
 * yields, or looks at the frame it runs in.
 */
export function isFrameFree(parts: readonly AnyNode[]): boolean {
  let free = true;
  for (const part of parts) {
    walk(part, (node) => {
      switch (node.kind) {
        case NodeKind.Await:
        case NodeKind.Yield:
        case NodeKind.YieldFrom:
          free = false;
          return;
        case NodeKind.Comprehension:
          if (node.is_async === 1) free = false;
          return;
        case NodeKind.Name:
          if (FRAME_READERS.has(node.id)) free = false;
          return;
      }
    });
  }
  return free;
}

const ITERATOR_METHODS = new Set(["__next__", "send", "throw", "asend", "athrow", "__anext__"]);

/** Whether the code says `next` or the like: what commonly raises `StopIteration`. */
export function speaksOfNext(parts: readonly AnyNode[]): boolean {
  let found = false;
  for (const part of parts) {
    walk(part, (node) => {
      if (node.kind === NodeKind.Name) found ||= node.id === "next" || node.id === "StopIteration";
      else if (node.kind === NodeKind.Attribute) found ||= ITERATOR_METHODS.has(node.attr);
    });
  }
  return found;
}
