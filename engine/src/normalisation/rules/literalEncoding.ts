/**
 * `"abc".encode("utf-8")` = `"abc".encode()` = `b"abc"`; on other text that is certainly a `str`, `.encode("utf-8")` =
 * `.encode()`.
 *
 * Condition for bytes: a string literal without lone surrogates, and an encoding that names UTF-8 (or ASCII, where the
 * literal is). For other text: an f-string, `str(..)`, `repr(..)`, `json.dumps(..)`, a method of a literal that gives text,
 * or a local that every binding makes such. No error handler. Counter-examples: `x.encode("utf-8")`, where x may be
 * anything; `"\\ud800".encode()`, which fails; `"é".encode("ascii")`.
 */
import { type Attribute, type Call, ConstantType, type Expr, NodeKind } from "../../syntax/ast.ts";
import { newCall, newConstant } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { typeOf } from "./knownTypes.ts";

export function literalEncoding(c: Canonical, node: Call, func: Attribute): Expr | null {
  const text = func.value;
  const isLiteral = text.kind === NodeKind.Constant && text.type === ConstantType.Str && text.surrogates === null;
  if (!isLiteral && typeOf(c, text) !== "str") return null;
  const encoding = encodingOf(node);
  if (encoding === null) return null;
  if (!isLiteral) {
    const isSpelled = node.args.length + node.keywords.length > 0;
    return encoding === "utf8" && isSpelled ? newCall(node.start, node.end, func, [], []) : null;
  }
  const bytes = new TextEncoder().encode(text.value);
  if (encoding === "ascii" && bytes.length !== text.value.length) return null;
  let value = "";
  for (const byte of bytes) value += String.fromCharCode(byte);
  return newConstant(node.start, node.end, ConstantType.Bytes, value, null, false);
}

/** The encoding that a call names, or null when it names none that is known here, or more. */
function encodingOf(node: Call): "utf8" | "ascii" | null {
  const given = [...node.args, ...node.keywords.map((keyword) => (keyword.arg === "encoding" ? keyword.value : null))];
  if (given.length === 0) return "utf8";
  const [only] = given;
  if (given.length > 1 || only === null || only.kind !== NodeKind.Constant || only.type !== ConstantType.Str)
    return null;
  const name = only.value.toLowerCase().replaceAll("_", "-");
  if (name === "utf-8" || name === "utf8") return "utf8";
  return name === "ascii" || name === "us-ascii" ? "ascii" : null;
}
