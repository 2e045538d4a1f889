/**
 * Why a stage is stale, hop by hop: the places on the way from a stage to what changed, and the few lines that changed
 * there, before and after. Plain data; hover and explain page draw it. Reads recorded texts, writes nothing.
 */
import { type EntryChange, type EntryDiff, type Manifest, type Stage, shortKey, shortName } from "@fastpipe/engine";
import { structuredPatch } from "diff";

/** One step of `train → prepare → clean`. `file` is null where the step is no place in a file. */
export interface Hop {
  readonly name: string;
  readonly file: string | null;
  readonly line: number;
}

/** Lines that differ with one line around, unified: `-`, `+` or a blank in front of each. */
export interface Excerpt {
  readonly key: string;
  readonly lines: readonly string[];
  /** There is more than the lines shown. */
  readonly cut: boolean;
  /** Why there is no text to show. */
  readonly note: string | null;
}

/** From the stage to the entry that changed, both included, by the names that a path has. */
export function hopsTo(stage: Stage, manifest: Manifest | null, change: EntryChange): Hop[] {
  const places = new Map(manifest?.entries.map((entry) => [entry.key, entry]));
  const start: Hop = { name: shortName(stage.qualname), file: stage.file, line: stage.line };
  if (change.change === "removed" || change.key.startsWith("self:")) return [start];
  const steps = change.via.map((key): Hop => {
    const entry = places.get(key);
    return { name: shortKey(key), file: entry?.file ?? null, line: entry?.line ?? 1 };
  });
  return [start, ...steps];
}

/** The part of a change that fits into a few lines. */
export function excerptOf({ key, recorded, present, note }: EntryDiff, most: number): Excerpt {
  if (note !== undefined) return { key, lines: [], cut: false, note };
  const { hunks } = structuredPatch("", "", ended(recorded), ended(present), "", "", { context: 1 });
  const all = hunks.flatMap((hunk) => hunk.lines).filter((line) => !line.startsWith("\\"));
  // The lines that differ first, where not all fit.
  const shown = all.length <= most ? all : all.filter((line) => !line.startsWith(" ")).slice(0, most);
  return { key, lines: dedented(shown), cut: shown.length < all.length && all.length > most, note: null };
}

function ended(text: string | null): string {
  return text === null || text === "" || text.endsWith("\n") ? (text ?? "") : `${text}\n`;
}

/** Without the indentation that all lines share, behind their marks. */
function dedented(lines: readonly string[]): string[] {
  const depths = lines
    .filter((line) => line.slice(1).trim() !== "")
    .map((line) => /^.[ \t]*/.exec(line)![0].length - 1);
  const shared = depths.length === 0 ? 0 : Math.min(...depths);
  return lines.map((line) => (line[0] + line.slice(1 + shared)).trimEnd());
}
