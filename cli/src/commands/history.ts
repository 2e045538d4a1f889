/** `fastpipe history`: the recorded versions of a definition, newest first, and the text of each. */
import {
  byCodeUnit,
  findSubject,
  formatMinute,
  type HistoryLine,
  isHash,
  type Manifest,
  parseTarget,
  type Subject,
  shortKey,
  shortRecorded,
} from "@fastpipe/engine";
import type { Project } from "@fastpipe/host";
import { type CommittedLock, committedLocks, gitSources, NodeFiles } from "@fastpipe/host/node";
import { Failure } from "../failure.ts";
import { columns } from "../output.ts";
import { type Opened, readTarget, type Session, targetFailure } from "../session.ts";
import { readKey } from "./dependents.ts";

export interface HistoryOptions {
  readonly show?: string;
}

/** A version of a definition that some baseline had. */
interface Version {
  /** Hash, or literal value. */
  readonly recorded: string;
  /** When it first became part of a baseline. */
  readonly at: string;
  readonly stages: readonly string[];
  readonly current: boolean;
}

export async function history(
  session: Session,
  [what]: readonly string[],
  options: HistoryOptions,
): Promise<undefined> {
  const opened = session.open();
  const { project } = opened;
  const subject = subjectOf(opened, what);
  const committed = committedLocks(project.root);
  const versions = versionsOf(project, subject, [...linesOf(committed), ...(await project.files.objects.history())]);
  if (options.show !== undefined) {
    const { recorded } = pick(versions, options.show, subject);
    // A literal is its own text.
    const text = isHash(recorded)
      ? ((await project.files.objects.read(recorded)) ?? textInGit(project, committed, subject, recorded))
      : `${shortKey(subject.key)} = ${recorded}`;
    if (text === null) throw new Failure(`the text of ${shortRecorded(recorded)} is not kept here`);
    if (session.json) await session.writeJson({ key: subject.key, recorded, text });
    else await session.output.write(text.endsWith("\n") ? text : `${text}\n`);
    return;
  }
  if (session.json) {
    await session.writeJson({ key: subject.key, file: subject.file, line: subject.line, versions });
    return;
  }
  if (versions.length === 0) session.output.warn(`${subject.key} was never recorded here`);
  const rows = versions.map(({ recorded, at, stages, current }) => [
    shortRecorded(recorded),
    formatMinute(at),
    stages.join(", "),
    current ? "(as it stands)" : "",
  ]);
  await session.output.write(
    columns(rows)
      .map((row) => `${row}\n`)
      .join(""),
  );
}

/** What the lock in git says about the past: the only history there is in a fresh clone. */
function linesOf(committed: readonly CommittedLock[]): HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (const { lock } of committed) {
    for (const [stage, { at, file, entries }] of lock.stages) {
      for (const [key, recorded] of entries) lines.push({ at, key, file, stage, recorded });
    }
  }
  return lines;
}

function textInGit(
  { root, config }: Project,
  committed: readonly CommittedLock[],
  subject: Subject,
  recorded: string,
): string | null {
  const keys = [subject.key, `self:${subject.qualname}`];
  for (const { lock } of committed) {
    for (const [stage, { entries }] of lock.stages) {
      const key = keys.find((each) => entries.get(each) === recorded);
      const text = key === undefined ? null : gitSources(new NodeFiles(root), config, lock, stage)(key, recorded);
      if (text !== null) return text;
    }
  }
  return null;
}

function subjectOf(opened: Opened, what: string): Subject {
  const { project } = opened;
  if (parseTarget(what) === null) {
    const found = findSubject(project.program, opened.lock, readKey(opened, what));
    if (!found.ok) throw new Failure(found.error);
    return found.value;
  }
  const target = readTarget(project.root, what, process.cwd());
  const found = findSubject(project.program, opened.lock, target);
  if (!found.ok) throw targetFailure(project, target, found.error);
  return found.value;
}

/** Each version once, by when it was first recorded, newest first. */
function versionsOf(project: Project, subject: Subject, lines: readonly HistoryLine[]): Version[] {
  // In its own stage's manifest a function is `self:`, in all others `func:`.
  const self = subject.qualname === null ? null : `self:${subject.qualname}`;
  const present = presentText(project, subject);
  const versions = new Map<string, { at: string; stages: Set<string> }>();
  const inOrder = [...lines].sort((a, b) => byCodeUnit(a.at, b.at));
  for (const { key, file, recorded, at, stage } of inOrder) {
    if (key !== subject.key && !(key === self && file === subject.file)) continue;
    const known = versions.get(recorded);
    if (known === undefined) versions.set(recorded, { at, stages: new Set([stage]) });
    else known.stages.add(stage);
  }
  return [...versions]
    .map(([recorded, { at, stages }]) => ({ recorded, at, stages: [...stages], current: recorded === present }))
    .reverse();
}

/** The hash or value that a baseline recorded now would have. */
function presentText({ program }: Project, subject: Subject): string | null {
  for (const stage of program.stages()) {
    const manifest = program.manifest(stage);
    const entry = manifest.ok ? entryFor(manifest.value, subject) : undefined;
    if (entry !== undefined) return entry.value ?? entry.hash;
  }
  return program.definition(subject.key)?.hash ?? null;
}

function entryFor(manifest: Manifest, { key, file, qualname }: Subject) {
  if (manifest.file === file && manifest.qualname === qualname)
    return manifest.entries.find((entry) => entry.kind === "self");
  return manifest.entries.find((entry) => entry.key === key);
}

function pick(versions: readonly Version[], prefix: string, { key }: Subject): Version {
  const found = versions.filter(({ recorded }) => recorded.startsWith(prefix));
  if (found.length === 1) return found[0];
  const which = versions.map(({ recorded }) => shortRecorded(recorded)).join(", ");
  const problem = found.length === 0 ? "no version" : "more than one version";
  throw new Failure(`${problem} of ${key} begins with \`${prefix}\`${which === "" ? "" : `: there are ${which}`}`);
}
