/** `fastpipe graph`: stages and the data that passes between them. */
import { graphDot, graphMermaid, graphSvg, stageGraph } from "@fastpipe/engine";
import type { Session } from "../session.ts";

export interface GraphOptions {
  readonly format: "mermaid" | "dot" | "json" | "svg";
  readonly code?: boolean;
}

export async function graph(session: Session, _: readonly string[], options: GraphOptions): Promise<undefined> {
  const { project, lock } = session.open();
  const found = stageGraph(project.program, lock, { code: options.code });
  if (found.nodes.length === 0) session.output.warn("no stages found");
  if (session.json || options.format === "json") await session.writeJson(found);
  else await session.output.write(DRAWINGS[options.format](found));
}

const DRAWINGS = { mermaid: graphMermaid, dot: graphDot, svg: graphSvg } as const;
