/**
 * A stage graph as text for Mermaid and Graphviz, and as a picture (SVG) that needs neither. The same graph gives the same
 * bytes. Labels are escaped for each form; nothing of a project can end a string or start a tag.
 */
import { shortKey, shortName } from "./names.ts";
import type { StageGraph } from "./stageGraph.ts";
import type { StageState } from "./stageStatus.ts";

interface Node {
  readonly id: string;
  readonly label: string;
  /** A stage, or a definition that stages reach. */
  readonly isStage: boolean;
  readonly state: StageState;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

interface Drawing {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** Every node and edge once, stages and definitions alike. */
function drawingOf(graph: StageGraph): Drawing {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const edge = (from: string, to: string, label: string) => edges.set(`${from}\0${to}\0${label}`, { from, to, label });
  for (const { stage, state, code = [] } of graph.nodes) {
    nodes.set(stage, { id: stage, label: stage, isStage: true, state });
    for (const { key, from, changed } of code) {
      const known = nodes.get(key);
      const keyState = changed || known?.state === "stale" ? "stale" : "fresh";
      nodes.set(key, { id: key, label: shortKey(key), isStage: false, state: keyState });
      edge(from ?? stage, key, "");
    }
  }
  for (const { from, to, path } of graph.edges) edge(from, to, path);
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** https://mermaid.js.org/syntax/flowchart.html */
export function graphMermaid(graph: StageGraph): string {
  const { nodes, edges } = drawingOf(graph);
  const ids = new Map(nodes.map((node, index) => [node.id, `${node.isStage ? "s" : "c"}${index}`]));
  const escaped = (text: string) => text.replace(/["<>#&]/g, (character) => `#${character.charCodeAt(0)};`);
  const lines = ["flowchart LR"];
  for (const { id, label, isStage, state } of nodes) {
    const text = `"${escaped(label)}"`;
    lines.push(`  ${ids.get(id)}${isStage ? `[${text}]` : `(${text})`}:::${state}`);
  }
  for (const { from, to, label } of edges) {
    lines.push(`  ${ids.get(from)} ${label === "" ? "-.->" : `-->|"${escaped(label)}"|`} ${ids.get(to)}`);
  }
  lines.push("  classDef stale stroke:#c60,stroke-width:3px");
  lines.push("  classDef new stroke-dasharray:4");
  lines.push("  classDef broken stroke:#c00,stroke-width:3px");
  return `${lines.join("\n")}\n`;
}

const COLOUR: Readonly<Record<StageState, string>> = {
  fresh: "#2a7d3a",
  accepted: "#2a7d3a",
  stale: "#cc6600",
  new: "#3366aa",
  broken: "#cc0000",
  orphan: "#888888",
};

/** https://graphviz.org/doc/info/lang.html */
export function graphDot(graph: StageGraph): string {
  const { nodes, edges } = drawingOf(graph);
  const quote = (text: string) => `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  const lines = ["digraph fastpipe {", "  rankdir=LR;"];
  for (const { id, label, isStage, state } of nodes) {
    const shape = isStage ? "box" : "ellipse";
    const text = isStage ? shortName(label) : label;
    lines.push(`  ${quote(id)} [shape=${shape}, label=${quote(text)}, color="${COLOUR[state]}"];`);
  }
  for (const { from, to, label } of edges) {
    lines.push(`  ${quote(from)} -> ${quote(to)} ${label === "" ? "[style=dashed]" : `[label=${quote(label)}]`};`);
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

const CHARACTER = 7.5;
const ROW = 56;
const GAP = 90;
const BOX = 32;

/** A picture: columns by the longest way from a start, rows in the order of the graph. */
export function graphSvg(graph: StageGraph): string {
  const { nodes, edges } = drawingOf(graph);
  const columns = columnsOf(nodes, edges);
  const width = (node: Node) => Math.ceil(node.label.length * CHARACTER) + 24;
  const places = new Map<string, { x: number; y: number; width: number }>();
  let x = 16;
  let height = 0;
  for (const column of columns) {
    const widest = Math.max(...column.map(width));
    for (const [row, node] of column.entries()) places.set(node.id, { x, y: 16 + row * ROW, width: width(node) });
    height = Math.max(height, column.length * ROW);
    x += widest + GAP;
  }
  const lines: string[] = [];
  for (const { from, to, label } of edges) lines.push(...edgeSvg(places.get(from)!, places.get(to)!, label));
  for (const node of nodes) {
    const at = places.get(node.id)!;
    const corner = node.isStage ? 4 : BOX / 2;
    const dash = node.state === "new" ? ' stroke-dasharray="4"' : "";
    lines.push(
      `<g><title>${escapeXml(`${node.id}: ${node.state}`)}</title>`,
      `<rect x="${at.x}" y="${at.y}" width="${at.width}" height="${BOX}" rx="${corner}" fill="#ffffff" stroke="${COLOUR[node.state]}" stroke-width="2"${dash}/>`,
      `<text x="${at.x + 12}" y="${at.y + 21}" fill="#222222">${escapeXml(node.label)}</text></g>`,
    );
  }
  const size = `width="${Math.max(x - GAP + 16, 32)}" height="${height + 16}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="monospace" font-size="12">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#888888"/></marker></defs>',
    ...lines,
    "</svg>\n",
  ].join("\n");
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function edgeSvg(from: Place, to: Place, label: string): string[] {
  const [x1, y1, x2, y2] = [from.x + from.width, from.y + BOX / 2, to.x, to.y + BOX / 2];
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  const dash = label === "" ? ' stroke-dasharray="3"' : "";
  const path = `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" fill="none" stroke="#888888"${dash} marker-end="url(#arrow)"/>`;
  if (label === "") return [path];
  const middle = `x="${(x1 + x2) / 2}" y="${(y1 + y2) / 2 - 6}"`;
  return [path, `<text ${middle} text-anchor="middle" font-size="10" fill="#666666">${escapeXml(label)}</text>`];
}

/** Nodes by their column: the longest way to them, edges that would close a circle left out. Iterative: graphs are input. */
function columnsOf(nodes: readonly Node[], edges: readonly Edge[]): Node[][] {
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
  const columns: Node[][] = [];
  for (const node of nodes) (columns[column.get(node.id)!] ??= []).push(node);
  return columns;
}

function escapeXml(text: string): string {
  // Control characters are no XML at all.
  return text.replace(/[&<>"'\x00-\x1f\x7f]/g, (character) =>
    character < " " ? " " : `&#${character.charCodeAt(0)};`,
  );
}
