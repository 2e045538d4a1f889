/**
 * A stage graph as text for Mermaid and Graphviz, and as a picture (SVG) that needs neither. The same graph gives the same
 * bytes. Labels are escaped for each form; nothing of a project can end a string or start a tag.
 */
import { type Box, fitted, labelWidth, layoutGraph, type Point } from "./graphLayout.ts";
import { shortKey, shortName } from "./names.ts";
import type { StageGraph } from "./stageGraph.ts";
import type { StageState } from "./stageStatus.ts";

export interface DrawnNode {
  readonly id: string;
  readonly label: string;
  /** The state of a stage; the kind of a definition, and whether it changed. In English. */
  readonly detail: string;
  /** A stage, or a definition that stages reach. */
  readonly isStage: boolean;
  readonly state: StageState;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly Edge[];
}

/** Labels for a picture: the last part of a stage's id where no other stage has the same. */
export function withShortLabels({ nodes, edges }: Drawing): Drawing {
  const count = new Map<string, number>();
  for (const { isStage, id } of nodes) if (isStage) count.set(shortName(id), (count.get(shortName(id)) ?? 0) + 1);
  const label = (node: DrawnNode) =>
    node.isStage && count.get(shortName(node.id)) === 1 ? shortName(node.id) : node.label;
  return { nodes: nodes.map((node) => ({ ...node, label: label(node) })), edges };
}

/** Every node and edge once, stages and definitions alike. */
export function drawingOf(graph: StageGraph): Drawing {
  const nodes = new Map<string, DrawnNode>();
  const edges = new Map<string, Edge>();
  const edge = (from: string, to: string, label: string) => edges.set(`${from}\0${to}\0${label}`, { from, to, label });
  for (const { stage, state, code = [] } of graph.nodes) {
    nodes.set(stage, { id: stage, label: stage, detail: WORD[state], isStage: true, state });
    for (const { key, from, changed } of code) {
      const known = nodes.get(key);
      const keyState = changed || known?.state === "stale" ? "stale" : "fresh";
      const kind = key.slice(0, key.indexOf(":"));
      const detail = keyState === "stale" ? `${kind}, changed` : kind;
      nodes.set(key, { id: key, label: shortKey(key), detail, isStage: false, state: keyState });
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

const WORD: Readonly<Record<StageState, string>> = {
  fresh: "up to date",
  accepted: "accepted",
  stale: "stale",
  new: "never recorded",
  broken: "broken",
  orphan: "not in the code",
};

/** A mark for each state, so that none is told by colour alone. */
/** A state as one character, here and at the terminal. */
export const STATE_MARK: Readonly<Record<StageState, string>> = {
  fresh: "✓",
  accepted: "✓",
  stale: "●",
  new: "○",
  broken: "⚠",
  orphan: "–",
};

/** A picture by the layout of graphLayout.ts, for paper: its colours are its own. */
export function graphSvg(graph: StageGraph): string {
  const { nodes, edges } = withShortLabels(drawingOf(graph));
  const { width, height, nodes: places, edges: drawn } = layoutGraph(nodes, edges);
  const lines: string[] = [];
  for (const [index, { from, to, label }] of edges.entries()) {
    const { points, labelAt } = drawn[index];
    lines.push(...edgeSvg(`${from} → ${to}`, label, points, labelAt));
  }
  for (const node of nodes) lines.push(...nodeSvg(node, places.get(node.id)!));
  const size = `width="${Math.max(width, 32)}" height="${Math.max(height, 32)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="monospace" font-size="12">`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z" fill="#888888"/></marker></defs>',
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

function nodeSvg({ id, label, detail, isStage, state }: DrawnNode, { x, y, width, height }: Box): string[] {
  const corner = isStage ? 4 : 14;
  const dash = state === "new" ? ' stroke-dasharray="4"' : "";
  return [
    `<g><title>${escapeXml(`${id}: ${state}`)}</title>`,
    `<rect class="node" x="${x}" y="${y}" width="${width}" height="${height}" rx="${corner}" fill="#ffffff" stroke="${COLOUR[state]}" stroke-width="2"${dash}/>`,
    `<text x="${x + 10}" y="${y + 18}" fill="${COLOUR[state]}">${STATE_MARK[state]}</text>`,
    `<text x="${x + 26}" y="${y + 18}" fill="#222222">${escapeXml(fitted(label))}</text>`,
    `<text x="${x + 26}" y="${y + 33}" font-size="10" fill="${COLOUR[state]}">${escapeXml(detail)}</text></g>`,
  ];
}

function edgeSvg(title: string, label: string, points: readonly Point[], labelAt: Point | null): string[] {
  const dash = label === "" ? ' stroke-dasharray="3"' : "";
  const about = escapeXml(label === "" ? title : `${title}: ${label}`);
  const path = `<path class="edge" d="${curve(points)}" fill="none" stroke="#888888"${dash} marker-end="url(#arrow)"><title>${about}</title></path>`;
  if (labelAt === null) return [path];
  const width = labelWidth(label);
  const { x, y } = labelAt;
  return [
    path,
    // The edge passes behind its label.
    `<rect class="label" x="${Math.round(x - width / 2)}" y="${y - 7}" width="${width}" height="14" fill="#ffffff"/>`,
    `<text x="${x}" y="${y + 3.5}" text-anchor="middle" font-size="10" fill="#666666">${escapeXml(fitted(label))}</text>`,
  ];
}

/** A line through the points, bent horizontally from one to the next. Also what the editor draws. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let from = first;
  let path = `M${first.x} ${first.y}`;
  for (const to of rest) {
    const middle = Math.round(((from.x + to.x) / 2) * 10) / 10;
    path += `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
    from = to;
  }
  return path;
}

function escapeXml(text: string): string {
  // Control characters are no XML at all.
  return text.replace(/[&<>"'\x00-\x1f\x7f]/g, (character) =>
    character < " " ? " " : `&#${character.charCodeAt(0)};`,
  );
}
