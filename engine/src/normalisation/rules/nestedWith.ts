/**
 * `with a:` around nothing but `with b:` = `with a, b:`, which Python defines as that.
 *
 * Condition: both are `with` or both `async with`; the inner one is all that the outer one does. Counter-example: a
 * statement before or after the inner `with`.
 */
import { type AsyncWith, NodeKind, type With } from "../../syntax/ast.ts";
import { newAsyncWith, newWith } from "../../syntax/nodes.ts";
import type { Canonical } from "../canonical.ts";
import { isIgnored } from "../statements.ts";
import { hasNoEffect } from "./noEffect.ts";

export function mergedWith(c: Canonical, node: With | AsyncWith): With | AsyncWith | null {
  if (c.file.ignoreLines.size > 0 && node.body.some((item) => isIgnored(c.file, item))) return null;
  const kept = node.body.length === 1 ? node.body : node.body.filter((item) => !hasNoEffect(item));
  const inner = kept[0];
  if (kept.length !== 1 || inner.kind !== node.kind) return null;
  const items = [...node.items, ...inner.items];
  return node.kind === NodeKind.With
    ? newWith(node.start, node.end, items, inner.body)
    : newAsyncWith(node.start, node.end, items, inner.body);
}
