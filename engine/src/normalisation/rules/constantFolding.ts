/**
 * Arithmetic on literals is its result: `24 * 60` = `1440`, `"a" + "b"` = `"ab"`, as CPython's compiler has it.
 *
 * Condition: ints, floats and strings; the operation can't fail; the result is small (CPython's own limits: 128 bits, 4096
 * characters). Counter-examples: `1 / 0`; `2 ** -1` and float powers, which the platform's C library computes; `1 + True`;
 * `1` and `1.0`. A negative number stays a sign before a literal, so `-0.0` is not `0.0`.
 */
import {
  BinaryOperator,
  type BinOp,
  type Constant,
  ConstantType,
  type Expr,
  NodeKind,
  type UnaryOp,
  UnaryOperator,
} from "../../syntax/ast.ts";
import { newConstant, newUnaryOp } from "../../syntax/nodes.ts";

type Value = bigint | number | string;

const MAX_BITS = 128n;
const MAX_TEXT = 4096;
const LIMIT = 1n << MAX_BITS;
/** Ints up to here are doubles exactly. */
const EXACT = 2n ** 53n;

export function foldedOperation(node: BinOp): Expr | null {
  if (!mayFold(node.right) || !mayFold(node.left) || startsWithNoValue(node.left)) return null;
  const value = foldedValue(node);
  return value === null ? null : literal(node, value);
}

export function foldedSign(node: UnaryOp): Expr | null {
  const { operand } = node;
  if (node.op === UnaryOperator.Not || !mayFold(operand)) return null;
  // The canonical spelling of a negative number.
  if (node.op === UnaryOperator.USub && operand.kind === NodeKind.Constant) {
    return operand.type === ConstantType.Int && operand.value === "0" ? operand : null;
  }
  const value = foldedValue(node);
  return value === null ? null : literal(node, value);
}

/** A first look that remembers nothing, as far as it reaches: most operations start with a name or a call. */
function startsWithNoValue(node: Expr): boolean {
  let at = node;
  for (let i = 0; i < 8 && at.kind === NodeKind.BinOp; i++) at = at.left;
  return !mayFold(at);
}

function mayFold(node: Expr): boolean {
  return node.kind === NodeKind.Constant || node.kind === NodeKind.UnaryOp || node.kind === NodeKind.BinOp;
}

/** Values of operations found so far: a chain of thousands is asked about at each of its ends. */
const known = new WeakMap<Expr, { readonly value: Value | null }>();

function foldedValue(node: Expr): Value | null {
  if (node.kind === NodeKind.Constant) return constantValue(node);
  if (node.kind === NodeKind.UnaryOp)
    return node.op === UnaryOperator.Not ? null : signed(node.op, foldedValue(node.operand));
  if (node.kind !== NodeKind.BinOp) return null;
  const spine: BinOp[] = [];
  let at: Expr = node;
  while (at.kind === NodeKind.BinOp && !known.has(at)) {
    spine.push(at);
    at = at.left;
  }
  let value = at.kind === NodeKind.BinOp ? (known.get(at)?.value ?? null) : foldedValue(at);
  for (let i = spine.length - 1; i >= 0; i--) {
    const right = value === null ? null : foldedValue(spine[i].right);
    value = value === null || right === null ? null : bounded(operate(spine[i].op, value, right));
    known.set(spine[i], { value });
  }
  return value;
}

function constantValue(node: Constant): Value | null {
  switch (node.type) {
    case ConstantType.Int:
      return BigInt(node.value);
    case ConstantType.Float:
      return Number(node.value);
    case ConstantType.Str:
      return node.surrogates === null ? node.value : null;
    default:
      return null;
  }
}

function signed(op: UnaryOperator, value: Value | null): Value | null {
  if (value === null || typeof value === "string") return null;
  switch (op) {
    case UnaryOperator.USub:
      return -value;
    case UnaryOperator.UAdd:
      return value;
    case UnaryOperator.Invert:
      return typeof value === "bigint" ? -value - 1n : null;
    default:
      return null;
  }
}

function operate(op: BinaryOperator, left: Value, right: Value): Value | null {
  if (typeof left === "string" || typeof right === "string") return text(op, left, right);
  if (typeof left === "bigint" && typeof right === "bigint") return integers(op, left, right);
  const [a, b] = [double(left), double(right)];
  return a === null || b === null ? null : floats(op, a, b);
}

function text(op: BinaryOperator, left: Value, right: Value): Value | null {
  if (op === BinaryOperator.Add) return typeof left === "string" && typeof right === "string" ? left + right : null;
  if (op !== BinaryOperator.Mult) return null;
  const [unit, count] = typeof left === "string" ? [left, right] : [right as string, left];
  if (typeof count !== "bigint" || count > BigInt(MAX_TEXT)) return null;
  const times = count < 0n ? 0 : Number(count);
  return unit.length * times > MAX_TEXT ? null : unit.repeat(times);
}

function integers(op: BinaryOperator, a: bigint, b: bigint): Value | null {
  switch (op) {
    case BinaryOperator.Add:
      return a + b;
    case BinaryOperator.Sub:
      return a - b;
    case BinaryOperator.Mult:
      return a * b;
    case BinaryOperator.BitAnd:
      return a & b;
    case BinaryOperator.BitOr:
      return a | b;
    case BinaryOperator.BitXor:
      return a ^ b;
    case BinaryOperator.LShift:
      return b < 0n || b > MAX_BITS ? null : a << b;
    case BinaryOperator.RShift:
      return b < 0n ? null : b > 4n * MAX_BITS ? null : a >> b;
    case BinaryOperator.FloorDiv:
      return b === 0n ? null : floorDivide(a, b);
    case BinaryOperator.Mod:
      return b === 0n ? null : a - floorDivide(a, b) * b;
    case BinaryOperator.Pow:
      return b < 0n || b > MAX_BITS ? null : a ** b;
    case BinaryOperator.Div: {
      const [x, y] = [double(a), double(b)];
      return x === null || y === null || y === 0 ? null : x / y;
    }
    default:
      return null;
  }
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function double(value: bigint | number): number | null {
  if (typeof value === "number") return value;
  return value <= EXACT && value >= -EXACT ? Number(value) : null;
}

function floats(op: BinaryOperator, a: number, b: number): number | null {
  switch (op) {
    case BinaryOperator.Add:
      return a + b;
    case BinaryOperator.Sub:
      return a - b;
    case BinaryOperator.Mult:
      return a * b;
    case BinaryOperator.Div:
      return b === 0 ? null : a / b;
    default:
      return null;
  }
}

function bounded(value: Value | null): Value | null {
  if (value === null) return null;
  if (typeof value === "string") return value.length <= MAX_TEXT ? value : null;
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  return value < LIMIT && value > -LIMIT ? value : null;
}

/** A value as a literal, with a sign before it when it is negative. */
function literal({ start, end }: Expr, value: Value): Expr {
  if (typeof value === "string") return newConstant(start, end, ConstantType.Str, value, null, false);
  const negative = typeof value === "bigint" ? value < 0n : value < 0 || Object.is(value, -0);
  const made =
    typeof value === "bigint"
      ? newConstant(start, end, ConstantType.Int, intText(negative ? -value : value), null, false)
      : newConstant(start, end, ConstantType.Float, String(Math.abs(value)), null, false);
  return negative ? newUnaryOp(start, end, UnaryOperator.USub, made) : made;
}

/** As `Constant.value` has it. */
function intText(value: bigint): string {
  return value < EXACT ? value.toString() : `0x${value.toString(16)}`;
}
