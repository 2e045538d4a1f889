/**
 * The names that an annotation mentions, quoted ones included. Their text is not hashed (M4.5); the first-party classes
 * among them are references like any other, since they say which methods run. An alias of the same module (`Rows =
 * list[Row]`), or a type variable, stands for what it is made of.
 */
import { type AnyNode, ConstantType, type Expr, NodeKind } from "../syntax/ast.ts";
import { forEachChild, parseModule } from "../syntax/index.ts";
import type { Canonical } from "./canonical.ts";
import { dottedName, dottedParts } from "./file.ts";

const NO_ALIASES: readonly string[] = [];

/** Longest quoted annotation that is looked into. */
const LONGEST = 500;

/** What makes type variables and new names of types: calls that are no classes of their own. */
const TYPE_MAKERS = new Set(
  ["TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "TypeAliasType"].flatMap((name) => [
    `typing.${name}`,
    `typing_extensions.${name}`,
  ]),
);

export function collectAnnotation(c: Canonical, node: Expr): void {
  visit(c, node, 0, null);
}

/** What an alias or type variable of the module is made of; null where a name is none. */
function madeOf(c: Canonical, name: string): Expr | null {
  const value = c.file.facts.assigned.get(name);
  switch (value?.kind) {
    case NodeKind.Name:
    case NodeKind.Attribute:
    case NodeKind.Subscript:
    case NodeKind.BinOp:
      return value;
    case NodeKind.Call:
      return TYPE_MAKERS.has(dottedName(c.file, value.func) ?? "") ? value : null;
    default:
      return null;
  }
}

function refer(c: Canonical, chain: number): void {
  c.annotationRefs ??= new Set();
  c.annotationRefs.add(chain);
}

/** `aliases`: those that are being looked through. */
function visit(c: Canonical, node: AnyNode, quotes: number, aliases: ReadonlySet<string> | null): void {
  if (node.kind === NodeKind.Name || node.kind === NodeKind.Attribute) {
    const parts = dottedParts(node);
    if (parts !== null) {
      const [name, ...attrs] = parts;
      // What an alias is made of is read where it stands, at module level.
      const targets = aliases === null ? c.importTargets(name) : null;
      if (targets) for (const target of targets) refer(c, c.file.chains.intern({ kind: "import", ...target, attrs }));
      else if (aliases === null ? c.owner(name) === null : !aliases.has(name)) {
        const value = attrs.length === 0 ? madeOf(c, name) : null;
        if (value === null) refer(c, c.file.chains.global(name, attrs));
        else visit(c, value, quotes, new Set([...(aliases ?? NO_ALIASES), name]));
      }
      return;
    }
  }
  if (node.kind === NodeKind.Constant) {
    if (node.type !== ConstantType.Str || quotes > 1 || node.value.length > LONGEST) return;
    const parsed = parseModule(`(${node.value}\n)`);
    if (!parsed.ok) return;
    const only = parsed.value.body[0];
    if (parsed.value.body.length === 1 && only.kind === NodeKind.Expr) visit(c, only.value, quotes + 1, aliases);
    return;
  }
  if (node.kind === NodeKind.Subscript) {
    const generic = dottedName(c.file, node.value);
    if (generic === "typing.Literal" || generic === "typing_extensions.Literal") return;
  }
  forEachChild(node, (child) => visit(c, child, quotes, aliases));
}
