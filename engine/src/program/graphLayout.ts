/**
 * Where everything in the picture of a graph goes: layered from left to right, labels with a place of their own so that
 * nothing is drawn over anything. The same graph gives the same places. Knows sizes and places only; graphDrawing.ts and
 * the editor draw. Graphs too large for the layered layout get plain columns and no edge labels.
 */
import { Graph, layout } from "@dagrejs/dagre";

export interface LayoutNode {
  readonly id: string;
  readonly label: string;
}
export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
  /** Empty for none. */
  readonly label: string;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}
/** Upper left corner and size, in CSS pixels. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Box>;
  /** In the order of the edges given. */
  readonly edges: readonly { readonly points: readonly Point[]; readonly labelAt: Point | null }[];
}

/** Width of one character at 12 px, on the wide side of what monospaced fonts have. */
const CHARACTER = 7.5;
/** The same for the labels of edges, at 10 px. */
const SMALL_CHARACTER = 6.3;
const BOX = 42;
const MARGIN = 16;
/** Room beside a node's label: its mark, and space at both ends. */
const PADDING = 40;
/** Room for any state in words. */
const LEAST_WIDTH = 100;
/** Beyond this the layered layout takes seconds, and it recurses along the longest path. */
const MOST_NODES = 800;
const MOST_EDGES = 2000;
/** Up to here the best ranks are looked for; beyond, good ones, several times as fast. */
const MOST_OPTIMAL = 150;
const MOST_LABEL = 48;

/** What is drawn of a label: a path that is too long loses its middle. */
export function fitted(label: string): string {
  const half = Math.floor(MOST_LABEL / 2);
  return label.length <= MOST_LABEL ? label : `${label.slice(0, half)}…${label.slice(-half)}`;
}

export function layoutGraph(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): GraphLayout {
  const small = nodes.length <= MOST_NODES && edges.length <= MOST_EDGES;
  return small && nodes.length > 0 ? layered(nodes, edges) : columns(nodes, edges);
}

function layered(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): GraphLayout {
  const graph = new Graph({ multigraph: true });
  const ranker = nodes.length <= MOST_OPTIMAL ? "network-simplex" : "tight-tree";
  graph.setGraph({ rankdir: "LR", ranker, nodesep: 18, ranksep: 36, edgesep: 14, marginx: MARGIN, marginy: MARGIN });
  for (const node of nodes) graph.setNode(node.id, { width: boxWidth(node), height: BOX });
  for (const [index, { from, to, label }] of edges.entries()) {
    const size = label === "" ? {} : { width: labelWidth(label), height: 14, labelpos: "c" as const };
    graph.setEdge(from, to, { ...size }, String(index));
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const places = new Map<string, Box>();
  for (const { id } of nodes) {
    const node = graph.node(id) as Box;
    places.set(id, {
      x: round(node.x - node.width / 2),
      y: round(node.y - node.height / 2),
      width: round(node.width),
      height: round(node.height),
    });
  }
  const drawn = edges.map(({ from, to, label }, index) => {
    const edge = graph.edge(from, to, String(index)) as { points: readonly Point[]; x?: number; y?: number };
    const labelAt = label === "" ? null : { x: round(edge.x ?? 0), y: round(edge.y ?? 0) };
    const points = sideways(edge.points, places.get(from)!, places.get(to)!);
    return { points: points.map(({ x, y }) => ({ x: round(x), y: round(y) })), labelAt };
  });
  return { width: Math.ceil(width), height: Math.ceil(height), nodes: places, edges: drawn };
}

/** A line that leaves on the right and arrives on the left, where there is room for that. */
function sideways(points: readonly Point[], from: Box, to: Box): readonly Point[] {
  if (from.x + from.width >= to.x || points.length < 2) return points;
  const within = (y: number, box: Box): number => Math.min(Math.max(y, box.y + 6), box.y + box.height - 6);
  const start = { x: from.x + from.width, y: within(points[0].y, from) };
  const end = { x: to.x, y: within(points[points.length - 1].y, to) };
  return [start, ...points.slice(1, -1), end];
}

const ROW = 66;
const GAP = 90;

/** Columns by the longest way from a start, rows in the order of the nodes. */
function columns(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): GraphLayout {
  const places = new Map<string, Box>();
  let x = MARGIN;
  let height = 0;
  for (const column of columnsOf(nodes, edges)) {
    let widest = 0;
    for (const [row, node] of column.entries()) {
      const width = boxWidth(node);
      widest = Math.max(widest, width);
      places.set(node.id, { x, y: MARGIN + row * ROW, width, height: BOX });
    }
    height = Math.max(height, column.length * ROW);
    x += widest + GAP;
  }
  const drawn = edges.map(({ from, to }) => {
    const [a, b] = [places.get(from)!, places.get(to)!];
    const points = [
      { x: a.x + a.width, y: a.y + BOX / 2 },
      { x: b.x, y: b.y + BOX / 2 },
    ];
    return { points, labelAt: null };
  });
  return { width: Math.max(x - GAP + MARGIN, 32), height: height + MARGIN, nodes: places, edges: drawn };
}

/** Nodes by their column: the longest way to them, edges that would close a circle left out. Iterative: graphs are input. */
function columnsOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): LayoutNode[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  // Depth first; what comes out last has nobody before it.
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const circular = new Set<string>();
  for (const { id } of nodes) {
    const stack: { id: string; at: number }[] = state.has(id) ? [] : [{ id, at: 0 }];
    state.set(id, state.get(id) ?? "open");
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const child = next.get(top.id)?.[top.at++];
      if (child === undefined) {
        state.set(top.id, "done");
        order.push(top.id);
        stack.pop();
      } else if (state.get(child) === "open") {
        circular.add(`${top.id}\0${child}`);
      } else if (!state.has(child)) {
        state.set(child, "open");
        stack.push({ id: child, at: 0 });
      }
    }
  }
  const column = new Map<string, number>();
  for (const id of order.reverse()) {
    const own = column.get(id) ?? 0;
    column.set(id, own);
    for (const child of next.get(id) ?? []) {
      if (!circular.has(`${id}\0${child}`)) column.set(child, Math.max(column.get(child) ?? 0, own + 1));
    }
  }
  const found: LayoutNode[][] = [];
  for (const node of nodes) (found[column.get(node.id)!] ??= []).push(node);
  return found;
}

/** Width of an edge's label, room at both ends included. */
export function labelWidth(label: string): number {
  return widthOf(label, SMALL_CHARACTER) + 8;
}

/** Not of the second line, which tells the state: nothing moves when states change. */
function boxWidth({ label }: LayoutNode): number {
  return Math.max(widthOf(label, CHARACTER), LEAST_WIDTH) + PADDING;
}

/** Of a label as drawn; East Asian characters and emoji are two wide. */
function widthOf(label: string, character: number): number {
  let width = 0;
  for (const c of fitted(label)) width += c.codePointAt(0)! >= 0x1100 ? 2 : 1;
  return Math.ceil(width * character);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
