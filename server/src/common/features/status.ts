/** The state of all stages of a project, as `fastpipe/status` answers and `fastpipe/didChangeStatus` tells. */
import { shortKey, status, totalCost } from "@fastpipe/engine";
import type { ProjectStatus } from "@fastpipe/shared";
import type { Project } from "../project.ts";

/** `isOwn` leaves out the stages of projects further down, which are counted there. */
export function projectStatus(project: Project, isOwn: (path: string) => boolean): ProjectStatus {
  const stages = status(project.program, project.lock).stages.filter((stage) => isOwn(stage.file));
  const stale = stages.filter((stage) => stage.state === "stale");
  const [problem] = project.problems();
  return {
    root: project.root,
    name: project.name,
    stages: stages.map((stage) => ({
      stage: stage.stage,
      uri: stage.line === 0 ? project.uriOf(project.lockPath) : project.uriOf(stage.file),
      line: Math.max(stage.line, 1),
      state: stage.state,
      changed: [...new Set(stage.changed.map((change) => shortKey(change.key)))],
      tracked: stage.tracked,
      untracked: stage.untracked,
      duration: stage.baseline?.duration ?? null,
    })),
    stale: stale.length,
    cost: totalCost(stale),
    problem: problem ? `${problem.path}:${problem.line}: ${problem.message}` : null,
  };
}
