/**
 * The line above each stage: its state, and what can be done about it; where it is asked for, also a line above each
 * definition that stages use. Ranges first, text when it is asked for, so that nothing moves while someone types. Reads the
 * project, changes nothing.
 */

import { type DefinitionInfo, readStageById, readStages, type Stage, shortKey } from "@fastpipe/engine";
import { type CommandArguments, ServerCommand } from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import type { CodeLens, Command } from "vscode-languageserver";
import type { Project } from "../project.ts";
import { rangeOf } from "../toProtocol.ts";
import { stagesCount, stateTitle } from "../wording.ts";

/** Which part of the line a lens is. */
type Part = "state" | "diff" | "accept" | "record" | "users";

/** What a lens carries from the first answer to the second. */
export interface LensData {
  readonly root: string;
  /** Id of a stage; the key of a definition for `users`. */
  readonly stage: string;
  readonly part: Part;
}

/** Lenses of a file, without text. How many there are depends on the states; where they are, on the code alone. */
export function codeLenses(project: Project, path: string, options: { readonly helpers: boolean }): CodeLens[] {
  const lines = project.lines(path);
  if (!lines) return [];
  const lens = (start: number, end: number, stage: string, part: Part): CodeLens => {
    // One line: a decorator that goes over several would give a lens that clients put in several ways.
    const last = Math.max(Math.min(end, lines.lineEnd(lines.lineOf(start))), start);
    const data: LensData = { root: project.root, stage, part };
    return { range: rangeOf(lines, { start, end: last }), data };
  };
  const stages = project.stagesIn(path);
  const above = stages.flatMap((stage) =>
    partsOf(project, stage).map((part) => lens(stage.start, stage.nameRange.end, stage.id, part)),
  );
  if (!options.helpers) return above;
  const placed = project.placesIn(path);
  const helpers = usedIn(project, path).flatMap(({ key, ranges: [{ start }] }) => {
    const at = placed(shortKey(key), start);
    const inStage = stages.some((stage) => stage.start <= at && at < stage.end);
    return inStage ? [] : [lens(at, lines.lineEnd(lines.lineOf(at)), key, "users")];
  });
  return [...above, ...helpers];
}

/** The same lens with its text. A stage that is gone since leaves an empty one. */
export function resolveLens(project: Project | null, lens: CodeLens): CodeLens {
  const { stage, part } = lens.data as LensData;
  const command = project && (part === "users" ? usersOf(project, stage) : commandOf(project, stage, part));
  return { range: lens.range, command: command ?? { title: "", command: "" }, data: lens.data };
}

function partsOf(project: Project, stage: Stage): Part[] {
  const state = readStageById(project.program, project.lock, stage.id)?.status.state;
  return state === "stale" ? ["state", "diff", "accept", "record"] : ["state"];
}

function commandOf(project: Project, id: string, part: Exclude<Part, "users">): Command | null {
  const reading = readStageById(project.program, project.lock, id);
  if (!reading) return null;
  const argument: CommandArguments = { root: project.root, stage: id };
  const run = (title: string, command: ServerCommand): Command => ({ title, command, arguments: [argument] });
  switch (part) {
    case "diff":
      return run(t("Diff"), ServerCommand.showDiff);
    case "accept":
      return run(t("Accept"), ServerCommand.acceptChange);
    case "record":
      return run(t("Record"), ServerCommand.recordStage);
    case "state": {
      const title = stateTitle(reading.status, project.edited());
      return run(title, reading.status.state === "new" ? ServerCommand.recordStage : ServerCommand.explainStage);
    }
  }
}

/** Functions, classes and constants of a file that some stage tracks, each once. */
function usedIn(project: Project, path: string): readonly DefinitionInfo[] {
  return project.program
    .trackedIn(path)
    .filter(({ kind, ranges }) => /^(?:func|class|const)$/.test(kind) && ranges.length > 0)
    .sort((a, b) => a.ranges[0].start - b.ranges[0].start);
}

function usersOf(project: Project, key: string): Command {
  const users = project.program.stagesReaching(key).length;
  let stale = 0;
  for (const { status } of readStages(project.program, project.lock, null)) {
    if (status.changed.some((change) => change.key === key)) stale++;
  }
  const used = t("used by {0}", stagesCount(users));
  const title = stale === 0 ? used : `● ${t("{0}, changed in {1}", used, stagesCount(stale))}`;
  return { title, command: ServerCommand.showDependents, arguments: [{ root: project.root, key }] };
}
