/**
 * How deep a tree is: the bound that lets everything right of the parser walk trees by recursion.
 */

import { type AnyNode, NodeKind } from "./ast.ts";
import { forEachChild } from "./walk.ts";

/** Levels of one statement's tree. An `elif` chain counts once: it is bounded by MAX_ELIFS and walked as a list. */
export const MAX_DEPTH = 1500;

/** Whether a tree has more levels than MAX_DEPTH; measured without recursion. */
export function treeTooDeep(root: AnyNode): boolean {
  const nodes: AnyNode[] = [root];
  const depths: number[] = [1];
  while (nodes.length > 0) {
    const node = nodes.pop() as AnyNode;
    const depth = depths.pop() as number;
    if (depth > MAX_DEPTH) return true;
    forEachChild(node, (child) => {
      const link =
        node.kind === NodeKind.If && child.kind === NodeKind.If && node.orelse.length === 1 && node.orelse[0] === child;
      nodes.push(child);
      depths.push(link ? depth : depth + 1);
    });
  }
  return false;
}
