/** The state of all stages of a project, as `fastpipe/status` answers and `fastpipe/didChangeStatus` tells. */
import {
  type StageStatus as EngineStatus,
  type EntryChange,
  shortKey,
  shortName,
  status,
  totalCost,
  viaPath,
} from "@fastpipe/engine";
import type { ProjectStatus, StageChange, StageStatus } from "@fastpipe/shared";
import type { Project } from "../project.ts";
import { brokenTitle } from "../wording.ts";

/** `isOwn` leaves out the stages of projects further down, which are counted there. */
export function projectStatus(project: Project, isOwn: (path: string) => boolean): ProjectStatus {
  const stages = status(project.program, project.lock).stages.filter((stage) => isOwn(stage.file));
  const stale = stages.filter((stage) => stage.state === "stale");
  const [problem] = project.problems();
  const edited = project.edited();
  return {
    root: project.root,
    name: project.name,
    stages: stages.map((stage) => stageStatus(project, stage, edited)),
    stale: stale.length,
    cost: totalCost(stale),
    problem: problem ? `${problem.path}:${problem.line}: ${problem.message}` : null,
  };
}

function stageStatus(project: Project, stage: EngineStatus, edited: ReadonlySet<string>): StageStatus {
  const { baseline, changed, state } = stage;
  return {
    stage: stage.stage,
    uri: stage.line === 0 ? project.uriOf(project.lockPath) : project.uriOf(stage.file),
    line: Math.max(stage.line, 1),
    state,
    changed: [...new Set(changed.map((change) => shortKey(change.key)))],
    tracked: stage.tracked,
    untracked: stage.untracked,
    duration: baseline?.duration ?? null,
    changes: changed.map((change) => changeOf(project, stage, change, edited)),
    baseline: baseline && {
      how: baseline.how,
      at: baseline.at,
      ranAt: baseline.ranAt ?? null,
      reason: baseline.reason ?? null,
    },
    problem: state === "broken" ? brokenTitle(stage) : (stage.note ?? null),
  };
}

function changeOf(
  project: Project,
  stage: EngineStatus,
  change: EntryChange,
  edited: ReadonlySet<string>,
): StageChange {
  const { key, file, line } = change;
  return {
    key,
    name: shortKey(key),
    change: change.change,
    uri: file === null ? null : project.uriOf(file),
    line,
    via: change.change === "removed" ? "" : viaPath(shortName(stage.stage), change),
    unsaved: file !== null && edited.has(file),
  };
}
