/** `fastpipe diff`: what changed in a stage as source, recorded against present, unified. */

import { type EngineError, type EntryDiff, entryDiffs, formatTarget, shortRecorded } from "@fastpipe/engine";
import { structuredPatch } from "diff";
import { Failure } from "../failure.ts";
import { nearest } from "../nearest.ts";
import type { Colors } from "../output.ts";
import { type Opened, type Session, stageId } from "../session.ts";

export async function diff(session: Session, [name, key]: readonly string[]): Promise<undefined> {
  const opened = session.open();
  const { project, lock } = opened;
  const id = stageId(opened, name);
  const result = await entryDiffs(project.program, lock, id, key ?? null, project.sourcesOf(id));
  if (!result.ok) throw key === undefined ? new Failure(result.error) : keyFailure(opened, id, key, result.error);
  const diffs = result.value.map((entry) => ({ ...entry, unified: unified(entry) }));
  if (session.json) {
    await session.writeJson({ stage: id, entries: diffs });
  } else if (diffs.length === 0) {
    session.output.warn(key === undefined ? `nothing differs in ${id}` : `${key} does not differ in ${id}`);
  } else {
    const { colors } = session.output;
    await session.output.write(diffs.map((entry) => entryText(entry, colors)).join("\n"));
  }
}

/** A key that the stage does not have: the nearest ones, or where all are listed. */
function keyFailure({ project }: Opened, id: string, key: string, error: EngineError): Failure {
  if (error.code !== "no-such-definition") return new Failure(error);
  const suggestions = nearest(key, error.suggestions ?? []);
  const stage = project.program.stages().find((each) => each.id === id);
  const hint = suggestions.length > 0 || !stage ? "" : `; \`fastpipe manifest ${formatTarget(stage)}\` lists them`;
  return new Failure({ ...error, message: error.message + hint, suggestions });
}

/** The hunks with headers, or null where a text is missing. */
function unified(entry: EntryDiff): string | null {
  const { key, recorded, present, file, line } = entry;
  if ((recorded === null && entry.old !== null) || (present === null && entry.new !== null)) return null;
  const patch = structuredPatch("", "", lines(recorded), lines(present), "", "", { context: 3 });
  const from = entry.old === null ? "/dev/null" : `recorded ${key} ${shortRecorded(entry.old)}`;
  const to = entry.new === null ? "/dev/null" : `present ${key} ${file}:${line}`;
  const hunks = patch.hunks.map(
    (hunk) => `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@\n${hunk.lines.join("\n")}\n`,
  );
  return `--- ${from}\n+++ ${to}\n${hunks.join("")}`;
}

/** Ending in a newline, so that the end of a definition is no difference. */
function lines(text: string | null): string {
  return text === null || text === "" || text.endsWith("\n") ? (text ?? "") : `${text}\n`;
}

function entryText(entry: EntryDiff & { readonly unified: string | null }, colors: Colors): string {
  if (entry.unified === null) {
    const change = `${shortRecorded(entry.old)} → ${shortRecorded(entry.new)}`;
    return `${colors.bold(entry.key)}: ${change}${entry.note === undefined ? "" : `\n  ${entry.note}`}\n`;
  }
  return entry.unified.replace(/^.*$/gm, (line) => {
    if (line.startsWith("---") || line.startsWith("+++")) return colors.bold(line);
    if (line.startsWith("@@")) return colors.cyan(line);
    if (line.startsWith("-")) return colors.red(line);
    return line.startsWith("+") ? colors.green(line) : line;
  });
}
