/**
 * What shows up over a name: for a stage the entries that differ, as a table; for a helper, class or constant the stages
 * that use it and what a change would cost. Reads the project, changes nothing.
 */

import {
  type DefinitionInfo,
  dependentsOf,
  type Explanation,
  entryDiffs,
  explain,
  formatDuration,
  isHash,
  type Manifest,
  readStageById,
  type Stage,
  shortKey,
  shortName,
  shortRecorded,
  viaPath,
} from "@fastpipe/engine";
import { type CommandArguments, ServerCommand } from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import { type Hover, MarkupKind } from "vscode-languageserver";
import { type Excerpt, excerptOf, hopsTo } from "../because.ts";
import { isNamedAt } from "../places.ts";
import type { Project } from "../project.ts";
import { cell, lineLink, placeLink, rangeOf } from "../toProtocol.ts";
import { reasonTitle, stagesCount, stateWord } from "../wording.ts";

/** Rows of a table before the rest is counted. */
const ROWS = 12;
/** Changes whose source is shown, and the lines of each. */
const SOURCES = 2;
const SOURCE_LINES = 10;

/** How the client shows a hover. */
export interface HoverStyle {
  readonly markdown: boolean;
  /** The client runs `command:` links; only ours is known to. */
  readonly links: boolean;
}

export async function hover(project: Project, path: string, offset: number, style: HoverStyle): Promise<Hover | null> {
  const lines = project.lines(path);
  if (!lines) return null;
  const stage = project.stagesIn(path).find((each) => each.nameRange.start <= offset && offset <= each.nameRange.end);
  if (stage) {
    const explained = explain(project.program, project.lock, stage.id);
    if (!explained.ok) return null;
    const range = rangeOf(lines, stage.nameRange);
    const value = style.markdown
      ? await stageMarkdown(project, stage, explained.value, style)
      : reasonTitle(explained.value);
    return { contents: contents(value, style), range };
  }
  const found = project.program.definitionAt(path, offset);
  if (!found || !isNamedAt(lines.text, offset, found, path)) return null;
  const value = definitionText(project, found, style);
  return value === null ? null : { contents: contents(value, style) };
}

function contents(value: string, style: HoverStyle) {
  return { kind: style.markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value };
}

async function stageMarkdown(
  project: Project,
  stage: Stage,
  explanation: Explanation,
  style: HoverStyle,
): Promise<string> {
  const { changed, state, baseline, notices, moved } = explanation;
  const cost = baseline?.duration == null ? "" : ` · ${t("last run took {0}", formatDuration(baseline.duration))}`;
  const parts = [`**${cell(stage.id)}** — ${cell(reasonTitle(explanation))}${cost}`];
  if (changed.length > 0) {
    parts.push(changeTable(project, stage, explanation));
    parts.push(...(await changedSources(project, stage)));
  }
  if (moved.length > 0) {
    const pairs = moved.map(({ from, to }) => [from, to].filter((key) => key !== null).join(" → "));
    parts.push(t("Renamed or moved, without effect: {0}", pairs.slice(0, ROWS).map(cell).join(", ")));
  }
  if (notices.length > 0) parts.push(t("Not tracked: {0}. See the explanation.", notices.length));
  const links = [link(t("Explain"), ServerCommand.explainStage, { root: project.root, stage: stage.id })];
  if (state === "stale") {
    links.push(link(t("Diff"), ServerCommand.showDiff, { root: project.root, stage: stage.id }));
    links.push(link(t("Accept"), ServerCommand.acceptChange, { root: project.root, stage: stage.id }));
  }
  if (baseline) links.push(link(t("History"), ServerCommand.showHistory, { root: project.root, stage: stage.id }));
  if (style.links) parts.push(links.join(" · "));
  return parts.join("\n\n");
}

function changeTable(project: Project, stage: Stage, { changed }: Explanation): string {
  const manifest = readStageById(project.program, project.lock, stage.id)?.manifest ?? null;
  const rows = changed.slice(0, ROWS).map((change) => {
    const { key, file, line, movedFrom } = change;
    const where = file === null ? "" : placeLink(project.uriOf(file), line ?? 1);
    const via = change.change === "removed" ? "" : chain(project, stage, manifest, change);
    const [old, now] = [change.old, change.new].map(shortRecorded);
    const was = movedFrom === undefined ? cell(old) : cell(t("was {0}", movedFrom));
    return `| ${cell(key)} | ${was} | ${cell(now)} | ${where} | ${via} |`;
  });
  if (changed.length > ROWS) rows.push(`| ${t("… and {0} more", changed.length - ROWS)} | | | | |`);
  const heads = [t("entry"), t("last run"), t("now"), t("where"), t("via")];
  return [`| ${heads.join(" | ")} |`, "|:--|:--|:--|:--|:--|", ...rows].join("\n");
}

/** `train → prepare → clean`, each a link to where it is defined. */
function chain(
  project: Project,
  stage: Stage,
  manifest: Manifest | null,
  change: Explanation["changed"][number],
): string {
  const hops = hopsTo(stage, manifest, change);
  // A constant or file is named by its key already.
  if (!/^(?:self|func|class|mod):/.test(change.key)) hops.pop();
  const linked = hops.map(({ name, file, line }) =>
    file === null ? cell(name) : lineLink(name, project.uriOf(file), line),
  );
  return linked.join(" → ");
}

/** The lines that changed, before and after, of what is nearest. */
async function changedSources(project: Project, stage: Stage): Promise<string[]> {
  const sources = { object: (hash: string) => project.object(hash) };
  const diffs = await entryDiffs(project.program, project.lock, stage.id, null, sources);
  if (!diffs.ok) return [];
  const parts: string[] = [];
  // A literal's value stands in the table already.
  const hasSource = ({ key, old }: { key: string; old: string | null }): boolean =>
    /^(?:self|func|class|const|mod):/.test(key) && old !== null && isHash(old);
  for (const diff of diffs.value.filter(hasSource).slice(0, SOURCES)) {
    const excerpt = excerptOf(diff, SOURCE_LINES);
    const before = sideOf(excerpt, "+");
    const after = sideOf(excerpt, "-");
    if (diff.change === "changed" && before && after) {
      parts.push(`\`${shortKey(diff.key)}\` ${t("last run:")}`, before, t("now:"), after);
    }
  }
  return parts;
}

/** One side of an excerpt as Python, without the lines of the other; null where nothing is left. */
function sideOf({ lines, cut }: Excerpt, other: "+" | "-"): string | null {
  const own = lines.filter((line) => !line.startsWith(other)).map((line) => line.slice(1));
  if (own.length === 0) return null;
  const fence = "`".repeat(Math.max(3, ...own.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1)));
  return [`${fence}python`, ...own, ...(cut ? ["..."] : []), fence].join("\n");
}

function definitionText(project: Project, found: DefinitionInfo, style: HoverStyle): string | null {
  const asked = dependentsOf(project.program, project.lock, found.key);
  if (!asked.ok || asked.value.stages.length === 0) return null;
  const { stages, cost } = asked.value;
  const one = stages.length === 1;
  const took = cost === null ? "" : formatDuration(cost);
  const price = took === "" ? "" : ` ${one ? t("Its last run took {0}.", took) : t("Their last runs took {0}.", took)}`;
  const used = t("used by {0}", stagesCount(stages.length));
  const stale = project.changedIn(found.key).length;
  const would = one ? t("A change here makes it stale.") : t("A change here makes them stale.");
  const now = stale > 0 ? t("It changed: {0} stale now.", stagesCount(stale)) : would;
  const body = `${now}${price}`;
  if (!style.markdown)
    return `${shortKey(found.key)} — ${used}: ${stages.map((each) => each.stage).join(", ")}. ${body}`;
  const rows = stages.slice(0, ROWS).map(({ stage, state, baseline, via, file, line }) => {
    const seconds = baseline?.duration == null ? "" : formatDuration(baseline.duration);
    const path = viaPath(shortName(stage), { key: found.key, via });
    const name = lineLink(stage, project.uriOf(file), line);
    return `| ${[name, cell(stateWord(state)), ...(cost === null ? [] : [seconds]), cell(path)].join(" | ")} |`;
  });
  const heads = [t("stage"), t("state"), ...(cost === null ? [] : [t("last run took")]), t("via")];
  if (stages.length > ROWS)
    rows.push(`| ${t("… and {0} more", stages.length - ROWS)} |${" |".repeat(heads.length - 1)}`);
  const table = [`| ${heads.join(" | ")} |`, `|${heads.map(() => ":--|").join("")}`, ...rows].join("\n");
  const parts = [`**${cell(shortKey(found.key))}** — ${used}`, table, body];
  if (style.links) parts.push(definitionLinks(project, found).join(" · "));
  return parts.join("\n\n");
}

function definitionLinks(project: Project, found: DefinitionInfo): string[] {
  const argument: CommandArguments = { root: project.root, key: found.key };
  const links = [
    link(t("Dependents"), ServerCommand.showDependents, argument),
    link(t("History"), ServerCommand.showHistory, argument),
  ];
  const changed = project.changedIn(found.key).length;
  if (changed > 0) {
    links.unshift(
      link(t("Accept in {0}", stagesCount(changed)), ServerCommand.acceptChangeEverywhere, argument),
      link(t("Diff"), ServerCommand.showDiff, argument),
    );
  }
  return links;
}

function link(title: string, command: ServerCommand, argument: CommandArguments): string {
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}
