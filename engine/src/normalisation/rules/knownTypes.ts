/**
 * Expressions whose type is known from the text: dicts and strings. What a local holds is for `localFacts.ts` to say; an
 * annotation proves nothing.
 */
import { mangle } from "../../binding/mangling.ts";
import { type Call, ConstantType, type Expr, NodeKind } from "../../syntax/ast.ts";
import type { Canonical } from "../canonical.ts";
import { calledName } from "../expressions.ts";
import { localFacts } from "./localFacts.ts";

export type KnownType = "dict" | "str";

/** Methods of a string that give a string. */
const TEXT_METHODS = new Set(
  (
    "capitalize casefold center expandtabs format join ljust lower lstrip removeprefix removesuffix replace rjust rstrip " +
    "strip swapcase title translate upper zfill"
  ).split(" "),
);

/** The type of an expression by itself, names left aside. */
export function knownType(c: Canonical, node: Expr): KnownType | null {
  switch (node.kind) {
    case NodeKind.Dict:
    case NodeKind.DictComp:
      return "dict";
    case NodeKind.JoinedStr:
      return "str";
    case NodeKind.Constant:
      return node.type === ConstantType.Str ? "str" : null;
    case NodeKind.Call:
      return typeOfCall(c, node);
    default:
      return null;
  }
}

/** The type of an expression, locals and constants of the module included. */
export function typeOf(c: Canonical, node: Expr): KnownType | null {
  if (node.kind !== NodeKind.Name) return knownType(c, node);
  const owner = c.owner(node.id);
  if (owner === null) return typeOfConstant(c, node.id);
  return localFacts(c, owner).types.get(mangle(node.id, c.scope.mangleWith)) ?? null;
}

/** The type of a module-level name that one plain assignment binds, and nothing else in the file. */
function typeOfConstant(c: Canonical, id: string): KnownType | null {
  const value = c.file.facts.hasStar ? undefined : c.file.facts.assigned.get(id);
  if (value === undefined || c.file.facts.bindingCounts.get(id) !== 1) return null;
  return knownType(c, value);
}

function typeOfCall(c: Canonical, node: Call): KnownType | null {
  const { func } = node;
  if (func.kind === NodeKind.Name) {
    if (func.id !== "dict" && func.id !== "str" && func.id !== "repr") return null;
    return c.isBuiltin(func.id) ? (func.id === "dict" ? "dict" : "str") : null;
  }
  if (func.kind !== NodeKind.Attribute) return null;
  if (func.attr === "dumps") {
    // Another encoder may give anything.
    const isPlain = node.keywords.every((keyword) => keyword.arg !== null && keyword.arg !== "cls");
    return isPlain && calledName(c, func) === "json.dumps" ? "str" : null;
  }
  const receiver = func.value;
  const isText = receiver.kind === NodeKind.Constant || receiver.kind === NodeKind.JoinedStr;
  return isText && TEXT_METHODS.has(func.attr) && knownType(c, receiver) === "str" ? "str" : null;
}
