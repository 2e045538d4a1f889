/**
 * The pages that commands show: a stage explained, who depends on a definition, the graph. Text (English, the same as at a
 * terminal) with the places it speaks of; opens nothing itself.
 */
import {
  dependentsOf,
  type Explanation,
  entryDiffs,
  explain,
  explainPage,
  formatDuration,
  graphSvg,
  readStageById,
  shortKey,
  shortName,
  stageGraph,
  viaPath,
} from "@fastpipe/engine";
import {
  type CommandArguments,
  type CommandResult,
  type PagePlace,
  type PageResult,
  ServerCommand,
} from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import { excerptOf, hopsTo } from "../because.ts";
import type { Project } from "../project.ts";
import { graphPicture } from "./graph.ts";
import { findKey, findStage, refused, refusedBy } from "./targets.ts";

/** Lines of source that the explain page shows of one change. */
const SOURCE_LINES = 12;

export async function explainStage(project: Project, args: CommandArguments): Promise<CommandResult> {
  const stage = findStage(project, args, t("Explain which stage?"));
  if ("answer" in stage) return stage.answer;
  return (await explainedPage(project, stage.value)) ?? refused(`no stage ${stage.value}`).answer;
}

/** The explain page of a stage; null when there is no such stage. */
export async function explainedPage(project: Project, id: string): Promise<PageResult | null> {
  const { program, lock } = project;
  const explained = explain(program, lock, id);
  if (!explained.ok) return null;
  const { changed } = explained.value;
  const diffs = changed.length === 0 ? null : await entryDiffs(program, lock, id, null, project.sourcesOf(id));
  const excerpts = new Map(diffs?.ok ? diffs.value.map((diff) => [diff.key, excerptOf(diff, SOURCE_LINES)]) : []);
  const text = explainPage(explained.value, excerpts);
  const page = explainText(project, t("Explain {0}", shortName(id)), text);
  const places = [...page.places, ...changePlaces(project, id, explained.value, text)];
  return { ...page, places, explain: { root: project.root, stage: id } };
}

/** On an explain page: each changed key leads to its diff, each hop of a `Via:` to its definition. */
function changePlaces(project: Project, id: string, { changed }: Explanation, text: string): PagePlace[] {
  const stage = project.program.stages().find((each) => each.id === id);
  const manifest = readStageById(project.program, project.lock, id)?.manifest ?? null;
  const lines = text.split("\n");
  const places: PagePlace[] = [];
  let at = lines.indexOf("  Changed:");
  if (at < 0 || !stage) return [];
  for (const change of changed) {
    at = lines.indexOf(`    ${change.key}`, at);
    if (at < 0) break;
    const uri = project.uriOf(change.file ?? project.lockPath);
    const argument: CommandArguments = { root: project.root, stage: id, key: change.key };
    const command = { command: ServerCommand.showDiff, arguments: argument };
    places.push({ pageLine: at, start: 4, end: lines[at].length, uri, line: change.line ?? 1, command });
    const via = lines.findIndex((line, index) => index > at && /^ {6}Via: /.test(line));
    if (change.change === "removed" || via < 0) continue;
    let start = "      Via: ".length;
    for (const { name, file, line } of hopsTo(stage, manifest, change)) {
      if (!lines[via].startsWith(name, start)) break;
      const end = start + name.length;
      if (file !== null) places.push({ pageLine: via, start, end, uri: project.uriOf(file), line });
      start = end + " → ".length;
    }
  }
  return places;
}

export async function showDependents(project: Project, args: CommandArguments): Promise<CommandResult> {
  const key = findKey(project, args, t("Dependents of which definition?"));
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
  return explainText(project, t("Dependents of {0}", shortKey(key.value)), `${lines.join("\n")}\n`);
}

export async function showGraph(project: Project): Promise<CommandResult> {
  const graph = stageGraph(project.program, project.lock);
  if (graph.nodes.length === 0) return refused(t("there is no stage to draw")).answer;
  return {
    type: "page",
    title: t("Graph of {0}", project.name),
    language: "svg",
    text: graphSvg(graph),
    places: [],
    picture: graphPicture(project, []),
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
