/**
 * The data graph: stages, and which one reads what another writes, as far as the paths in their decorators say it. Never
 * looks at data files, and never guesses a path that is not constant.
 */
import type { Lock } from "../lock/types.ts";
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

export interface GraphOptions {
  /** Also what each stage reaches in the code; or each of these, by id. */
  readonly code?: boolean | ReadonlySet<string>;
}

/** Stages in the order of the code; edges by writer, then reader. */
export function stageGraph(program: Program, lock: Lock, options: GraphOptions = {}): StageGraph {
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
      ...(options.code === true || (options.code || undefined)?.has(stage.id) ? { code } : {}),
    });
  }
  const order = new Map(nodes.map((node, index) => [node.stage, index]));
  const writersOf = writersIn(nodes);
  const edges: GraphEdge[] = [];
  for (const node of nodes) {
    for (const path of node.deps) for (const from of writersOf(path)) edges.push({ from, to: node.stage, path });
  }
  edges.sort((a, b) => order.get(a.from)! - order.get(b.from)! || order.get(a.to)! - order.get(b.to)!);
  return { nodes, edges };
}

/** Finds the writers of a path, of a folder above it, or of something below it. */
function writersIn(nodes: readonly GraphNode[]): (path: string) => Set<string> {
  const exact = new Map<string, Set<string>>();
  const below = new Map<string, Set<string>>();
  for (const { stage, outs } of nodes) {
    for (const out of outs) {
      addTo(exact, out, stage);
      for (const folder of foldersAbove(out)) addTo(below, folder, stage);
    }
  }
  return (path) => {
    const found = new Set([...(exact.get(path) ?? []), ...(below.get(path) ?? [])]);
    for (const folder of foldersAbove(path)) for (const stage of exact.get(folder) ?? []) found.add(stage);
    return found;
  };
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
    folders.push(path.slice(0, slash));
  }
  return folders;
}

function normalPath(path: string): string {
  return path
    .replaceAll("\\", "/")
    .replace(/^(?:\.\/)+/, "")
    .replace(/\/+$/, "");
}
