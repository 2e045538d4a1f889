/**
 * Which rules concern which expression: a table by kind and by the name of the builtin called, so that a node that no rule
 * concerns costs one look. Rules run until none fires; each of them makes a spelling that none undoes.
 */
import { type Call, Context, type Expr, NodeKind, UnaryOperator } from "../../syntax/ast.ts";
import { newDictComp, newGeneratorExp, newListComp, newSetComp } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { comprehensionConstructor } from "./comprehensionConstructors.ts";
import { foldedOperation, foldedSign } from "./constantFolding.ts";
import { copyingComprehension } from "./copyingComprehensions.ts";
import { containedInKeys, generatorsOverDict } from "./dictKeys.ts";
import { displayConstructor } from "./displayConstructors.ts";
import { eagerAny } from "./eagerAny.ts";
import { emptyConstructor } from "./emptyConstructors.ts";
import { exceptionAlias, isExceptionAlias } from "./exceptionAliases.ts";
import { formatCall } from "./formatCall.ts";
import { literalConversion } from "./literalConversions.ts";
import { literalEncoding } from "./literalEncoding.ts";
import { mapOfLambda } from "./mapOfLambda.ts";
import { negatedComparison } from "./negatedComparison.ts";
import { openMode } from "./openMode.ts";
import { plainFString } from "./plainFString.ts";
import { redundantCopy } from "./redundantCopies.ts";
import { repeatedElements, repeatedKeys } from "./repeatedKeys.ts";
import { superArguments } from "./superArguments.ts";

/** A rule about a call of a builtin, whose name it is given. */
type CallRule = (c: Canonical, node: Call, builtin: string) => Expr | null;

const CONSTRUCTOR: readonly CallRule[] = [emptyConstructor, displayConstructor, mapOfLambda, comprehensionConstructor];
const CALLS: ReadonlyMap<string, readonly CallRule[]> = new Map<string, readonly CallRule[]>([
  ["list", [...CONSTRUCTOR, redundantCopy]],
  ["dict", CONSTRUCTOR],
  ["set", [...CONSTRUCTOR, redundantCopy]],
  ["tuple", [emptyConstructor, displayConstructor, comprehensionConstructor, redundantCopy]],
  ["sorted", [comprehensionConstructor, redundantCopy]],
  ["any", [eagerAny]],
  ["all", [eagerAny]],
  ["str", [emptyConstructor, literalConversion]],
  ["bytes", [emptyConstructor, literalConversion]],
  ["int", [emptyConstructor, literalConversion]],
  ["float", [emptyConstructor, literalConversion]],
  ["bool", [emptyConstructor, literalConversion]],
  ["type", [literalConversion]],
  ["open", [(_, node) => openMode(node)]],
  ["super", [superArguments]],
]);

/** Most rules that fire one after the other on one node. */
const MOST = 12;
/** How far rules look down through arguments of arguments: deeper spellings stay as they are. */
const DEEPEST = 16;
let depth = 0;

/** The canonical spelling of an expression's outermost node; the node itself when it is that. */
export function canonicalForm(c: Canonical, node: Expr): Expr {
  switch (node.kind) {
    case NodeKind.Call:
      return hasRules(node) ? remembered(c, node) : node;
    case NodeKind.ListComp:
    case NodeKind.SetComp:
    case NodeKind.DictComp:
      return remembered(c, node);
    case NodeKind.Name:
      return isExceptionAlias(node) ? rewritten(c, node) : node;
    case NodeKind.Compare:
    case NodeKind.UnaryOp:
    case NodeKind.BinOp:
    case NodeKind.JoinedStr:
    case NodeKind.Dict:
    case NodeKind.Set:
    case NodeKind.GeneratorExp:
      return rewritten(c, node);
    default:
      return node;
  }
}

/** Runs rules until none fires. */
function rewritten(c: Canonical, node: Expr): Expr {
  let form = node;
  for (let i = 0; i < MOST; i++) {
    const next = step(c, form);
    if (next === null) break;
    form = next;
  }
  return form;
}

/** Rules look at arguments, whose own forms are asked for again when they are walked: each is found once. */
function remembered(c: Canonical, node: Expr): Expr {
  const found = c.forms?.get(node);
  if (found !== undefined) return found;
  if (depth === DEEPEST) return node;
  depth++;
  try {
    const form = rewritten(c, node);
    c.forms ??= new Map();
    c.forms.set(node, form);
    if (form !== node) c.forms.set(form, form);
    return form;
  } finally {
    depth--;
  }
}

/** The outermost node after the first rule that fires, or null when none does. */
function step(c: Canonical, node: Expr): Expr | null {
  switch (node.kind) {
    case NodeKind.Call:
      return call(c, node);
    case NodeKind.Compare:
      return containedInKeys(c, node);
    case NodeKind.UnaryOp:
      return node.op === UnaryOperator.Not ? negatedComparison(node) : foldedSign(node);
    case NodeKind.BinOp:
      return foldedOperation(node);
    case NodeKind.JoinedStr:
      return plainFString(node);
    case NodeKind.Name:
      return node.ctx === Context.Load ? exceptionAlias(c, node) : null;
    case NodeKind.Dict:
      return node.keys.length > 1 ? repeatedKeys(node) : null;
    case NodeKind.Set:
      return repeatedElements(node);
    case NodeKind.ListComp: {
      const generators = generatorsOverDict(c, node.generators);
      return generators === null
        ? copyingComprehension(c, node)
        : remade(c, node, newListComp(node.start, node.end, node.elt, generators));
    }
    case NodeKind.SetComp: {
      const generators = generatorsOverDict(c, node.generators);
      return generators === null
        ? copyingComprehension(c, node)
        : remade(c, node, newSetComp(node.start, node.end, node.elt, generators));
    }
    case NodeKind.DictComp: {
      const generators = generatorsOverDict(c, node.generators);
      return generators === null
        ? copyingComprehension(c, node)
        : remade(c, node, newDictComp(node.start, node.end, node.key, node.value, generators));
    }
    case NodeKind.GeneratorExp: {
      const generators = generatorsOverDict(c, node.generators);
      return generators === null ? null : remade(c, node, newGeneratorExp(node.start, node.end, node.elt, generators));
    }
    default:
      return null;
  }
}

function remade(c: Canonical, original: Expr, made: Expr): Expr {
  c.aliasScope(made, original);
  return made;
}

function hasRules(node: Call): boolean {
  const { func } = node;
  if (func.kind === NodeKind.Name) return CALLS.has(func.id);
  return func.kind === NodeKind.Attribute && (func.attr === "format" || func.attr === "encode");
}

function call(c: Canonical, node: Call): Expr | null {
  const { func } = node;
  if (func.kind === NodeKind.Attribute) {
    if (func.attr === "format" && func.value.kind === NodeKind.Constant) return formatCall(c, node, func.value);
    return func.attr === "encode" ? literalEncoding(c, node, func) : null;
  }
  if (func.kind !== NodeKind.Name) return null;
  const rules = CALLS.get(func.id);
  if (rules === undefined || !c.isBuiltin(func.id)) return null;
  for (const rule of rules) {
    const made = rule(c, node, func.id);
    if (made !== null) return made;
  }
  return null;
}
