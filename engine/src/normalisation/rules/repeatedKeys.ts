/**
 * A literal repeated in a set, `{1, x, 1}` = `{1, x}`, and a literal key repeated in a dict, `{"a": 1, "b": 2, "a": 3}` =
 * `{"a": 3, "b": 2}`: the first place and spelling, the last value.
 *
 * Condition for a dict: the dropped value is a literal; all keys between are literals that can't be equal to this one (so
 * no `**`, no names, no `1` beside `True`); the value that moves, or all that it moves past, is a literal display.
 * Counter-examples: `{"a": f(), "a": 1}`, `{1: "a", True: "b", 1: "c"}`, `{"a": 1, **x, "a": 2}`.
 */
import { type Constant, ConstantType, type Dict, type Expr, NodeKind, type SetDisplay } from "../../syntax/ast.ts";
import { newDict, newSet } from "../../syntax/nodes.ts";
import { isLiteralDisplay } from "./effects.ts";

export function repeatedElements(node: SetDisplay): Expr | null {
  if (node.elts.length < 2) return null;
  const seen = new Set<string>();
  const kept = node.elts.filter((item) => {
    if (item.kind !== NodeKind.Constant) return true;
    const key = identity(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return kept.length === node.elts.length ? null : newSet(node.start, node.end, kept);
}

export function repeatedKeys(node: Dict): Expr | null {
  if (areDistinct(node)) return null;
  const last = new Map<string, number>();
  for (let i = 0; i < node.keys.length; i++) {
    const key = node.keys[i];
    if (key === null || key.kind !== NodeKind.Constant) {
      // What such a key is equal to is not known: nothing moves past it.
      last.clear();
      continue;
    }
    const id = identity(key);
    const before = last.get(id);
    if (before !== undefined && canMerge(node, before, i)) return merged(node, before, i);
    last.set(id, i);
  }
  return null;
}

/** Whether no two keys are literals of one spelling: so it is nearly always, and then nothing need be made of them. */
function areDistinct({ keys }: Dict): boolean {
  const seen = new Set<string>();
  let count = 0;
  for (const key of keys) {
    if (key === null || key.kind !== NodeKind.Constant) continue;
    seen.add(key.value);
    count++;
  }
  return seen.size === count;
}

function canMerge(node: Dict, first: number, second: number): boolean {
  if (!isLiteralDisplay(node.values[first])) return false;
  const key = node.keys[first] as Constant;
  const between = node.values.slice(first + 1, second);
  if (!isLiteralDisplay(node.values[second]) && !between.every(isLiteralDisplay)) return false;
  return node.keys
    .slice(first + 1, second)
    .every((other) => other !== null && other.kind === NodeKind.Constant && !mayEqual(key, other));
}

function merged(node: Dict, first: number, second: number): Expr {
  const keys = node.keys.filter((_, i) => i !== second);
  const values = node.values.map((value, i) => (i === first ? node.values[second] : value));
  values.splice(second, 1);
  return newDict(node.start, node.end, keys, values);
}

/** Equal for literals of one type and value. */
function identity(node: Constant): string {
  return `${node.type} ${node.surrogates?.join() ?? ""} ${node.value}`;
}

const NUMBERS: readonly ConstantType[] = [
  ConstantType.True,
  ConstantType.False,
  ConstantType.Int,
  ConstantType.Float,
  ConstantType.Complex,
];

function mayEqual(a: Constant, b: Constant): boolean {
  return a.type !== b.type && NUMBERS.includes(a.type) && NUMBERS.includes(b.type);
}
