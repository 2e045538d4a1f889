/** Which node an arrow key leads to. Pure: the picture and a key in, a node out. */
import type { GraphPicture, GraphPictureNode } from "@fastpipe/shared";

/** Undefined when the key is no move, null when there is nowhere to go. */
export function nextNode(
  { nodes, edges }: Pick<GraphPicture, "nodes" | "edges">,
  from: GraphPictureNode,
  key: string,
): GraphPictureNode | null | undefined {
  const by = new Map(nodes.map((node) => [node.id, node]));
  const along = (ids: readonly string[]): GraphPictureNode[] =>
    ids.flatMap((id) => by.get(id) ?? []).filter((node) => node !== from);
  switch (key) {
    case "ArrowRight":
      return nearest(from, along(edges.filter((edge) => edge.from === from.id).map(({ to }) => to)));
    case "ArrowLeft":
      return nearest(from, along(edges.filter((edge) => edge.to === from.id).map((edge) => edge.from)));
    case "ArrowDown":
      return nearest(
        from,
        nodes.filter((node) => node.y > from.y + from.height / 2),
        3,
      );
    case "ArrowUp":
      return nearest(
        from,
        nodes.filter((node) => node.y + node.height / 2 < from.y),
        3,
      );
    case "Home":
      return nodes[0] ?? null;
    case "End":
      return nodes[nodes.length - 1] ?? null;
    default:
      return undefined;
  }
}

/** `sideways`: how much more a step to the side counts than one up or down. */
function nearest(from: GraphPictureNode, nodes: readonly GraphPictureNode[], sideways = 1): GraphPictureNode | null {
  let best: GraphPictureNode | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const across = node.x + node.width / 2 - (from.x + from.width / 2);
    const distance = Math.hypot(across * sideways, node.y - from.y);
    if (distance < least) [best, least] = [node, distance];
  }
  return best;
}
