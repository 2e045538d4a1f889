/**
 * What shows up over a name: for a stage the entries that differ, as a table; for a helper, class or constant the stages
 * that use it and what a change would cost. Reads the project, changes nothing.
 */

import {
  type DefinitionInfo,
  dependentsOf,
  type EntryChange,
  type Explanation,
  explain,
  formatDuration,
  reasonOf,
  type Stage,
  shortKey,
  shortName,
  shortRecorded,
  viaPath,
} from "@fastpipe/engine";
import { type CommandArguments, ServerCommand } from "@fastpipe/shared";
import { type Hover, MarkupKind } from "vscode-languageserver";
import { isNamedAt } from "../places.ts";
import type { Project } from "../project.ts";
import { cell, placeLink, rangeOf } from "../toProtocol.ts";
import { count } from "../wording.ts";

/** Rows of a table before the rest is counted. */
const ROWS = 12;

/** How the client shows a hover. */
export interface HoverStyle {
  readonly markdown: boolean;
  /** The client runs `command:` links; only ours is known to. */
  readonly links: boolean;
}

export function hover(project: Project, path: string, offset: number, style: HoverStyle): Hover | null {
  const lines = project.lines(path);
  if (!lines) return null;
  const stage = project.stagesIn(path).find((each) => each.nameRange.start <= offset && offset <= each.nameRange.end);
  if (stage) {
    const explained = explain(project.program, project.lock, stage.id);
    if (!explained.ok) return null;
    const value = style.markdown ? stageMarkdown(project, stage, explained.value, style) : reasonOf(explained.value);
    return { contents: contents(value, style), range: rangeOf(lines, stage.nameRange) };
  }
  const found = project.program.definitionAt(path, offset);
  if (!found || !isNamedAt(lines.text, offset, found, path)) return null;
  const value = definitionText(project, found, style);
  return value === null ? null : { contents: contents(value, style) };
}

function contents(value: string, style: HoverStyle) {
  return { kind: style.markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value };
}

function stageMarkdown(project: Project, stage: Stage, explanation: Explanation, style: HoverStyle): string {
  const { changed, state, baseline, notices } = explanation;
  const cost = baseline?.duration == null ? "" : ` · last run took ${formatDuration(baseline.duration)}`;
  const parts = [`**${cell(stage.id)}** — ${cell(reasonOf(explanation))}${cost}`];
  if (changed.length > 0) parts.push(changeTable(project, stage, changed));
  if (notices.length > 0) parts.push(`${count(notices.length, "thing")} not tracked: see the explanation.`);
  const links = [link("Explain", ServerCommand.explainStage, { root: project.root, stage: stage.id })];
  if (state === "stale") {
    links.push(link("Diff", ServerCommand.showDiff, { root: project.root, stage: stage.id }));
    links.push(link("Accept", ServerCommand.acceptChange, { root: project.root, stage: stage.id }));
  }
  if (style.links) parts.push(links.join(" · "));
  return parts.join("\n\n");
}

function changeTable(project: Project, stage: Stage, changed: readonly EntryChange[]): string {
  const root = shortName(stage.qualname);
  const rows = changed.slice(0, ROWS).map((change) => {
    const { key, file, line } = change;
    const where = file === null ? "" : placeLink(project.uriOf(file), line ?? 1);
    const via = change.change === "removed" ? "" : viaPath(root, change);
    const [old, now] = [change.old, change.new].map(shortRecorded);
    return `| ${cell(key)} | ${cell(old)} | ${cell(now)} | ${where} | ${cell(via)} |`;
  });
  if (changed.length > ROWS) rows.push(`| … and ${changed.length - ROWS} more | | | | |`);
  return ["| entry | last run | now | where | via |", "|:--|:--|:--|:--|:--|", ...rows].join("\n");
}

function definitionText(project: Project, found: DefinitionInfo, style: HoverStyle): string | null {
  const asked = dependentsOf(project.program, project.lock, found.key);
  if (!asked.ok || asked.value.stages.length === 0) return null;
  const { stages, cost } = asked.value;
  const price = cost === null ? "" : `, ${formatDuration(cost)} by their last runs`;
  const head = `${shortKey(found.key)} — used by ${count(stages.length, "stage")}`;
  const body = `A change here makes ${stages.length === 1 ? "it" : "them"} stale${price}.`;
  if (!style.markdown) return `${head}: ${stages.map((each) => each.stage).join(", ")}. ${body}`;
  const rows = stages.slice(0, ROWS).map(({ stage, state, baseline, via }) => {
    const took = baseline?.duration == null ? "" : formatDuration(baseline.duration);
    const path = viaPath(shortName(stage), { key: found.key, via });
    return `| ${[stage, state, ...(cost === null ? [] : [took]), path].map(cell).join(" | ")} |`;
  });
  const heads = ["stage", "state", ...(cost === null ? [] : ["last run took"]), "via"];
  if (stages.length > ROWS) rows.push(`| … and ${stages.length - ROWS} more |${" |".repeat(heads.length - 1)}`);
  const table = [`| ${heads.join(" | ")} |`, `|${heads.map(() => ":--|").join("")}`, ...rows].join("\n");
  const parts = [`**${cell(shortKey(found.key))}** — used by ${count(stages.length, "stage")}`, table, body];
  if (style.links) parts.push(definitionLinks(project, found).join(" · "));
  return parts.join("\n\n");
}

function definitionLinks(project: Project, found: DefinitionInfo): string[] {
  const argument: CommandArguments = { root: project.root, key: found.key };
  const links = [
    link("Dependents", ServerCommand.showDependents, argument),
    link("History", ServerCommand.showHistory, argument),
  ];
  const changed = project.changedIn(found.key).length;
  if (changed > 0) {
    links.unshift(
      link(`Accept in ${count(changed, "stage")}`, ServerCommand.acceptChangeEverywhere, argument),
      link("Diff", ServerCommand.showDiff, argument),
    );
  }
  return links;
}

function link(title: string, command: ServerCommand, argument: CommandArguments): string {
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([argument]))})`;
}
