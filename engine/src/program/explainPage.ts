/**
 * The explain page: an explanation as the text that `fastpipe explain` prints and "Fastpipe: Explain stage" opens. The same
 * explanation gives the same bytes; times are UTC. Never colours; a face may, line by line.
 */

import type { EntryChange } from "../lock/diff.ts";
import { isHash } from "../lock/objects.ts";
import type { Explanation } from "./explain.ts";
import { shortKey, shortName } from "./names.ts";
import type { BaselineSummary, StageState } from "./stageStatus.ts";

const STATUS: Readonly<Record<StageState, string>> = {
  fresh: "up to date",
  accepted: "up to date (accepted)",
  stale: "STALE (would re-run)",
  new: "NEW (never recorded)",
  broken: "BROKEN (can't be read)",
  orphan: "ORPHAN (not in the code)",
};

/** Column in which the last run starts. */
const RUN_COLUMN = 39;

/** A few lines of what changed in one entry. */
export interface SourceExcerpt {
  /** Each with `-`, `+` or a blank in front, as in a unified diff. */
  readonly lines: readonly string[];
  /** More differs than these lines. */
  readonly cut: boolean;
  /** Why there are none. */
  readonly note: string | null;
}

/** The page of one stage, ending in a newline. `sources` by key: what changed, as text, for those that have some. */
export function explainPage(explanation: Explanation, sources: ReadonlyMap<string, SourceExcerpt> = new Map()): string {
  const lines = [`Stage: ${explanation.stage}`];
  const run = lastRun(explanation.baseline);
  const status = `  Status: ${STATUS[explanation.state]}`;
  lines.push(run === "" ? status : `${status.padEnd(RUN_COLUMN - 1)} ${run}`);
  lines.push(`  Reason: ${reasonOf(explanation)}`);
  if (explanation.changed.length > 0) {
    lines.push("", "  Changed:");
    const root = stageName(explanation);
    for (const change of explanation.changed) {
      lines.push(...changeLines(change, root));
      const source = sources.get(change.key);
      // A literal's value stands there already.
      if (source !== undefined && !isLiteral(change)) lines.push(...sourceLines(source));
    }
  }
  if (explanation.moved.length > 0) {
    lines.push("", "  Renamed or moved, without effect:");
    for (const { from, to } of explanation.moved)
      lines.push(`    ${[from, to].filter((key) => key !== null).join(" → ")}`);
  }
  if (explanation.notices.length > 0) {
    lines.push("", `  Not tracked (${explanation.notices.length}):`);
    for (const { kind, text, file, line, reason, fix } of explanation.notices) {
      lines.push(`    ${kind}  ${oneLine(text)}  ${file}:${line}  ${sentence(reason)} ${sentence(fix)}`.trimEnd());
    }
  }
  if (explanation.ignored > 0) {
    lines.push("", `  Left out by \`# fastpipe: ignore\`: ${count(explanation.ignored, "statement")}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Why a stage is in its state, on one line. */
function reasonOf(explanation: Explanation): string {
  const { state, changed, tracked, note, error, baseline, file } = explanation;
  switch (state) {
    case "stale":
      return (
        note ??
        `${changed.length} of ${count(comparedEntries(explanation), "tracked entry", "tracked entries")} changed`
      );
    case "fresh":
      return tracked === 1 ? "its one tracked entry has not changed" : `none of ${tracked} tracked entries changed`;
    case "accepted":
      return `accepted ${formatMinute(baseline!.at)}${baseline!.reason ? `: ${oneLine(baseline!.reason)}` : ""}`;
    case "new":
      return `no baseline yet; ${count(tracked, "tracked entry", "tracked entries")}`;
    case "broken":
      return error === undefined ? "its code can't be read" : `${error.message}${errorPlace(explanation)}`;
    case "orphan":
      return `recorded from ${file}, which no longer has it`;
  }
}

/** How many entries were compared: those of now, and those that only the baseline has. */
export function comparedEntries({ tracked, changed }: Pick<Explanation, "tracked" | "changed">): number {
  return tracked + changed.filter(({ change }) => change === "removed").length;
}

/** The path by which a stage reaches an entry: a constant, file or package is named by its key already, so it ends before. */
export function viaPath(root: string, change: { readonly key: string; readonly via: readonly string[] }): string {
  const self = change.via.length === 0 || change.key.startsWith("self:");
  const steps = self ? [] : change.via.map(shortKey);
  if (!/^(?:func|class|mod):/.test(change.key)) steps.pop();
  return [root, ...steps].join(" → ");
}

/** A recorded text for display: the first 8 digits of a hash, a value whole. */
export function shortRecorded(recorded: string | null): string {
  if (recorded === null) return "(none)";
  return isHash(recorded) ? recorded.slice(0, 8) : oneLine(recorded);
}

/** `2026-11-20T15:00:00Z` → `2026-11-20 15:00`. */
export function formatMinute(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}

/** Seconds as people read them: `41.7 s`, `12 min`, `3.5 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 120) return `${trim(seconds)} s`;
  if (seconds < 7200) return `${trim(seconds / 60)} min`;
  return `${trim(seconds / 3600)} h`;
}

function changeLines(change: EntryChange, root: string): string[] {
  const lines = [`    ${change.key}`];
  if (change.movedFrom !== undefined) lines.push(`      Was: ${change.movedFrom}`);
  lines.push(`      Old: ${shortRecorded(change.old)}`, `      New: ${shortRecorded(change.new)}`);
  if (change.file !== null) lines.push(`      File: ${change.file}:${change.line}`);
  if (change.change !== "removed") lines.push(`      Via: ${viaPath(root, change)}`);
  return lines;
}

function isLiteral({ old, new: now }: EntryChange): boolean {
  return [old, now].some((recorded) => recorded !== null && !isHash(recorded));
}

function sourceLines({ lines, cut, note }: SourceExcerpt): string[] {
  if (note !== null) return [`      Source: ${note}`];
  if (lines.length === 0) return [];
  return [
    "      Source:",
    ...lines.map((line) => `        ${line[0]} ${line.slice(1)}`.trimEnd()),
    ...(cut ? ["        …"] : []),
  ];
}

function stageName({ stage }: Explanation): string {
  return shortName(stage);
}

function lastRun(baseline: BaselineSummary | null): string {
  if (baseline === null) return "";
  const at = baseline.how === "accepted" ? baseline.ranAt : baseline.at;
  if (at === undefined) return "";
  return `last run ${formatMinute(at)}${baseline.duration === null ? "" : `, ${formatDuration(baseline.duration)}`}`;
}

function errorPlace({ error }: Explanation): string {
  if (error?.file === undefined) return "";
  return ` (${error.file}${error.line === undefined ? "" : `:${error.line}`})`;
}

/** With a capital in front, unless that is part of a name, and a full stop. */
function sentence(text: string): string {
  const begun = /^[a-z]+ /.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(begun) || begun === "" ? begun : `${begun}.`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").trim();
}

function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `1 stage`, `2 stages`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
