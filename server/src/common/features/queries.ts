/** Answers of the `fastpipe/*` requests: the command line's answers, for programs that speak to the server. */
import { graphDot, graphMermaid, graphSvg, type Manifest, resolveStage, stageGraph } from "@fastpipe/engine";
import type {
  ExplainParams,
  GraphParams,
  GraphResult,
  ManifestResult,
  PageResult,
  StatusParams,
  StatusResult,
} from "@fastpipe/shared";
import type { Project } from "../project.ts";
import type { Projects } from "../projects.ts";
import { invalid, type RequestContext } from "../requests.ts";
import { graphPicture } from "./graph.ts";
import { explainedPage } from "./pages.ts";
import { projectStatus } from "./status.ts";

export async function statusAnswer(
  projects: Projects,
  { root }: StatusParams,
  { pause }: RequestContext,
): Promise<StatusResult> {
  const wanted = root === undefined ? projects.all() : [projects.at(root)];
  const answers = [];
  for (const project of wanted) {
    if (!project) throw invalid(`there is no project at ${root}`);
    await pause();
    answers.push(projectStatus(project, (path) => projects.isOwn(project, path)));
  }
  return { projects: answers };
}

export function explainAnswer(project: Project, { stage }: ExplainParams): Promise<PageResult | null> {
  const found = resolveStage(project.program, project.lock, stage);
  if (!found.ok) throw invalid(found.error.message);
  return explainedPage(project, found.value);
}

export function manifestAnswer(project: Project, file: string, qualname: string): ManifestResult {
  const manifest = project.program.manifest({ file, qualname });
  if (!manifest.ok) throw invalid(manifest.error.message);
  return manifestJson(manifest.value);
}

/** The shape of `manifest --json`: positions other than lines stay inside. */
function manifestJson({ entries, untracked, ignored, ...manifest }: Manifest): ManifestResult {
  const { stage, file, qualname, level, fingerprint } = manifest;
  const plain = entries.map(({ ranges: _, ...entry }) => entry);
  return { stage, file, qualname, level, fingerprint, entries: plain, untracked, ignored };
}

export function graphAnswer(project: Project, { format = "mermaid", code = false, expand }: GraphParams): GraphResult {
  const graph = stageGraph(project.program, project.lock, { code: code || new Set(expand) });
  switch (format) {
    case "mermaid":
      return { format, text: graphMermaid(graph) };
    case "dot":
      return { format, text: graphDot(graph) };
    case "svg":
      return { format, text: graphSvg(graph) };
    case "json":
      return { format, text: JSON.stringify(graph) };
    case "layout":
      return { format, text: JSON.stringify(graphPicture(project, expand ?? [])) };
    default:
      throw invalid(`format must be mermaid, dot, svg, json or layout; got ${String(format)}`);
  }
}
