/**
 * Why a stage is in the state that it is in: everything the explain page, the hover and `explain --json` show. Pure data;
 * the page's text is made in explainPage.ts.
 */
import { diffManifest } from "../lock/diff.ts";
import type { Lock } from "../lock/types.ts";
import { readStageById, type StageStatus } from "./stageStatus.ts";
import type { EngineError, Level, Notice, Program, Result } from "./types.ts";

export interface Explanation extends StageStatus {
  readonly level: Level;
  readonly notices: readonly Notice[];
  /** Statements left out by `# fastpipe: ignore`. */
  readonly ignored: number;
  /** Keys that differ from the baseline's without a change of the fingerprint: renamed or moved with all their uses. */
  readonly moved: readonly { readonly from: string | null; readonly to: string | null }[];
}

/** Takes the id of a stage (see `resolveStage`). An id that neither code nor lock has is an error. */
export function explain(program: Program, lock: Lock, id: string): Result<Explanation, EngineError> {
  const reading = readStageById(program, lock, id);
  if (reading === null) return { ok: false, error: { code: "no-such-definition", message: `no stage \`${id}\`` } };
  const { status, manifest } = reading;
  const baseline = lock.stages.get(id);
  const settled = status.state === "fresh" || status.state === "accepted";
  const moved =
    settled && manifest !== null && baseline !== undefined
      ? diffManifest(baseline, manifest)
          .filter((change) => change.change !== "changed")
          .map((change) => ({
            from: change.old === null ? (change.movedFrom ?? null) : change.key,
            to: change.new === null ? null : change.key,
          }))
      : [];
  return {
    ok: true,
    value: {
      ...status,
      level: manifest?.level ?? program.config.level,
      notices: manifest?.untracked ?? [],
      ignored: manifest?.ignored ?? 0,
      moved: pairUp(moved),
    },
  };
}

/** A removed key that some added key was moved from is that pair only, not also a removal. */
function pairUp(moved: readonly { from: string | null; to: string | null }[]): Explanation["moved"] {
  const paired = new Set(moved.filter((each) => each.to !== null).map((each) => each.from));
  return moved.filter((each) => each.to !== null || !paired.has(each.from));
}
