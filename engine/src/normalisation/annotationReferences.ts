/**
 * The names that an annotation mentions, quoted ones included. Their text is not hashed (M4.5); the first-party classes
 * among them are references like any other, since they say which methods run.
 */
import { type AnyNode, ConstantType, type Expr, NodeKind } from "../syntax/ast.ts";
import { forEachChild, parseModule } from "../syntax/index.ts";
import type { Canonical } from "./canonical.ts";
import { dottedName, dottedParts } from "./file.ts";

/** Longest quoted annotation that is looked into. */
const LONGEST = 500;

export function collectAnnotation(c: Canonical, node: Expr): void {
  visit(c, node, 0);
}

function refer(c: Canonical, chain: number): void {
  c.annotationRefs ??= new Set();
  c.annotationRefs.add(chain);
}

function visit(c: Canonical, node: AnyNode, quotes: number): void {
  if (node.kind === NodeKind.Name || node.kind === NodeKind.Attribute) {
    const parts = dottedParts(node);
    if (parts !== null) {
      const [name, ...attrs] = parts;
      const targets = c.importTargets(name);
      if (targets) for (const target of targets) refer(c, c.file.chains.intern({ kind: "import", ...target, attrs }));
      else if (c.owner(name) === null) refer(c, c.file.chains.global(name, attrs));
      return;
    }
  }
  if (node.kind === NodeKind.Constant) {
    if (node.type !== ConstantType.Str || quotes > 1 || node.value.length > LONGEST) return;
    const parsed = parseModule(`(${node.value}\n)`);
    if (!parsed.ok) return;
    const only = parsed.value.body[0];
    if (parsed.value.body.length === 1 && only.kind === NodeKind.Expr) visit(c, only.value, quotes + 1);
    return;
  }
  if (node.kind === NodeKind.Subscript) {
    const generic = dottedName(c.file, node.value);
    if (generic === "typing.Literal" || generic === "typing_extensions.Literal") return;
  }
  forEachChild(node, (child) => visit(c, child, quotes));
}
