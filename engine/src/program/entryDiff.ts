/**
 * What changed in a stage as source text: each entry that differs with its recorded and its present text. Texts only; a face
 * shows them side by side or as a unified diff. Never reads: recorded texts come from the callbacks of the caller.
 */
import type { EntryChange } from "../lock/diff.ts";
import { isHash } from "../lock/objects.ts";
import type { Lock } from "../lock/types.ts";
import { resolveEnding, shortKey } from "./names.ts";
import { readStageById } from "./stageStatus.ts";
import type { EngineError, Program, Result } from "./types.ts";

/** Where recorded texts come from. Either may answer later: a browser has to ask. */
export interface RecordedSources {
  /** The object store: text by hash. */
  object(hash: string): string | null | Promise<string | null>;
  /** An older version of the project, where the store has nothing (a fresh clone): text by key and hash. */
  older?(key: string, hash: string): string | null | Promise<string | null>;
}

export interface EntryDiff extends EntryChange {
  /** Text that was recorded; null when added, or when it is nowhere to be had. */
  readonly recorded: string | null;
  /** Text as it stands; null when removed. */
  readonly present: string | null;
  /** Why a text that should be there is missing. */
  readonly note?: string;
}

/**
 * Takes a stage's id and optionally a key (or unambiguous ending); without one, all entries that differ, nearest first. A key
 * that is not found comes back with those that there are.
 */
export async function entryDiffs(
  program: Program,
  lock: Lock,
  id: string,
  key: string | null,
  sources: RecordedSources,
): Promise<Result<readonly EntryDiff[], EngineError>> {
  const reading = readStageById(program, lock, id);
  if (reading === null) return { ok: false, error: { code: "no-such-definition", message: `no stage \`${id}\`` } };
  const { status, manifest } = reading;
  if (status.error !== undefined) return { ok: false, error: status.error };
  let changes = status.changed;
  if (key !== null) {
    const all = [...changes.map((change) => change.key), ...(manifest?.entries.map((entry) => entry.key) ?? [])];
    const found = resolveEnding(key, all, "tracked entry", `in ${id}`);
    if (!found.ok) return { ok: false, error: { suggestions: all, ...found.error } };
    changes = changes.filter((change) => change.key === found.value);
  }
  const entries = new Map(manifest?.entries.map((entry) => [entry.key, entry]));
  const diffs: EntryDiff[] = [];
  for (const change of changes) {
    const entry = entries.get(change.key);
    const present = entry === undefined ? null : (program.source(entry) ?? entry.value ?? null);
    const recorded = change.old === null ? null : await recordedText(change.key, change.old, sources);
    const missing = change.old !== null && recorded === null;
    const note = missing ? { note: whyMissing(sources) } : {};
    diffs.push({ ...change, recorded, present, ...note });
  }
  return { ok: true, value: diffs };
}

function whyMissing({ older }: RecordedSources): string {
  const inGit = older === undefined ? "and git can't be asked from here" : "and no commit near its baseline has it";
  return `the recorded text is not kept here: it is not in .fastpipe/objects, ${inGit}`;
}

/** A recorded literal is its own text; a hash has to be looked up. */
async function recordedText(key: string, recorded: string, sources: RecordedSources): Promise<string | null> {
  if (!isHash(recorded)) return key.startsWith("const:") ? `${shortKey(key)} = ${recorded}` : recorded;
  return (await sources.object(recorded)) ?? (await sources.older?.(key, recorded)) ?? null;
}
