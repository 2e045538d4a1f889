/**
 * Record, accept, revoke: asks the engine for the new lock and the project to write it. Refuses while files that count have
 * edits that are not saved, and asks for a reason before anything is accepted.
 */
import { type AcceptRequest, accept, type LockUpdate, type Result, readStages } from "@fastpipe/engine";
import type { ProjectError } from "@fastpipe/host";
import type { ChooseResult, CommandArguments, CommandResult, RefusedResult } from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import type { Project } from "../project.ts";
import { stagesCount } from "../wording.ts";
import { findKey, findStage, refused, refusedBy } from "./targets.ts";

/** Recent reasons that are offered. */
const REASONS = 6;

export async function recordStage(project: Project, args: CommandArguments): Promise<CommandResult> {
  const stage = findStage(project, args, t("Record which stage as run?"));
  if ("answer" in stage) return stage.answer;
  return written(
    project,
    (what) => t("Recorded {0}", what),
    await project.writer.record([stage.value], { unsaved: project.unsaved() }),
  );
}

/** Takes the last record, accept or revoke of this session back. */
export async function undo(project: Project): Promise<CommandResult> {
  return written(project, (what) => t("Took back what was written for {0}", what), await project.writer.undo(), false);
}

/** Every stage that is not up to date, or those of them that are named. One that can't be recorded keeps all as they were. */
export async function recordAll(project: Project, { stages }: CommandArguments): Promise<CommandResult> {
  const open = [...readStages(project.program, project.lock, null)]
    .map((reading) => reading.status)
    .filter(({ state }) => state === "stale" || state === "new" || state === "broken")
    .map((status) => status.stage)
    .filter((stage) => stages === undefined || stages.includes(stage));
  if (open.length === 0) return refused(t("all stages are up to date: nothing to record")).answer;
  return written(
    project,
    (what) => t("Recorded {0}", what),
    await project.writer.record(open, { unsaved: project.unsaved() }),
  );
}

export async function acceptChange(project: Project, args: CommandArguments): Promise<CommandResult> {
  const stage = findStage(project, args, t("Accept the changes of which stage?"), (state) => state === "stale");
  if ("answer" in stage) return stage.answer;
  return acceptWith(project, args, t("Accept the changes of {0}", stage.value), [stage.value], { entryKey: args.key });
}

export async function acceptEverywhere(project: Project, args: CommandArguments): Promise<CommandResult> {
  if (args.stage !== undefined && args.key === undefined) {
    // All that changed in one stage, wherever else it changed too.
    const stage = findStage(project, args, "");
    if ("answer" in stage) return stage.answer;
    const question = t("Accept the changes of {0} in every stage", stage.value);
    return acceptWith(project, args, question, [stage.value], { everywhere: true });
  }
  const key = findKey(project, args, t("Accept the change of which definition?"));
  if ("answer" in key) return key.answer;
  const stages = project.changedIn(key.value).length;
  if (stages === 0) return refused(t("{0} is as it was recorded in every stage: nothing to accept", key.value)).answer;
  const question = t("Accept the change of {0} in {1}", key.value, stagesCount(stages));
  return acceptWith(project, args, question, [], { entryKey: key.value, everywhere: true });
}

export async function revokeAccept(project: Project, args: CommandArguments): Promise<CommandResult> {
  const stage = findStage(project, args, t("Revoke the acceptance of which stage?"), (state) => state === "accepted");
  if ("answer" in stage) return stage.answer;
  return written(
    project,
    (what) => t("Revoked the acceptance of {0}", what),
    await project.writer.revoke([stage.value]),
  );
}

/** Sees whether the engine would accept before anyone is asked for a reason. */
async function acceptWith(
  project: Project,
  args: CommandArguments,
  question: string,
  ids: readonly string[],
  what: Pick<AcceptRequest, "entryKey" | "everywhere">,
): Promise<CommandResult> {
  const request = { ...what, reason: args.reason?.trim() ?? "", unsaved: project.unsaved() };
  if (request.reason !== "")
    return written(project, (what) => t("Accepted {0}", what), await project.writer.accept(ids, request));
  const trial = accept(project.program, project.lock, ids, { ...request, at: project.now() });
  if (!trial.ok) return refusal(project, trial.error);
  if (trial.value.stages.length === 0) return refused(t("nothing to accept: it is up to date")).answer;
  return askReason(project, args, question);
}

function askReason(project: Project, args: CommandArguments, message: string): ChooseResult {
  const recent = [...project.lock.stages.values()]
    .filter((baseline) => baseline.reason)
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .map((baseline) => baseline.reason!);
  const choices = [...new Set(recent)].slice(0, REASONS).map((reason) => ({
    label: reason,
    detail: "",
    arguments: { ...args, root: project.root, reason },
  }));
  return { type: "choose", what: "reason", message, choices };
}

function written(
  project: Project,
  say: (what: string) => string,
  update: Result<LockUpdate, ProjectError>,
  undoable = true,
): CommandResult {
  if (!update.ok) return refusal(project, update.error);
  const { stages } = update.value;
  if (stages.length === 0) return refused(t("nothing to do: it is up to date")).answer;
  const [one, two] = stages;
  const what = stages.length > 2 ? stagesCount(stages.length) : stages.length === 2 ? t("{0} and {1}", one, two) : one;
  return { type: "done", message: say(what), stages, ...(undoable ? { undo: true } : {}) };
}

function refusal(project: Project, error: ProjectError): RefusedResult {
  const { answer } = refusedBy(error, project);
  if (error.code === "bad-lock")
    return { ...answer, message: t("nothing written: {0}", `fastpipe.lock:${error.line}: ${error.message}`) };
  if (error.code !== "unsaved") return answer;
  // All of them, not the first one only: one save should do.
  const unsaved = [...project.unsaved()].map((path) => project.uriOf(path));
  return { ...answer, unsaved };
}
