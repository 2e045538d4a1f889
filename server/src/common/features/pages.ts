/**
 * The pages that commands show: a stage explained, who depends on a definition, its history, the graph. Text with the
 * places it speaks of; opens nothing itself.
 */
import {
  dependentsOf,
  explain,
  explainPage,
  formatDuration,
  formatMinute,
  graphSvg,
  isHash,
  shortKey,
  shortName,
  shortRecorded,
  stageGraph,
  viaPath,
} from "@fastpipe/engine";
import type { CommandArguments, CommandResult, PagePlace, PageResult } from "@fastpipe/shared";
import type { Project } from "../project.ts";
import { count } from "../wording.ts";
import { findKey, findStage, refused, refusedBy } from "./targets.ts";

export async function explainStage(project: Project, args: CommandArguments): Promise<CommandResult> {
  const stage = findStage(project, args, "Explain which stage?");
  if ("answer" in stage) return stage.answer;
  return explainedPage(project, stage.value) ?? refused(`no stage ${stage.value}`).answer;
}

/** The explain page of a stage; null when there is no such stage. */
export function explainedPage(project: Project, id: string): PageResult | null {
  const explained = explain(project.program, project.lock, id);
  if (!explained.ok) return null;
  const page = explainText(project, `Explain ${shortName(id)}`, explainPage(explained.value));
  return { ...page, explain: { root: project.root, stage: id } };
}

export async function showDependents(project: Project, args: CommandArguments): Promise<CommandResult> {
  const key = findKey(project, args, "Dependents of which definition?");
  if ("answer" in key) return key.answer;
  const asked = dependentsOf(project.program, project.lock, key.value, { all: true });
  if (!asked.ok) return refusedBy(asked.error, project).answer;
  const { stages, definitions = [], cost, file, line } = asked.value;
  const price = cost === null ? "" : `, ${formatDuration(cost)} by their last runs`;
  const lines = [`Dependents: ${key.value}`, `  File: ${file}:${line}`, ""];
  lines.push(
    stages.length === 0 ? "  No stage uses it." : `  Stages that a change makes stale (${stages.length}${price}):`,
  );
  for (const stage of stages) {
    lines.push(`    ${stage.stage}`, `      File: ${stage.file}:${stage.line}`);
    const seconds = stage.baseline?.duration ?? null;
    const took = seconds === null ? "" : `, last run took ${formatDuration(seconds)}`;
    lines.push(`      State: ${stage.state}${took}`);
    lines.push(`      Via: ${viaPath(shortName(stage.stage), { key: key.value, via: stage.via })}`);
  }
  const others = definitions.filter((each) => !each.startsWith("self:"));
  if (others.length > 0) {
    lines.push("", `  Definitions that reach it (${others.length}):`);
    for (const each of others) {
      const place = project.program.definition(each);
      lines.push(`    ${each}`);
      if (place) lines.push(`      File: ${place.file}:${place.line}`);
    }
  }
  return explainText(project, `Dependents of ${shortKey(key.value)}`, `${lines.join("\n")}\n`);
}

/** Versions of a definition that were recorded, newest first, each with its source where it is kept. */
export async function showHistory(project: Project, args: CommandArguments): Promise<CommandResult> {
  const key = findKey(project, args, "History of which definition?");
  if ("answer" in key) return key.answer;
  const versions = new Map<string, { at: string; stages: Set<string> }>();
  for (const { at, key: of, recorded, stage } of await project.history()) {
    if (of !== key.value && !isSelfOf(of, key.value, stage)) continue;
    const known = versions.get(recorded) ?? { at, stages: new Set<string>() };
    known.stages.add(stage);
    versions.set(recorded, at > known.at ? { at, stages: known.stages } : known);
  }
  if (versions.size === 0) return refused(`no version of ${shortKey(key.value)} has been recorded yet`).answer;
  const newest = [...versions].sort(([, a], [, b]) => (a.at < b.at ? 1 : -1));
  const lines = [`# History of ${key.value}`, `# ${count(newest.length, "recorded version")}, newest first`];
  for (const [recorded, { at, stages }] of newest) {
    const source = isHash(recorded) ? await project.object(recorded) : recorded;
    lines.push("", `# --- ${formatMinute(at)}  ${shortRecorded(recorded)}  in ${[...stages].join(", ")}`, "");
    lines.push(source ?? "# its text is not kept here any more");
  }
  const title = `History of ${shortKey(key.value)}`;
  return { type: "page", title, language: "python", text: `${lines.join("\n")}\n`, places: [] };
}

/** A stage's own function is `self:` in its own manifest and `func:` elsewhere. */
function isSelfOf(key: string, wanted: string, stage: string): boolean {
  if (!key.startsWith("self:") || !wanted.startsWith("func:")) return false;
  return stage === wanted.slice(5) || wanted.endsWith(`.${key.slice(5)}`);
}

export async function showGraph(project: Project): Promise<CommandResult> {
  const graph = stageGraph(project.program, project.lock);
  if (graph.nodes.length === 0) return refused("there is no stage to draw").answer;
  return {
    type: "page",
    title: `Graph of ${project.name}`,
    language: "svg",
    text: graphSvg(graph),
    places: [],
  };
}

/** `File: path:line`, and `kind  text  path:line  reason` of a notice. */
const PLACES = [/^(\s*File:\s+)(\S.*):(\d+)$/, /^(\s{4}[a-z-]+ {2}.* {2})((?:(?! {2}).)+):(\d+)(?= {2}|$)/];

/** A page in the explain language, with the places that it names. */
function explainText(project: Project, title: string, text: string): PageResult {
  const places: PagePlace[] = [];
  text.split("\n").forEach((line, pageLine) => {
    const match = PLACES.map((pattern) => pattern.exec(line)).find((found) => found !== null);
    if (!match) return;
    const uri = project.uriOf(match[2]);
    places.push({ pageLine, start: match[1].length, end: match[0].length, uri, line: Number(match[3]) });
  });
  return { type: "page", title, language: "fastpipe-explain", text, places };
}
