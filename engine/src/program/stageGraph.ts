/**
 * The data graph: stages, and which one reads what another writes, as far as the paths in their decorators say it. Also as
 * text for Mermaid and Graphviz. Never looks at data files, and never guesses a path that is not constant.
 */
import type { Lock } from "../lock/types.ts";
import { shortKey, shortName } from "./names.ts";
import { readStages, type StageState } from "./stageStatus.ts";
import type { Program } from "./types.ts";

export interface GraphNode {
  readonly stage: string;
  readonly file: string;
  readonly line: number;
  readonly state: StageState;
  readonly deps: readonly string[];
  readonly outs: readonly string[];
  /** Keys that the stage reaches in the code, each with the key it is reached from (null: the stage itself). */
  readonly code?: readonly { readonly key: string; readonly from: string | null; readonly changed: boolean }[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The path that one writes and the other reads. */
  readonly path: string;
}

export interface StageGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Stages in the order of the code; edges by writer, then reader. With `code`, what each stage reaches. */
export function stageGraph(program: Program, lock: Lock, options: { readonly code?: boolean } = {}): StageGraph {
  const declared = new Map(program.stages().map((stage) => [stage.id, stage]));
  const nodes: GraphNode[] = [];
  for (const { status, manifest } of readStages(program, lock, null)) {
    const stage = declared.get(status.stage);
    if (stage === undefined) continue;
    const changed = new Set(status.changed.map((change) => change.key));
    const code = (manifest?.entries ?? [])
      .filter((entry) => entry.kind !== "self" && entry.kind !== "decl")
      .map(({ key, via }) => ({ key, from: via.length > 1 ? via[via.length - 2] : null, changed: changed.has(key) }));
    nodes.push({
      stage: stage.id,
      file: stage.file,
      line: stage.line,
      state: status.state,
      deps: stage.deps.map(normalPath),
      outs: stage.outs.map(normalPath),
      ...(options.code ? { code } : {}),
    });
  }
  const writers = new Map<string, string[]>();
  for (const { stage, outs } of nodes) for (const out of outs) writers.set(out, [...(writers.get(out) ?? []), stage]);
  const edges: GraphEdge[] = [];
  for (const node of nodes) {
    for (const path of node.deps)
      for (const from of writersOf(path, writers)) edges.push({ from, to: node.stage, path });
  }
  const order = new Map(nodes.map((node, index) => [node.stage, index]));
  edges.sort((a, b) => order.get(a.from)! - order.get(b.from)! || order.get(a.to)! - order.get(b.to)!);
  return { nodes, edges };
}

/** Writers of a path, of a folder above it, or of something below it. */
function writersOf(path: string, writers: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  for (const [out, stages] of writers) {
    if (out !== path && !path.startsWith(`${out}/`) && !out.startsWith(`${path}/`)) continue;
    for (const stage of stages) found.add(stage);
  }
  return found;
}

function normalPath(path: string): string {
  return path
    .replaceAll("\\", "/")
    .replace(/^(?:\.\/)+/, "")
    .replace(/\/+$/, "");
}

/** https://mermaid.js.org/syntax/flowchart.html */
export function graphMermaid(graph: StageGraph): string {
  const ids = identifiers(graph);
  const lines = ["flowchart LR"];
  for (const node of graph.nodes) {
    lines.push(`  ${ids.get(node.stage)}["${escapeMermaid(node.stage)}"]:::${node.state}`);
    for (const { key, from, changed } of node.code ?? []) {
      const style = changed ? ":::stale" : "";
      lines.push(`  ${ids.get(key)}("${escapeMermaid(shortKey(key))}")${style}`);
      lines.push(`  ${ids.get(from ?? node.stage)} -.-> ${ids.get(key)}`);
    }
  }
  for (const { from, to, path } of graph.edges)
    lines.push(`  ${ids.get(from)} -->|"${escapeMermaid(path)}"| ${ids.get(to)}`);
  lines.push(
    "  classDef stale stroke:#c60,stroke-width:3px",
    "  classDef new stroke-dasharray:4",
    "  classDef broken stroke:#c00",
  );
  return `${unique(lines).join("\n")}\n`;
}

/** https://graphviz.org/doc/info/lang.html */
export function graphDot(graph: StageGraph): string {
  const lines = ["digraph fastpipe {", "  rankdir=LR;", "  node [shape=box];"];
  const colour: Partial<Record<StageState, string>> = { stale: "orange", broken: "red", new: "gray" };
  for (const node of graph.nodes) {
    lines.push(
      `  ${quote(node.stage)} [label=${quote(shortName(node.stage))}, color=${colour[node.state] ?? "black"}];`,
    );
    for (const { key, from, changed } of node.code ?? []) {
      lines.push(
        `  ${quote(key)} [shape=ellipse, label=${quote(shortKey(key))}, color=${changed ? "orange" : "black"}];`,
      );
      lines.push(`  ${quote(from ?? node.stage)} -> ${quote(key)} [style=dashed];`);
    }
  }
  for (const { from, to, path } of graph.edges) lines.push(`  ${quote(from)} -> ${quote(to)} [label=${quote(path)}];`);
  lines.push("}");
  return `${unique(lines).join("\n")}\n`;
}

function identifiers(graph: StageGraph): Map<string, string> {
  const ids = new Map<string, string>();
  for (const node of graph.nodes) {
    ids.set(node.stage, `s${ids.size}`);
    for (const { key } of node.code ?? []) if (!ids.has(key)) ids.set(key, `c${ids.size}`);
  }
  return ids;
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}

function escapeMermaid(text: string): string {
  return text.replace(/["<>#&]/g, (character) => `#${character.charCodeAt(0)};`);
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
