/** `fastpipe explain`: the explain page of each stage named. */
import { type Explanation, explainPage, explain as queryExplain } from "@fastpipe/engine";
import { Failure } from "../failure.ts";
import type { Colors } from "../output.ts";
import { type Session, stageIdsOf } from "../session.ts";

export async function explain(session: Session, names: readonly string[]): Promise<undefined> {
  const opened = session.open();
  const explanations: Explanation[] = [];
  for (const id of stageIdsOf(opened, names)) {
    const result = queryExplain(opened.project.program, opened.lock, id);
    if (!result.ok) throw new Failure(result.error);
    explanations.push(result.value);
  }
  if (session.json) await session.writeJson({ stages: explanations });
  else
    await session.output.write(explanations.map((each) => paint(explainPage(each), session.output.colors)).join("\n"));
}

function paint(page: string, colors: Colors): string {
  if (!colors.isColorSupported) return page;
  return page
    .replace(/^(Stage: )(.*)/, (_, label, id) => label + colors.bold(id))
    .replace(/(?<=^ {2}Status: )(?:STALE|NEW|BROKEN|ORPHAN)[^\n]*?\)/m, (text) => colors.yellow(text))
    .replace(/(?<=^ {2}Status: )up to date(?: \(accepted\))?/m, (text) => colors.green(text))
    .replace(/^( {6}Old: )(.*)$/gm, (_, label, text) => label + colors.red(text))
    .replace(/^( {6}New: )(.*)$/gm, (_, label, text) => label + colors.green(text))
    .replace(/^ {4}(?:self|func|class|const|mod|decl|file|package):.*$/gm, (text) => colors.bold(text));
}
