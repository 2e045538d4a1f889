/** `fastpipe accept`: "I did not run it, and its outputs still stand"; and taking that back. */
import { count, status } from "@fastpipe/engine";
import { Failure } from "../failure.ts";
import { nearest } from "../nearest.ts";
import { type Opened, type Session, stageIdsOf } from "../session.ts";
import { describe } from "./record.ts";

export interface AcceptOptions {
  readonly entry?: string;
  readonly everywhere?: boolean;
  readonly reason?: string;
  readonly revoke?: boolean;
}

export async function accept(session: Session, names: readonly string[], options: AcceptOptions): Promise<undefined> {
  if (options.revoke) return revoke(session, names, options);
  const reason = options.reason?.trim() ?? "";
  if (reason === "") throw new Failure('why do the outputs still stand? say --reason "…"');
  if (names.length === 0 && !(options.everywhere && options.entry !== undefined)) {
    throw new Failure("which stage? name one, or say --entry KEY --everywhere");
  }
  const opened = session.open();
  const { project } = opened;
  const ids = stageIdsOf(opened, names);
  const { entry: entryKey, everywhere } = options;
  const result = await project.accept(ids, { reason, everywhere, ...(entryKey === undefined ? {} : { entryKey }) });
  if (!result.ok) {
    if (entryKey === undefined || result.error.code !== "no-such-definition") throw new Failure(result.error);
    const changed = changedKeys(opened, ids);
    const suggestions = nearest(entryKey, changed);
    const there =
      changed.length === 0 ? "; nothing differs there" : `; what differs is ${changed.slice(0, 5).join(", ")}`;
    throw new Failure({
      ...result.error,
      message: result.error.message + (suggestions.length === 0 ? there : ""),
      suggestions,
    });
  }
  const after = new Map(
    status(project.program, result.value.lock, result.value.stages).stages.map((each) => [each.stage, each]),
  );
  const accepted = describe(result.value).map((each) => ({ ...each, changed: after.get(each.stage)?.changed ?? [] }));
  if (session.json) {
    await session.writeJson({ accepted });
    return;
  }
  if (accepted.length === 0) session.output.warn("nothing to accept: up to date already");
  const lines = accepted.map(({ stage, changed }) => {
    const left =
      changed.length === 0
        ? ""
        : `; still stale, ${count(changed.length, "other entry differs", "other entries differ")}`;
    return `accepted ${stage}${left}\n`;
  });
  await session.output.write(lines.join(""));
}

async function revoke(session: Session, names: readonly string[], options: AcceptOptions): Promise<undefined> {
  if (options.entry !== undefined || options.everywhere || options.reason !== undefined) {
    throw new Failure("--revoke takes stages only: an acceptance is taken back whole");
  }
  if (names.length === 0) throw new Failure("revoke the acceptance of which stage? name one");
  const opened = session.open();
  const result = await opened.project.revoke(stageIdsOf(opened, names));
  if (!result.ok) throw new Failure(result.error);
  if (session.json) await session.writeJson({ revoked: result.value.stages });
  else await session.output.write(result.value.stages.map((id) => `revoked the acceptance of ${id}\n`).join(""));
}

function changedKeys({ project, lock }: Opened, ids: readonly string[]): string[] {
  const wanted = ids.length === 0 ? undefined : ids;
  const { stages } = status(project.program, lock, wanted);
  return [...new Set(stages.flatMap((stage) => stage.changed.map((change) => change.key)))];
}
