/** Every command by its name: which feature carries it out. */
import { type CommandArguments, type CommandResult, type InitOptions, ServerCommand } from "@fastpipe/shared";
import type { Project } from "../project.ts";
import { showDiff } from "./diff.ts";
import { showHistory } from "./history.ts";
import { explainStage, showDependents, showGraph } from "./pages.ts";
import { acceptChange, acceptEverywhere, recordAll, recordStage, revokeAccept, undo } from "./recording.ts";
import { findProject, type ProjectLookup } from "./targets.ts";

type Run = (project: Project, args: CommandArguments, client: InitOptions) => Promise<CommandResult>;

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
  [ServerCommand.undo]: undo,
};

/** The project that was written last: what `undo` is about where nothing else says it. */
const lastWritten = new WeakMap<ProjectLookup, Project>();

/** Null when there is no such command. */
export function commandNamed(
  name: string,
  projects: ProjectLookup,
  client: InitOptions,
): ((args: CommandArguments) => Promise<CommandResult>) | null {
  if (!Object.hasOwn(COMMANDS, name)) return null;
  const run = COMMANDS[name as ServerCommand];
  return async (args) => {
    const last = name === ServerCommand.undo && args.root === undefined ? lastWritten.get(projects) : undefined;
    const project = last && projects.all().includes(last) ? { value: last } : findProject(projects, args);
    if ("answer" in project) return project.answer;
    const result = await run(project.value, args, client);
    if (result.type === "done") lastWritten.set(projects, project.value);
    return result;
  };
}
