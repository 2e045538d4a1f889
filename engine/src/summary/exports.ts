/** `__all__` of a module, where it can be known from the text. */
import { ConstantType, type Expr, NodeKind, type Stmt } from "../syntax/ast.ts";
import { isDefinition } from "./statementKinds.ts";
import { touchesOf } from "./touches.ts";
import type { Unit } from "./unit.ts";

/** The exported names in order; `"dynamic"` when `__all__` is made in a way that the text does not tell; null without one. */
export function collectExports(units: readonly Unit[]): readonly string[] | "dynamic" | null {
  let names: string[] | null = null;
  for (const unit of units) {
    if (!unit.inForce || !unit.speaksOfExports) continue;
    const { statement } = unit;
    const touches = touchesOf(statement);
    // A function that speaks of it, such as an `@export` decorator, adds to it.
    if (isDefinition(statement)) return "dynamic";
    if (!touches.binds.has("__all__") && !touches.mutates.has("__all__")) continue;
    const added = addedNames(statement);
    if (added === null) return "dynamic";
    names = added.replace ? added.names : [...(names ?? []), ...added.names];
  }
  return names;
}

function addedNames(statement: Stmt): { names: string[]; replace: boolean } | null {
  let value: Expr | null = null;
  let replace = true;
  if (statement.kind === NodeKind.Assign || (statement.kind === NodeKind.AnnAssign && statement.value))
    value = statement.value;
  else if (statement.kind === NodeKind.AugAssign && statement.target.kind === NodeKind.Name) {
    value = statement.value;
    replace = false;
  } else if (statement.kind === NodeKind.Expr && statement.value.kind === NodeKind.Call) {
    const { func, args } = statement.value;
    if (func.kind !== NodeKind.Attribute || args.length !== 1) return null;
    replace = false;
    if (func.attr === "extend") value = args[0];
    else if (func.attr === "append")
      return literal(args[0]) === null ? null : { names: [literal(args[0]) as string], replace };
  }
  if (value === null || (value.kind !== NodeKind.List && value.kind !== NodeKind.Tuple)) return null;
  const names = value.elts.map(literal);
  return names.includes(null) ? null : { names: names as string[], replace };
}

function literal(node: Expr): string | null {
  return node.kind === NodeKind.Constant && node.type === ConstantType.Str ? node.value : null;
}
