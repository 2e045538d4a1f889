/** Strongly connected components by Tarjan's algorithm, without recursion: chains of ten thousand calls are normal input. */

/** A node; its number is small, and no other one's among those of one graph. */
export interface Vertex {
  readonly number: number;
}

/** What the algorithm notes on the nodes of one graph while it runs, by number. */
export class Marks {
  #searches = 0;
  /** The search that met a node last. */
  search = new Int32Array(0);
  /** Its place in that search; -1 when its component is complete. */
  index = new Int32Array(0);
  low = new Int32Array(0);

  /** Number of a search that begins now. */
  begin(): number {
    return ++this.#searches;
  }

  /** Makes room for a number. */
  reserve(number: number): void {
    if (number < this.search.length) return;
    const size = Math.max(64, number + 1, this.search.length * 2);
    const grown = (old: Int32Array) => {
      const array = new Int32Array(size);
      array.set(old);
      return array;
    };
    this.search = grown(this.search);
    this.index = grown(this.index);
    this.low = grown(this.low);
  }

  /** Gives the room back; no search may be under way. */
  rest(): void {
    this.search = new Int32Array(0);
    this.index = new Int32Array(0);
    this.low = new Int32Array(0);
  }
}

/**
 * Components of everything reachable from `root`, each after all components it points to.
 * @param marks of the graph that the nodes are of
 * @param successors gives the nodes a node points to; called once per node. `done` nodes are not entered.
 */
export function components<T extends Vertex>(
  marks: Marks,
  root: T,
  successors: (node: T) => readonly T[],
  done: (node: T) => boolean,
): T[][] {
  const out: T[][] = [];
  if (done(root)) return out;
  const search = marks.begin();
  const stack: T[] = [];
  /** The way from the root, with the successors of each node and how far they were followed. */
  const way: T[] = [];
  const nexts: (readonly T[])[] = [];
  const ats: number[] = [];
  let met = 0;
  const open = (node: T): void => {
    const { number } = node;
    marks.reserve(number);
    marks.search[number] = search;
    marks.index[number] = met;
    marks.low[number] = met++;
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
      if (marks.search[next.number] !== search) {
        if (!done(next)) open(next);
        continue;
      }
      const index = marks.index[next.number];
      if (index >= 0 && index < marks.low[node.number]) marks.low[node.number] = index;
      continue;
    }
    way.pop();
    nexts.pop();
    ats.pop();
    const low = marks.low[node.number];
    if (top > 0 && low < marks.low[way[top - 1].number]) marks.low[way[top - 1].number] = low;
    if (low !== marks.index[node.number]) continue;
    const component: T[] = [];
    let member: T;
    do {
      member = stack.pop() as T;
      marks.index[member.number] = -1;
      component.push(member);
    } while (member !== node);
    out.push(component);
  }
  return out;
}
