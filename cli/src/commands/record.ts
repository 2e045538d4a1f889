/** `fastpipe record`: "I ran it". The manifests of now become the baselines. */
import { type LockUpdate, status } from "@fastpipe/engine";
import { Failure } from "../failure.ts";
import { NO_STAGES, type Opened, type Session, stageIdsOf, warnOfHiddenStages } from "../session.ts";

export interface RecordOptions {
  readonly all?: boolean;
  readonly duration?: string;
  readonly prune?: boolean;
}

export async function record(session: Session, names: readonly string[], options: RecordOptions): Promise<undefined> {
  if (names.length > 0 && options.all) throw new Failure("name stages or say --all, not both");
  if (names.length === 0 && !options.all && !options.prune) {
    throw new Failure("which stage? name one, or say --all; `fastpipe status` lists them");
  }
  const opened = session.open();
  const { project } = opened;
  const duration = readSeconds(options.duration);
  const ids = options.all ? allStages(opened) : stageIdsOf(opened, names);
  if (options.all) warnOfHiddenStages(session, opened);
  if (options.all && ids.length === 0) session.output.warn(`no stages found, nothing recorded: ${NO_STAGES}`);
  const recorded = await project.record(ids, duration === undefined ? {} : { duration });
  if (!recorded.ok) throw new Failure(recorded.error);
  const pruned = options.prune ? await project.prune() : null;
  if (pruned !== null && !pruned.ok) throw new Failure(pruned.error);
  const forgotten = pruned?.value.stages ?? [];
  if (session.json) {
    await session.writeJson({ recorded: describe(recorded.value), forgotten });
    return;
  }
  if (pruned !== null && forgotten.length === 0)
    session.output.warn("nothing to forget: every stage of the lock is in the code");
  const lines = describe(recorded.value).map(({ stage, tracked }) => `recorded ${stage} (${tracked} tracked)\n`);
  await session.output.write([...lines, ...forgotten.map((id) => `forgot ${id}\n`)].join(""));
}

/** All stages of the code; one that a syntax error hides is among them, and will be refused. */
function allStages({ project, lock }: Opened): string[] {
  const { stages } = status(project.program, lock);
  return stages.filter(({ state }) => state !== "orphan").map(({ stage }) => stage);
}

/** What an update did to each stage. */
export function describe({ lock, stages }: LockUpdate): { stage: string; tracked: number; fingerprint: string }[] {
  return stages.map((stage) => {
    const baseline = lock.stages.get(stage);
    return { stage, tracked: baseline?.entries.size ?? 0, fingerprint: baseline?.fingerprint ?? "" };
  });
}

function readSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!(seconds >= 0 && seconds < 1e12) || text.trim() === "") {
    throw new Failure(`--duration wants seconds such as 41.7, not \`${text}\``);
  }
  return seconds;
}
