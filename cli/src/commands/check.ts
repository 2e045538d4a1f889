/** `fastpipe check`: for CI. Exits with 1 and names what is not up to date, in the form that the place shows best. */
import { type Lock, status } from "@fastpipe/engine";
import { lockAtRevision, NodeFiles } from "@fastpipe/host/node";
import { Failure } from "../failure.ts";
import { NO_STAGES, type Opened, type Session, warnOfHiddenStages } from "../session.ts";
import { CHECK_FORMATS, type CheckFormat } from "./checkFormats.ts";
import { needsAttention } from "./status.ts";

export interface CheckOptions {
  readonly against: string;
  readonly format: CheckFormat;
}

export async function check(session: Session, _: readonly string[], options: CheckOptions): Promise<number> {
  const opened = session.open();
  const { root, program } = opened.project;
  const report = status(program, baselines(opened, options.against));
  warnOfHiddenStages(session, opened);
  // A job that looks into the wrong folder would be green for ever.
  if (report.stages.length === 0) session.output.warn(NO_STAGES);
  const found = report.stages.filter(needsAttention);
  if (session.json) await session.writeJson({ ...report, stages: found });
  else await session.output.write(CHECK_FORMATS[options.format]({ found, report, root, against: options.against }));
  return found.length === 0 ? 0 : 1;
}

/** The lock to compare with: the project's own, or one made from a revision as if all had been recorded there. */
function baselines(opened: Opened, against: string): Lock {
  if (against === "lock") return opened.lock;
  const revision = /^git:(.+)$/.exec(against)?.[1];
  if (revision === undefined) throw new Failure(`--against ${against}: use lock, or git:REV such as git:main`);
  const found = lockAtRevision(new NodeFiles(opened.project.root), revision, { level: opened.project.config.level });
  if (!found.ok) throw new Failure(found.error);
  return found.value;
}
