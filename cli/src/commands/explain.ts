/** `fastpipe explain`: the explain page of each stage named, the same as in the editor. */
import { type Explanation, entryDiffs, explainPage, explain as queryExplain } from "@fastpipe/engine";
import { excerptOf } from "@fastpipe/server/because";
import { Failure } from "../failure.ts";
import type { Colors } from "../output.ts";
import { type Opened, type Session, stageIdsOf } from "../session.ts";

/** Lines of source to show of one change; `fastpipe diff` shows all. */
const SOURCE_LINES = 12;

export async function explain(session: Session, names: readonly string[]): Promise<undefined> {
  const opened = session.open();
  const explanations: Explanation[] = [];
  for (const id of stageIdsOf(opened, names)) {
    const result = queryExplain(opened.project.program, opened.lock, id);
    if (!result.ok) throw new Failure(result.error);
    explanations.push(result.value);
  }
  if (session.json) {
    await session.writeJson({ stages: explanations });
    return;
  }
  const pages: string[] = [];
  for (const each of explanations) pages.push(paint(await pageOf(opened, each), session.output.colors));
  await session.output.write(pages.join("\n"));
}

async function pageOf({ project, lock }: Opened, explanation: Explanation): Promise<string> {
  const { stage, changed } = explanation;
  if (changed.length === 0) return explainPage(explanation);
  const diffs = await entryDiffs(project.program, lock, stage, null, project.sourcesOf(stage));
  const excerpts = diffs.ok ? diffs.value.map((diff) => [diff.key, excerptOf(diff, SOURCE_LINES)] as const) : [];
  return explainPage(explanation, new Map(excerpts));
}

function paint(page: string, colors: Colors): string {
  if (!colors.isColorSupported) return page;
  return page
    .replace(/^(Stage: )(.*)/, (_, label, id) => label + colors.bold(id))
    .replace(/(?<=^ {2}Status: )(?:STALE|NEW|BROKEN|ORPHAN)[^\n]*?\)/m, (text) => colors.yellow(text))
    .replace(/(?<=^ {2}Status: )up to date(?: \(accepted\))?/m, (text) => colors.green(text))
    .replace(/^( {6}Old: )(.*)$/gm, (_, label, text) => label + colors.red(text))
    .replace(/^( {6}New: )(.*)$/gm, (_, label, text) => label + colors.green(text))
    .replace(/^( {8})(-.*)$/gm, (_, indentation, text) => indentation + colors.red(text))
    .replace(/^( {8})(\+.*)$/gm, (_, indentation, text) => indentation + colors.green(text))
    .replace(/^ {4}(?:self|func|class|const|mod|decl|file|package):.*$/gm, (text) => colors.bold(text));
}
