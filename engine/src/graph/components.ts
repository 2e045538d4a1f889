/** Strongly connected components by Tarjan's algorithm, without recursion: chains of ten thousand calls are normal input. */

interface Frame<T> {
  readonly node: T;
  readonly next: readonly T[];
  readonly index: number;
  at: number;
  low: number;
}

/**
 * Components of everything reachable from `root`, each after all components it points to.
 * @param successors gives the nodes a node points to; called once per node. `done` nodes are not entered.
 */
export function components<T>(root: T, successors: (node: T) => readonly T[], done: (node: T) => boolean): T[][] {
  const out: T[][] = [];
  if (done(root)) return out;
  /** Nodes met; those whose component is complete have left the stack. */
  const frames = new Map<T, Frame<T>>();
  const onStack = new Set<T>();
  const stack: T[] = [];
  const work: Frame<T>[] = [];
  const open = (node: T): void => {
    const frame = { node, next: successors(node), index: frames.size, at: 0, low: frames.size };
    frames.set(node, frame);
    stack.push(node);
    onStack.add(node);
    work.push(frame);
  };
  open(root);
  while (work.length > 0) {
    const frame = work[work.length - 1];
    if (frame.at < frame.next.length) {
      const next = frame.next[frame.at++];
      const met = frames.get(next);
      if (met !== undefined) {
        if (onStack.has(next)) frame.low = Math.min(frame.low, met.index);
      } else if (!done(next)) open(next);
      continue;
    }
    work.pop();
    if (work.length > 0) {
      const parent = work[work.length - 1];
      parent.low = Math.min(parent.low, frame.low);
    }
    if (frame.low === frame.index) {
      const component: T[] = [];
      let node: T;
      do {
        node = stack.pop() as T;
        onStack.delete(node);
        component.push(node);
      } while (node !== frame.node);
      out.push(component);
    }
  }
  return out;
}
