/**
 * A baseline against the manifest of now, entry by entry. Pure. Never decides whether a stage is stale: that is the
 * fingerprints' business (M6.3), and the two differ on purpose (a helper renamed in all places changes keys and texts, and
 * no fingerprint).
 */
import type { Entry, Manifest, Tracked } from "../program/types.ts";
import { recordedText } from "./baseline.ts";
import { byCodeUnit } from "./format.ts";
import type { Baseline } from "./types.ts";

/** One entry that differs, as `status --json` shows it. */
export interface EntryChange {
  readonly key: string;
  readonly change: "added" | "removed" | "changed";
  /** Value or hash in the baseline; null when added. */
  readonly old: string | null;
  /** Value or hash now; null when removed. */
  readonly new: string | null;
  /** Where it stands now; null when removed. */
  readonly file: string | null;
  readonly line: number | null;
  /** Keys from the stage (exclusive) to the entry (inclusive); empty when removed. */
  readonly via: readonly string[];
  /** Set on an added entry: the removed key that had the same text, so it was renamed or moved. */
  readonly movedFrom?: string;
}

/** Entries that differ, those nearest to the stage first, removed ones last. */
export function diffManifest(baseline: Baseline, manifest: Manifest): EntryChange[] {
  const { entries } = manifest;
  return diffTracked(baseline, {
    size: entries.length,
    key: (i) => entries[i].key,
    text: (i) => recordedText(entries[i]),
    entry: (i) => entries[i],
  });
}

/** The same of entries that are spelled out only where they differ. */
export function diffTracked(
  baseline: Baseline,
  tracked: Pick<Tracked, "size" | "key" | "text" | "entry">,
): EntryChange[] {
  const changes: EntryChange[] = [];
  let known = 0;
  const added: Entry[] = [];
  for (let i = 0; i < tracked.size; i++) {
    const key = tracked.key(i);
    const old = baseline.entries.get(key);
    const now = tracked.text(i);
    if (old !== undefined) known++;
    if (old === now) continue;
    if (old === undefined) added.push(tracked.entry(i));
    else changes.push({ key, change: "changed", old, new: now, ...placeOf(tracked.entry(i)) });
  }
  const removed: (readonly [string, string])[] = [];
  // Where every recorded key was met, none is gone.
  if (known < baseline.entries.size) {
    const present = new Set<string>();
    for (let i = 0; i < tracked.size; i++) present.add(tracked.key(i));
    for (const each of baseline.entries) if (!present.has(each[0])) removed.push(each);
  }
  const moved = moves(removed, added);
  for (const entry of added) {
    const movedFrom = moved.get(entry.key);
    changes.push({
      key: entry.key,
      change: "added",
      old: null,
      new: recordedText(entry),
      ...placeOf(entry),
      ...(movedFrom === undefined ? {} : { movedFrom }),
    });
  }
  for (const [key, old] of removed) {
    changes.push({ key, change: "removed", old, new: null, file: null, line: null, via: [] });
  }
  return changes.sort(
    (a, b) =>
      distance(a) - distance(b) ||
      Number(b.key.startsWith("self:")) - Number(a.key.startsWith("self:")) ||
      byCodeUnit(a.key, b.key),
  );
}

function placeOf(entry: Entry): Pick<EntryChange, "file" | "line" | "via"> {
  return { file: entry.file, line: entry.line, via: entry.via };
}

function distance(change: EntryChange): number {
  return change.change === "removed" ? Number.MAX_SAFE_INTEGER : change.via.length;
}

/**
 * Which added key is which removed one under another name: same kind, same hash (a hash does not contain a definition's
 * own name, M3.1), and no second candidate on either side. Literal values are too common to tell.
 */
function moves(removed: readonly (readonly [string, string])[], added: readonly Entry[]): Map<string, string> {
  const found = new Map<string, string>();
  if (removed.length === 0 || added.length === 0) return found;
  const gone = new Map<string, string | null>();
  for (const [key, old] of removed) {
    const id = `${kindOf(key)} ${old}`;
    gone.set(id, gone.has(id) ? null : key);
  }
  const came = new Map<string, string | null>();
  for (const entry of added) {
    if (entry.value !== undefined) continue;
    const id = `${kindOf(entry.key)} ${entry.hash}`;
    came.set(id, came.has(id) ? null : entry.key);
  }
  for (const [id, key] of came) {
    const from = gone.get(id);
    if (key !== null && from) found.set(key, from);
  }
  return found;
}

function kindOf(key: string): string {
  return key.slice(0, key.indexOf(":"));
}
