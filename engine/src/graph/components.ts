/** Strongly connected components by Tarjan's algorithm, without recursion: chains of ten thousand calls are normal input. */

/** What the algorithm notes on a node while it runs. */
export interface Vertex {
  /** Of the search that met it last. */
  search: number;
  /** Its place in that search; -1 when its component is complete. */
  index: number;
  low: number;
}

let searches = 0;

/**
 * Components of everything reachable from `root`, each after all components it points to.
 * @param successors gives the nodes a node points to; called once per node. `done` nodes are not entered.
 */
export function components<T extends Vertex>(
  root: T,
  successors: (node: T) => readonly T[],
  done: (node: T) => boolean,
): T[][] {
  const out: T[][] = [];
  if (done(root)) return out;
  const search = ++searches;
  const stack: T[] = [];
  /** The way from the root, with the successors of each node and how far they were followed. */
  const way: T[] = [];
  const nexts: (readonly T[])[] = [];
  const ats: number[] = [];
  let met = 0;
  const open = (node: T): void => {
    node.search = search;
    node.index = met;
    node.low = met++;
    stack.push(node);
    way.push(node);
    nexts.push(successors(node));
    ats.push(0);
  };
  open(root);
  while (way.length > 0) {
    const top = way.length - 1;
    const node = way[top];
    if (ats[top] < nexts[top].length) {
      const next = nexts[top][ats[top]++];
      if (next.search !== search) {
        if (!done(next)) open(next);
      } else if (next.index >= 0 && next.index < node.low) node.low = next.index;
      continue;
    }
    way.pop();
    nexts.pop();
    ats.pop();
    if (top > 0 && node.low < way[top - 1].low) way[top - 1].low = node.low;
    if (node.low !== node.index) continue;
    const component: T[] = [];
    let member: T;
    do {
      member = stack.pop() as T;
      member.index = -1;
      component.push(member);
    } while (member !== node);
    out.push(component);
  }
  return out;
}
