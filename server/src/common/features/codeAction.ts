/**
 * What can be done at the place of a change: above a stage, and at the helper or constant that changed, wherever that is.
 * Offers commands only; nothing is edited. Silent where nothing changed, unless asked outright.
 */

import { dependentsOf, readStageById, type Stage, shortKey } from "@fastpipe/engine";
import { type CommandArguments, ServerCommand } from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import { type CodeAction, CodeActionKind, CodeActionTriggerKind, type Command } from "vscode-languageserver";
import { stageAt } from "../places.ts";
import type { Project } from "../project.ts";
import { stagesCount } from "../wording.ts";

export interface ActionRequest {
  readonly path: string;
  readonly offset: number;
  readonly trigger: CodeActionTriggerKind | undefined;
  /** Kinds the client asked for; undefined for all. */
  readonly only: readonly string[] | undefined;
}

export function codeActions(project: Project, request: ActionRequest): CodeAction[] {
  const { only } = request;
  const wanted = !only || only.some((kind) => kind === "" || CodeActionKind.QuickFix.startsWith(kind));
  if (!wanted) return [];
  const invoked = request.trigger !== CodeActionTriggerKind.Automatic;
  const stage = stageAt(project.stagesIn(request.path), request.path, request.offset);
  const commands = [
    ...(stage ? stageCommands(project, stage, invoked) : []),
    ...definitionCommands(project, request, stage),
  ];
  return commands.map((command) => ({ title: command.title, kind: CodeActionKind.QuickFix, command }));
}

function stageCommands(project: Project, stage: Stage, invoked: boolean): Command[] {
  const state = readStageById(project.program, project.lock, stage.id)?.status.state;
  const argument: CommandArguments = { root: project.root, stage: stage.id };
  const run = (title: string, command: ServerCommand): Command => ({
    title: `Fastpipe: ${title}`,
    command,
    arguments: [argument],
  });
  const explain = run(t("explain this stage"), ServerCommand.explainStage);
  if (state === "stale") {
    return [
      run(t("accept this stage's changes"), ServerCommand.acceptChange),
      run(t("record this stage as run"), ServerCommand.recordStage),
      run(t("show what changed"), ServerCommand.showDiff),
      explain,
    ];
  }
  if (!invoked) return [];
  if (state === "new") return [run(t("record this stage as run"), ServerCommand.recordStage), explain];
  return state === "accepted" ? [run(t("revoke the acceptance"), ServerCommand.revokeAccept), explain] : [explain];
}

/** On the helper's side: the definition here, where stages see it changed. */
function definitionCommands(project: Project, request: ActionRequest, stage: Stage | null): Command[] {
  const found = project.program.definitionAt(request.path, request.offset);
  if (!found || (stage && found.file === stage.file && found.qualname === stage.qualname)) return [];
  const argument: CommandArguments = { root: project.root, key: found.key };
  const changed = project.changedIn(found.key).length;
  const name = shortKey(found.key);
  const commands: Command[] = [];
  const run = (title: string, command: ServerCommand): void => {
    commands.push({ title: `Fastpipe: ${title}`, command, arguments: [argument] });
  };
  if (changed > 0) {
    run(t("accept this change of {0} in {1}", name, stagesCount(changed)), ServerCommand.acceptChangeEverywhere);
    run(t("show what changed in {0}", name), ServerCommand.showDiff);
  }
  if (request.trigger !== CodeActionTriggerKind.Automatic) {
    const asked = dependentsOf(project.program, project.lock, found.key);
    if (asked.ok && asked.value.stages.length > 0) {
      run(t("show what uses {0} ({1})", name, stagesCount(asked.value.stages.length)), ServerCommand.showDependents);
    }
  }
  return commands;
}
