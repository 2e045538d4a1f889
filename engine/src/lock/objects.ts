/**
 * Names in the object store `.fastpipe/objects/`: recorded source text by the hash of its entry, and the history that says
 * which hash a definition had when. Pure: paths and lines only, reading and writing is the host's.
 */
import type { Entry, Manifest } from "../program/types.ts";
import { recordedText } from "./baseline.ts";
import type { Baseline } from "./types.ts";

/** Folder of everything that Fastpipe keeps beside the lock; never committed, safe to delete. */
export const STORE_FOLDER = ".fastpipe";
/** Append-only, one JSON object a line. */
export const HISTORY_FILE = `${STORE_FOLDER}/history.ndjson`;

/** Path of an object below the root, or null for a text that is no hash (a recorded literal value). */
export function objectPath(hash: string): string | null {
  return isHash(hash) ? `${STORE_FOLDER}/objects/${hash.slice(0, 2)}/${hash.slice(2)}` : null;
}

/** Whether a recorded text is a hash and not a literal value. */
export function isHash(recorded: string): boolean {
  return /^[0-9a-f]{32,128}$/.test(recorded);
}

/** One version of one definition, noted when it first became part of a baseline. */
export interface HistoryLine {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly key: string;
  readonly file: string;
  readonly stage: string;
  /** Hash, or literal value. */
  readonly recorded: string;
}

/** Source texts to store for a manifest, by hash; entries whose source is not text (packages, values) are left out. */
export function objectsOf(
  manifest: Manifest,
  source: (entry: Entry) => string | null,
  into: Map<string, string> = new Map(),
): Map<string, string> {
  for (const entry of manifest.entries) {
    if (entry.value !== undefined || !isHash(entry.hash) || into.has(entry.hash)) continue;
    const text = source(entry);
    if (text !== null) into.set(entry.hash, text);
  }
  return into;
}

/** History lines for the entries of a manifest that the baseline before it did not have in this form. */
export function historyOf(before: Baseline | undefined, manifest: Manifest, at: string): HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (const entry of manifest.entries) {
    const recorded = recordedText(entry);
    if (before?.entries.get(entry.key) === recorded) continue;
    lines.push({ at, key: entry.key, file: entry.file, stage: manifest.stage, recorded });
  }
  return lines;
}

/** Reads one history line; a line cut short by a crash gives null. */
export function parseHistoryLine(line: string): HistoryLine | null {
  try {
    const value = JSON.parse(line) as Partial<Record<keyof HistoryLine, unknown>> | null;
    if (value === null || typeof value !== "object") return null;
    for (const field of ["at", "key", "file", "stage", "recorded"] as const) {
      if (typeof value[field] !== "string") return null;
    }
    return value as HistoryLine;
  } catch {
    return null;
  }
}
