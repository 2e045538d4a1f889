/** The graph as places, for a client that draws it: every node with its state in words and where it is defined. */
import {
  drawingOf,
  fitted,
  type GraphLayout,
  type LayoutEdge,
  type LayoutNode,
  labelWidth,
  layoutGraph,
  stageGraph,
  withShortLabels,
} from "@fastpipe/engine";
import type { GraphPicture, GraphPictureEdge, GraphPictureNode } from "@fastpipe/shared";
import type { Project } from "../project.ts";
import { stateWord } from "../wording.ts";

/** The last layout of each project: states change more often than the graph. */
const layouts = new WeakMap<Project, { readonly key: string; readonly layout: GraphLayout }>();

function layoutOf(project: Project, nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): GraphLayout {
  const key = JSON.stringify([nodes.map(({ id, label }) => [id, label]), edges]);
  const known = layouts.get(project);
  if (known?.key === key) return known.layout;
  const layout = layoutGraph(nodes, edges);
  layouts.set(project, { key, layout });
  return layout;
}

/** `expand`: ids of the stages whose code is on show too. */
export function graphPicture(project: Project, expand: readonly string[]): GraphPicture {
  const { program, lock, root, name } = project;
  const open = new Set(expand);
  const graph = stageGraph(program, lock, { code: open });
  const { nodes: drawable, edges } = withShortLabels(drawingOf(graph));
  const nodes = drawable.map((node) => ({ ...node, detail: node.isStage ? stateWord(node.state) : node.detail }));
  const { width, height, nodes: places, edges: drawn } = layoutOf(project, nodes, edges);
  const stages = new Map(graph.nodes.map((node) => [node.stage, node]));
  const placed = nodes.map(({ id, label, detail, isStage, state }): GraphPictureNode => {
    const place = isStage ? stages.get(id) : program.definition(id);
    return {
      id,
      label: fitted(label),
      kind: isStage ? "stage" : "code",
      state,
      detail,
      ...places.get(id)!,
      uri: place ? project.uriOf(place.file) : null,
      line: place?.line ?? 1,
      expanded: open.has(id),
    };
  });
  const lines = edges.map(
    ({ from, to, label }, index): GraphPictureEdge => ({
      from,
      to,
      label: fitted(label),
      labelWidth: labelWidth(label),
      ...drawn[index],
    }),
  );
  return { root, name, width, height, nodes: placed, edges: lines };
}
