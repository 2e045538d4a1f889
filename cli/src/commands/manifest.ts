/** `fastpipe manifest`: everything a function depends on, stage or not; once, or for one request after the other. */
import { formatTarget, type Manifest, shortName, shortRecorded, viaPath } from "@fastpipe/engine";
import type { Project } from "@fastpipe/host";
import { Failure } from "../failure.ts";
import { columns } from "../output.ts";
import { readTarget, type Session, targetFailure } from "../session.ts";

export interface ManifestOptions {
  readonly batch?: boolean;
}

export async function manifest(
  session: Session,
  [target]: readonly string[],
  options: ManifestOptions,
): Promise<undefined> {
  if (options.batch) {
    if (target !== undefined) throw new Failure("--batch takes its targets from stdin");
    const { answerBatch } = await import("./manifestBatch.ts");
    await answerBatch(session.output);
    return;
  }
  if (target === undefined) throw new Failure("a manifest of what? write FILE::QUALNAME, such as src/train.py::train");
  const { project } = session.open();
  const found = manifestOf(project, target, process.cwd());
  if (session.json) await session.writeJson(manifestJson(found));
  else await session.output.write(manifestText(found));
}

/** The manifest of a target as typed; a failure says what is wrong with it. */
export function manifestOf(project: Project, text: string, cwd: string | null): Manifest {
  const target = readTarget(project.root, text, cwd);
  const result = project.program.manifest(target);
  if (!result.ok) throw targetFailure(project, target, result.error);
  return result.value;
}

/** The JSON surface: entries without the places of their texts. */
export function manifestJson(manifest: Manifest): unknown {
  const { stage, file, qualname, level, fingerprint, entries, untracked, ignored } = manifest;
  return {
    stage,
    file,
    qualname,
    level,
    fingerprint,
    entries: entries.map(({ key, kind, hash, file, line, value, via }) => ({
      key,
      kind,
      hash,
      file,
      line,
      value,
      via,
    })),
    untracked,
    ignored,
  };
}

function manifestText(manifest: Manifest): string {
  const { entries, untracked, ignored } = manifest;
  const root = shortName(manifest.qualname);
  const lines = [
    `${formatTarget(manifest)}  ${manifest.fingerprint}  (${manifest.level})`,
    ...columns(
      entries.map((entry) => [
        `  ${entry.key}`,
        shortRecorded(entry.value ?? entry.hash),
        `${entry.file}:${entry.line}`,
        viaPath(root, entry),
      ]),
    ),
  ];
  for (const { kind, text, file, line, reason, fix } of untracked) {
    lines.push(`  not tracked: ${kind}  ${text}  ${file}:${line}  ${reason} ${fix}`.trimEnd());
  }
  if (ignored > 0) lines.push(`  left out by \`# fastpipe: ignore\`: ${ignored}`);
  return `${lines.join("\n")}\n`;
}
