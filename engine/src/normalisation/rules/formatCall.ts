/**
 * `"{} {}".format(a, b)` = `f"{a} {b}"`: numbered by itself or by hand, or named, with conversions and specs.
 *
 * Condition: a literal; no `*` or `**`; every field is a plain argument, each argument is used once and in order. An
 * f-string formats one value before it evaluates the next, so all arguments but the first are inert (a name, a literal,
 * an attribute of a module). An argument that no field uses is left out when it is a literal display or a parameter.
 * Counter-examples: `"{0}{0}".format(f())`, `"{}{}".format(f(), g())`, `"{} {}".format(a)`, which fails,
 * `fmt.format(a)`, `"{}".format(*a)`.
 */
import { type Call, type Constant, ConstantType, type Expr, NodeKind } from "../../syntax/ast.ts";
import { newConstant, newFormattedValue, newJoinedStr } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isDroppable, isInert } from "./effects.ts";
import { type FormatField, type FormatPart, fieldsOf, parseFormat } from "./formatString.ts";

export function formatCall(c: Canonical, node: Call, text: Constant): Expr | null {
  if (text.type !== ConstantType.Str || text.surrogates !== null) return null;
  if (node.args.some((item) => item.kind === NodeKind.Starred)) return null;
  const parts = parseFormat(text.value);
  if (parts === null) return null;
  const names = new Map<string, number>();
  const values: Expr[] = [];
  for (const item of node.args) {
    names.set(String(values.length), values.length);
    values.push(item);
  }
  for (const { arg, value } of node.keywords) {
    if (arg === null) return null;
    names.set(arg, values.length);
    values.push(value);
  }
  const used = argumentsOf(fieldsOf(parts), names, node.args.length);
  if (used === null || !isFaithful(c, values, [...used.values()])) return null;
  return joined(node, parts, (field) => values[used.get(field) as number]);
}

/** The argument of each field; null where a field has none, or numbers are mixed with empty names. */
function argumentsOf(
  fields: readonly FormatField[],
  names: ReadonlyMap<string, number>,
  positional: number,
): Map<FormatField, number> | null {
  const used = new Map<FormatField, number>();
  let automatic = 0;
  let manual = 0;
  for (const field of fields) {
    const isNumber = /^\d+$/.test(field.name);
    if (isNumber) manual++;
    const name = field.name === "" ? String(automatic++) : field.name;
    const index = names.get(name);
    if (index === undefined || ((isNumber || field.name === "") && index >= positional)) return null;
    used.set(field, index);
  }
  return automatic > 0 && manual > 0 ? null : used;
}

/** Whether evaluating the arguments one by one, each where it is formatted, is like evaluating all of them before. */
function isFaithful(c: Canonical, values: readonly Expr[], used: readonly number[]): boolean {
  for (let i = 1; i < used.length; i++) if (used[i] <= used[i - 1]) return false;
  for (let i = 0; i < values.length; i++) {
    if (!used.includes(i)) {
      if (!isDroppable(c, values[i])) return false;
    } else if (i !== used[0] && !isInert(c, values[i])) return false;
  }
  return true;
}

function joined(node: Call, parts: readonly FormatPart[], valueAt: (field: FormatField) => Expr): Expr {
  const { start, end } = node;
  const pieces = parts.map((part): Expr => {
    if (typeof part === "string") return newConstant(start, end, ConstantType.Str, part, null, false);
    const spec = part.spec.length === 0 ? null : specOf(node, part.spec, valueAt);
    return newFormattedValue(start, end, valueAt(part), part.conversion, spec);
  });
  return newJoinedStr(start, end, pieces);
}

function specOf(node: Call, parts: readonly FormatPart[], valueAt: (field: FormatField) => Expr) {
  const made = joined(node, parts, valueAt);
  return made.kind === NodeKind.JoinedStr ? made : null;
}
