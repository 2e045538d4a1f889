/** Every command by its name: which feature carries it out. */
import { type CommandArguments, type CommandResult, ServerCommand } from "@fastpipe/shared";
import type { Project } from "../project.ts";
import { showDiff } from "./diff.ts";
import { explainStage, showDependents, showGraph, showHistory } from "./pages.ts";
import { acceptChange, acceptEverywhere, recordAll, recordStage, revokeAccept } from "./recording.ts";
import { findProject, type ProjectLookup } from "./targets.ts";

type Run = (project: Project, args: CommandArguments) => Promise<CommandResult>;

const COMMANDS: Readonly<Record<ServerCommand, Run>> = {
  [ServerCommand.explainStage]: explainStage,
  [ServerCommand.showDiff]: showDiff,
  [ServerCommand.recordStage]: recordStage,
  [ServerCommand.recordAll]: recordAll,
  [ServerCommand.acceptChange]: acceptChange,
  [ServerCommand.acceptChangeEverywhere]: acceptEverywhere,
  [ServerCommand.revokeAccept]: revokeAccept,
  [ServerCommand.showDependents]: showDependents,
  [ServerCommand.showHistory]: showHistory,
  [ServerCommand.showGraph]: showGraph,
};

/** Null when there is no such command. */
export function commandNamed(
  name: string,
  projects: ProjectLookup,
): ((args: CommandArguments) => Promise<CommandResult>) | null {
  if (!Object.hasOwn(COMMANDS, name)) return null;
  const run = COMMANDS[name as ServerCommand];
  return async (args) => {
    const project = findProject(projects, args);
    return "answer" in project ? project.answer : run(project.value, args);
  };
}
