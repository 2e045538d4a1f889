/** Strongly connected components by Tarjan's algorithm, without recursion: chains of ten thousand calls are normal input. */

/**
 * Components of everything reachable from `root`, each after all components it points to.
 * @param successors gives the nodes a node points to; called once per node. `done` nodes are not entered.
 */
export function components(
  root: string,
  successors: (id: string) => readonly string[],
  done: (id: string) => boolean,
): string[][] {
  const out: string[][] = [];
  if (done(root)) return out;
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const work: { id: string; next: readonly string[]; at: number }[] = [];
  const open = (id: string): void => {
    index.set(id, index.size);
    low.set(id, index.size - 1);
    stack.push(id);
    onStack.add(id);
    work.push({ id, next: successors(id), at: 0 });
  };
  open(root);
  while (work.length > 0) {
    const frame = work[work.length - 1];
    if (frame.at < frame.next.length) {
      const next = frame.next[frame.at++];
      if (done(next)) continue;
      if (!index.has(next)) open(next);
      else if (onStack.has(next)) low.set(frame.id, Math.min(low.get(frame.id) as number, index.get(next) as number));
      continue;
    }
    work.pop();
    const own = low.get(frame.id) as number;
    if (work.length > 0) {
      const parent = work[work.length - 1].id;
      low.set(parent, Math.min(low.get(parent) as number, own));
    }
    if (own === index.get(frame.id)) {
      const component: string[] = [];
      let id: string;
      do {
        id = stack.pop() as string;
        onStack.delete(id);
        component.push(id);
      } while (id !== frame.id);
      out.push(component);
    }
  }
  return out;
}
