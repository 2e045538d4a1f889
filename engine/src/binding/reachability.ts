/**
 * What CPython's compiler refuses in `match` statements (Python/codegen.c: codegen_pattern_*): arms that can never run,
 * names bound twice, alternatives that bind different names, f-strings. Never looks at guards or bodies.
 */
import {
  type Constant,
  ConstantType,
  type Expr,
  type MatchCase,
  type MatchClass,
  type MatchMapping,
  NodeKind,
  type Pattern,
  UnaryOperator,
} from "../syntax/ast.ts";
import type { Collection } from "./collection.ts";

/** Checks the arms in order. */
export function checkCases(c: Collection, cases: readonly MatchCase[]): void {
  for (let i = 0; i < cases.length; i++) {
    const { pattern, guard } = cases[i];
    checkPattern(c, pattern, guard !== null || i === cases.length - 1, new Set());
  }
}

/**
 * @param mayMatchAll whether a pattern that matches everything leaves nothing unreachable here.
 * @param names the names bound so far in the arm; those of the pattern are added.
 */
function checkPattern(c: Collection, node: Pattern, mayMatchAll: boolean, names: Set<string>): void {
  if (!c.descend(node.start)) return;
  switch (node.kind) {
    case NodeKind.MatchAs:
      if (node.pattern !== null) checkPattern(c, node.pattern, mayMatchAll, names);
      else if (!mayMatchAll) {
        const what = node.name === null ? "wildcard" : `name capture '${node.name}'`;
        c.failLater(`${what} makes remaining patterns unreachable`, node.start);
      }
      bindName(c, node.name, node.start, names);
      break;
    case NodeKind.MatchStar:
      bindName(c, node.name, node.start, names);
      break;
    case NodeKind.MatchSequence:
      if (node.patterns.filter((pattern) => pattern.kind === NodeKind.MatchStar).length > 1) {
        c.failLater("multiple starred names in sequence pattern", node.start);
      }
      for (const pattern of node.patterns) checkPattern(c, pattern, true, names);
      break;
    case NodeKind.MatchMapping:
      checkKeys(c, node);
      for (const pattern of node.patterns) checkPattern(c, pattern, true, names);
      bindName(c, node.rest, node.start, names);
      break;
    case NodeKind.MatchClass:
      checkAttributes(c, node);
      for (const pattern of node.patterns) checkPattern(c, pattern, true, names);
      for (const pattern of node.kwd_patterns) checkPattern(c, pattern, true, names);
      break;
    case NodeKind.MatchOr:
      checkAlternatives(c, node.patterns, mayMatchAll, names);
      break;
    case NodeKind.MatchValue:
      if (isFormatted(node.value)) {
        c.failLater("patterns may only match literals and attribute lookups", node.start);
      }
      break;
    case NodeKind.MatchSingleton:
      break;
  }
  c.depth--;
}

function bindName(c: Collection, name: string | null, offset: number, names: Set<string>): void {
  if (name === null) return;
  if (names.has(name)) c.failLater(`multiple assignments to name '${name}' in pattern`, offset);
  names.add(name);
}

function checkAlternatives(
  c: Collection,
  patterns: readonly Pattern[],
  mayMatchAll: boolean,
  names: Set<string>,
): void {
  let first: Set<string> | null = null;
  for (let i = 0; i < patterns.length; i++) {
    const own = new Set<string>();
    checkPattern(c, patterns[i], mayMatchAll && i === patterns.length - 1, own);
    if (first === null) first = own;
    else if (first.size !== own.size || [...own].some((name) => !first?.has(name))) {
      c.failLater("alternative patterns bind different names", patterns[0].start);
    }
  }
  for (const name of first ?? []) bindName(c, name, patterns[0].start, names);
}

function checkAttributes(c: Collection, node: MatchClass): void {
  const seen = new Set<string>();
  for (let i = 0; i < node.kwd_attrs.length; i++) {
    const name = node.kwd_attrs[i];
    if (seen.has(name)) c.failLater(`attribute name repeated in class pattern: ${name}`, node.kwd_patterns[i].start);
    seen.add(name);
  }
}

function checkKeys(c: Collection, node: MatchMapping): void {
  const seen = new Set<string>();
  for (const key of node.keys) {
    if (isFormatted(key)) {
      c.failLater("mapping pattern keys may only match literals and attribute lookups", node.start);
    }
    const value = keyOf(key);
    if (value === null) continue;
    if (seen.has(value)) c.failLater(`mapping pattern checks duplicate key (${shownKey(key)})`, node.start);
    seen.add(value);
  }
}

/** An f-string or t-string, which the grammar takes among the strings of a pattern and the compiler does not. */
function isFormatted(node: Expr): boolean {
  return node.kind === NodeKind.JoinedStr || node.kind === NodeKind.TemplateStr;
}

/** Equal text for keys that are equal in Python (`1`, `1.0` and `True` are); null for a key that is no literal. */
function keyOf(node: Expr): string | null {
  if (node.kind === NodeKind.UnaryOp && node.op === UnaryOperator.USub && node.operand.kind === NodeKind.Constant) {
    const operand = keyOf(node.operand);
    return operand === "n0" ? operand : `-${operand}`;
  }
  if (node.kind !== NodeKind.Constant) return null;
  switch (node.type) {
    case ConstantType.True:
      return "n1";
    case ConstantType.False:
      return "n0";
    case ConstantType.Int:
    case ConstantType.Float:
      return `n${numberKey(node)}`;
    case ConstantType.Complex:
      return node.value === "0" ? "n0" : `j${node.value}`;
    case ConstantType.Str:
      return `s${node.value}\0${node.surrogates?.join() ?? ""}`;
    default:
      return `${node.type}:${node.value}`;
  }
}

/** A whole number as its digits, whichever type it has. */
function numberKey({ type, value }: Constant): string {
  if (type === ConstantType.Int) return BigInt(value).toString();
  const number = Number(value);
  return Number.isInteger(number) ? BigInt(number).toString() : value;
}

/** Python's `repr` of a key, for the message. */
function shownKey(node: Expr): string {
  if (node.kind === NodeKind.UnaryOp) return `-${shownKey(node.operand)}`;
  if (node.kind !== NodeKind.Constant) return "";
  switch (node.type) {
    case ConstantType.None:
      return "None";
    case ConstantType.True:
      return "True";
    case ConstantType.False:
      return "False";
    case ConstantType.Str:
      return quoted(node.value);
    case ConstantType.Bytes:
      return `b${quoted(node.value)}`;
    case ConstantType.Complex:
      return `${node.value}j`;
    case ConstantType.Int:
      return BigInt(node.value).toString();
    default:
      return node.value;
  }
}

function quoted(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  return quote + value.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`).replaceAll("\n", "\\n") + quote;
}
