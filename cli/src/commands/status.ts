/** `fastpipe status`: a line per stage, then the count. */
import {
  count,
  formatDuration,
  formatMinute,
  status as queryStatus,
  STATE_MARK,
  type StageState,
  type StageStatus,
  type StatusReport,
  shortKey,
} from "@fastpipe/engine";
import { oneLine } from "../failure.ts";
import { type Colors, columns } from "../output.ts";
import { NO_STAGES, type Session, stageIdsOf, warnOfHiddenStages } from "../session.ts";

export interface StatusOptions {
  readonly exitCode?: boolean;
}

export async function status(session: Session, names: readonly string[], options: StatusOptions): Promise<number> {
  const opened = session.open();
  const ids = names.length === 0 ? undefined : stageIdsOf(opened, names);
  const report = queryStatus(opened.project.program, opened.lock, ids);
  if (ids === undefined) warnOfHiddenStages(session, opened);
  if (session.json) await session.writeJson(report);
  else await session.output.write(statusText(report, session.output.colors));
  if (report.stages.length === 0) {
    session.output.warn(NO_STAGES);
  }
  return options.exitCode && report.stages.some(needsAttention) ? 1 : 0;
}

/** Whether a stage's outputs can't be vouched for. */
export function needsAttention({ state }: StageStatus): boolean {
  return state === "stale" || state === "new" || state === "broken";
}

function statusText(report: StatusReport, colors: Colors): string {
  const paint: Readonly<Record<StageState, (text: string) => string>> = {
    fresh: colors.green,
    accepted: colors.green,
    stale: colors.yellow,
    new: colors.cyan,
    broken: colors.red,
    orphan: colors.dim,
  };
  const rows = report.stages.map((stage) => [
    paint[stage.state](`${STATE_MARK[stage.state]} ${stage.state}`),
    stage.stage,
    inShort(stage),
    lastRun(stage),
  ]);
  return `${[...columns(rows), summary(report)].join("\n")}\n`;
}

/** What changed, on half a line. */
export function inShort({ state, changed, note, error, untracked, baseline }: StageStatus): string {
  if (state === "broken") return error === undefined ? "" : oneLine({ ...error, suggestions: [] });
  if (state === "orphan") return "not in the code; `fastpipe record --prune` forgets it";
  if (state === "accepted") return (baseline?.reason ?? "").replace(/\s+/g, " ");
  const names = changed.slice(0, 4).map((change) => `${SIGN_OF_CHANGE[change.change]}${shortKey(change.key)}`);
  if (changed.length > names.length) names.push(`and ${changed.length - names.length} more`);
  if (names.length === 0 && note !== undefined) names.push(note);
  if (untracked > 0) names.push(`(${untracked} untracked)`);
  return names.join(", ").replace(", (", " (");
}

const SIGN_OF_CHANGE = { added: "+", removed: "-", changed: "" } as const;

function lastRun({ baseline }: StageStatus): string {
  if (baseline === null) return "";
  const at = baseline.how === "accepted" ? baseline.ranAt : baseline.at;
  const seconds = baseline.duration === null ? "" : formatDuration(baseline.duration);
  return [at === undefined ? "never run" : formatMinute(at), seconds].filter((part) => part !== "").join(", ");
}

/** `2 of 5 stages stale, about 83 s to re-run; 1 new` */
export function summary({ stages, stale, cost }: StatusReport): string {
  if (stages.length === 0) return "no stages found";
  const inState = (state: StageState) => stages.filter((stage) => stage.state === state).length;
  const first = `${stale} of ${count(stages.length, "stage")} stale`;
  const price = stale > 0 && cost !== null ? `, about ${formatDuration(cost)} to re-run` : "";
  const others = (["new", "broken", "orphan"] as const)
    .filter((state) => inState(state) > 0)
    .map((state) => `; ${inState(state)} ${state}`);
  return first + price + others.join("");
}
