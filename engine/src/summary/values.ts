/** Values that are known from the text: literals, displays of them, f-strings and names (M3.5, section 7). */
import type { Canonical } from "../normalisation/canonical.ts";
import { dottedParts } from "../normalisation/file.ts";
import { type Constant, ConstantType, type Expr, NodeKind, UnaryOperator } from "../syntax/ast.ts";
import type { Piece, Value } from "./types.ts";

/** The value of an expression; what can't be known becomes `code`. `piece` makes a hashed piece of an expression. */
export function knownValue(c: Canonical, node: Expr, piece: (node: Expr) => Piece): Value {
  switch (node.kind) {
    case NodeKind.Constant:
      return { kind: "literal", repr: pythonRepr(node) };
    case NodeKind.UnaryOp:
      if (node.op === UnaryOperator.USub && node.operand.kind === NodeKind.Constant && isNumber(node.operand)) {
        return { kind: "literal", repr: `-${pythonRepr(node.operand)}` };
      }
      break;
    case NodeKind.List:
    case NodeKind.Tuple:
    case NodeKind.Set: {
      if (node.elts.some(isStarred)) break;
      const type = node.kind === NodeKind.List ? "list" : node.kind === NodeKind.Tuple ? "tuple" : "set";
      return { kind: "sequence", type, items: valuesOf(c, node.elts, piece) };
    }
    case NodeKind.Dict:
      if (node.keys.includes(null)) break;
      return { kind: "mapping", items: pairsOf(c, node.keys as Expr[], node.values, piece) };
    case NodeKind.JoinedStr: {
      const parts: (string | Value)[] = [];
      for (const part of node.values) {
        if (part.kind === NodeKind.Constant) parts.push(part.value);
        else if (part.kind === NodeKind.FormattedValue && part.conversion === -1 && part.format_spec === null) {
          parts.push(knownValue(c, part.value, piece));
        } else return { kind: "code", piece: piece(node) };
      }
      return { kind: "text", parts };
    }
    case NodeKind.Name:
    case NodeKind.Attribute: {
      const parts = dottedParts(node);
      if (parts === null) break;
      return {
        kind: "reference",
        chain: c.file.chains.intern({ kind: "global", name: parts[0], attrs: parts.slice(1) }),
      };
    }
  }
  return { kind: "code", piece: piece(node) };
}

function isStarred(node: Expr): boolean {
  return node.kind === NodeKind.Starred;
}

function valuesOf(c: Canonical, nodes: readonly Expr[], piece: (node: Expr) => Piece): Value[] {
  const out: Value[] = [];
  for (const node of nodes) out.push(knownValue(c, node, piece));
  return out;
}

function pairsOf(
  c: Canonical,
  keys: readonly Expr[],
  values: readonly Expr[],
  piece: (node: Expr) => Piece,
): (readonly [Value, Value])[] {
  const out: (readonly [Value, Value])[] = [];
  for (let i = 0; i < keys.length; i++) out.push([knownValue(c, keys[i], piece), knownValue(c, values[i], piece)]);
  return out;
}

function isNumber(node: Constant): boolean {
  return node.type === ConstantType.Int || node.type === ConstantType.Float || node.type === ConstantType.Complex;
}

/** Python's `repr` of a literal. */
function pythonRepr(node: Constant): string {
  switch (node.type) {
    case ConstantType.None:
      return "None";
    case ConstantType.True:
      return "True";
    case ConstantType.False:
      return "False";
    case ConstantType.Ellipsis:
      return "Ellipsis";
    case ConstantType.Int:
      return node.value.startsWith("0x") && node.value.length < 4000 ? BigInt(node.value).toString() : node.value;
    case ConstantType.Float:
      return floatRepr(node.value);
    case ConstantType.Complex:
      return `${floatRepr(node.value).replace(/\.0$/, "")}j`;
    case ConstantType.Str:
      return stringRepr(node.value, node.surrogates);
    case ConstantType.Bytes:
      return `b${bytesRepr(node.value)}`;
  }
}

/** Python's `repr` of a double given as JavaScript's text of it. */
function floatRepr(text: string): string {
  if (text === "Infinity") return "inf";
  const value = Number(text);
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= 16 || power < -4) {
    const sign = power < 0 ? "-" : "+";
    return `${digits}e${sign}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  if (Number.isInteger(value)) return `${BigInt(value)}.0`;
  const plain = String(value);
  if (!plain.includes("e")) return plain;
  return value.toFixed(Math.min(100, digits.replace("-", "").length - 2 - power));
}

/** Text of which every character stands for itself between single quotes. */
const PLAIN = /^[^\0-\x1f\x7f'\\]*$/;

function stringRepr(value: string, surrogates: readonly number[] | null): string {
  if (surrogates === null && PLAIN.test(value)) return `'${value}'`;
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = quote;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const char = value[i];
    if (surrogates?.includes(i)) out += `\\u${code.toString(16)}`;
    else out += escaped(char, code, quote);
  }
  return out + quote;
}

function bytesRepr(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  let out = quote;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    out += code > 126 ? `\\x${code.toString(16)}` : escaped(value[i], code, quote);
  }
  return out + quote;
}

function escaped(char: string, code: number, quote: string): string {
  if (char === quote || char === "\\") return `\\${char}`;
  if (char === "\n") return "\\n";
  if (char === "\r") return "\\r";
  if (char === "\t") return "\\t";
  if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, "0")}`;
  return char;
}

/** Whether everything in a value is a literal, so that it can't be mutated by who is handed it. */
export function isImmutable(value: Value): boolean {
  if (value.kind === "literal" || value.kind === "text") return true;
  return value.kind === "sequence" && value.type === "tuple" && value.items.every(isImmutable);
}

/** Python's spelling of a value made of literals only, or null. */
export function literalText(value: Value): string | null {
  switch (value.kind) {
    case "literal":
      return value.repr;
    case "sequence": {
      const items = value.items.map(literalText);
      if (items.includes(null)) return null;
      const list = items.join(", ");
      if (value.type === "list") return `[${list}]`;
      if (value.type === "tuple") return items.length === 1 ? `(${list},)` : `(${list})`;
      return items.length === 0 ? null : `{${list}}`;
    }
    case "mapping": {
      const items = value.items.map(([key, item]) => [literalText(key), literalText(item)]);
      if (items.some(([key, item]) => key === null || item === null)) return null;
      return `{${items.map(([key, item]) => `${key}: ${item}`).join(", ")}}`;
    }
    default:
      return null;
  }
}
