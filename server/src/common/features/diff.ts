/** Recorded against present source: of one entry, or of all that differ in a stage. Recorded texts come from the
 * object store, else from git where there is one. */
import { type EntryDiff, entryDiffs, shortKey, shortName } from "@fastpipe/engine";
import type { CommandArguments, CommandResult, DiffEntry } from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import { createTwoFilesPatch } from "diff";
import type { Project } from "../project.ts";
import { findStage, refused, refusedBy } from "./targets.ts";

export async function showDiff(project: Project, args: CommandArguments): Promise<CommandResult> {
  // A change of a helper is the same in all stages that see it: any one will do.
  const [changed] = args.stage === undefined && args.key !== undefined ? project.changedIn(args.key) : [];
  const asked = changed === undefined ? args : { ...args, stage: changed };
  const stage = findStage(project, asked, t("Show the changes of which stage?"), (state) => state === "stale");
  if ("answer" in stage) return stage.answer;
  const { program, lock } = project;
  const diffs = await entryDiffs(program, lock, stage.value, args.key ?? null, project.sourcesOf(stage.value));
  if (!diffs.ok) return refusedBy(diffs.error, project).answer;
  if (diffs.value.length === 0) return refused(t("nothing differs in {0}", args.key ?? stage.value)).answer;
  const entries = diffs.value.map((diff) => diffEntry(project, diff));
  const unified = diffs.value.map(unifiedOf).join("\n");
  return { type: "diff", title: t("Changes of {0}", shortName(stage.value)), entries, unified };
}

function diffEntry(project: Project, diff: EntryDiff): DiffEntry {
  const { key, change, recorded, present, note, file, line } = diff;
  const uri = project.uriOf(file ?? project.lockPath);
  return { key, title: shortKey(key), change, recorded, present, note, uri, line: line ?? 1 };
}

function unifiedOf({ key, recorded, present, note }: EntryDiff): string {
  const side = (text: string | null): string => (text === null ? "" : text.endsWith("\n") ? text : `${text}\n`);
  const patch = createTwoFilesPatch(`recorded/${key}`, `now/${key}`, side(recorded), side(present), "", "", {
    context: 3,
  });
  return `${note ? `# ${note}\n` : ""}${patch.replace(/^=+\n/, "")}`;
}
