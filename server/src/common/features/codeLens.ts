/**
 * The line above each stage: its state, and what can be done about it. Ranges first, text when it is asked for, so that
 * nothing moves while someone types. Reads the project, changes nothing.
 */

import { readStageById, type Stage } from "@fastpipe/engine";
import { type CommandArguments, ServerCommand } from "@fastpipe/shared";
import type { CodeLens, Command } from "vscode-languageserver";
import type { Project } from "../project.ts";
import { rangeOf } from "../toProtocol.ts";
import { stateTitle } from "../wording.ts";

/** Which part of the line a lens is. */
type Part = "state" | "diff" | "accept" | "record";

/** What a lens carries from the first answer to the second. */
export interface LensData {
  readonly root: string;
  readonly stage: string;
  readonly part: Part;
}

/** Lenses of a file, without text. How many there are depends on the states; where they are, on the code alone. */
export function codeLenses(project: Project, path: string): CodeLens[] {
  const lines = project.lines(path);
  if (!lines) return [];
  return project.stagesIn(path).flatMap((stage) => {
    // One line: a decorator that goes over several would give a lens that clients put in several ways.
    const end = Math.min(stage.nameRange.end, lines.lineEnd(lines.lineOf(stage.start)));
    const range = rangeOf(lines, { start: stage.start, end: Math.max(end, stage.start) });
    return partsOf(project, stage).map((part) => {
      const data: LensData = { root: project.root, stage: stage.id, part };
      return { range, data };
    });
  });
}

/** The same lens with its text. A stage that is gone since leaves an empty one. */
export function resolveLens(project: Project | null, lens: CodeLens): CodeLens {
  const { stage, part } = lens.data as LensData;
  const command = project && commandOf(project, stage, part);
  return { range: lens.range, command: command ?? { title: "", command: "" }, data: lens.data };
}

function partsOf(project: Project, stage: Stage): Part[] {
  const state = readStageById(project.program, project.lock, stage.id)?.status.state;
  return state === "stale" ? ["state", "diff", "accept", "record"] : ["state"];
}

function commandOf(project: Project, id: string, part: Part): Command | null {
  const reading = readStageById(project.program, project.lock, id);
  if (!reading) return null;
  const argument: CommandArguments = { root: project.root, stage: id };
  const run = (title: string, command: ServerCommand): Command => ({ title, command, arguments: [argument] });
  switch (part) {
    case "diff":
      return run("Diff", ServerCommand.showDiff);
    case "accept":
      return run("Accept", ServerCommand.acceptChange);
    case "record":
      return run("Record", ServerCommand.recordStage);
    case "state": {
      const { state } = reading.status;
      return run(stateTitle(reading.status), state === "new" ? ServerCommand.recordStage : ServerCommand.explainStage);
    }
  }
}
