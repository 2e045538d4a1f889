/**
 * `fastpipe manifest --batch`: one JSON request a line on stdin, one JSON answer a line on stdout, in order. Projects stay
 * open between requests; before each answer everything read so far is compared with the disk. Whatever goes wrong is an
 * answer, and the process lives on.
 */
import path from "node:path";
import { createInterface } from "node:readline";
import type { Level } from "@fastpipe/engine";
import { openProject, type Project } from "@fastpipe/host";
import { NodeFiles } from "@fastpipe/host/node";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { existingFolder, readLevel } from "../session.ts";
import { manifestJson, manifestOf } from "./manifest.ts";

/** Projects kept open. A test run asks about thousands of roots, each a few times in a row. */
const MOST_OPEN = 8;

interface OpenRoot {
  readonly files: NodeFiles;
  readonly projects: Map<Level | undefined, Project>;
}

/** Answers until stdin ends. */
export async function answerBatch(output: Output): Promise<void> {
  const open = new Map<string, OpenRoot>();
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== "") await output.write(`${JSON.stringify(answer(line, open))}\n`);
  }
}

function answer(line: string, open: Map<string, OpenRoot>): unknown {
  let root: string | undefined;
  try {
    const request = readRequest(line);
    root = path.resolve(request.root);
    const level = readLevel(request.level);
    const answered = manifestOf(openFresh(root, level, open), request.target, null);
    if (!answered.untracked.some((notice) => notice.kind === "syntax-error")) return manifestJson(answered);
    // A project that was open before a file broke goes on with its last good version; an answer knows no before.
    open.delete(root);
    return manifestJson(manifestOf(openFresh(root, level, open), request.target, null));
  } catch (error) {
    if (error instanceof Failure) {
      const { message, file, line: errorLine, suggestions } = error.problem;
      return { error: { message, file, line: errorLine, suggestions } };
    }
    // Half-done work must not answer the next request.
    if (root !== undefined) open.delete(root);
    return { error: { message: `internal error: ${error instanceof Error ? error.message : String(error)}` } };
  }
}

function readRequest(line: string): { root: string; target: string; level: string | null } {
  let request: unknown;
  try {
    request = JSON.parse(line);
  } catch {
    throw new Failure('a request is one JSON object a line: {"root", "target", "level"}');
  }
  const { root, target, level = null } = (request ?? {}) as Record<string, unknown>;
  if (typeof root !== "string" || typeof target !== "string" || (level !== null && typeof level !== "string")) {
    throw new Failure('a request needs "root" and "target", and a "level" that is a text or null');
  }
  return { root, target, level };
}

/** The project at a root as it is on disk now. */
function openFresh(root: string, level: Level | undefined, open: Map<string, OpenRoot>): Project {
  existingFolder(root);
  let known = open.get(root);
  if (known !== undefined && !refresh(known)) known = undefined;
  known ??= { files: new NodeFiles(root), projects: new Map() };
  // Last used last: the first is the one to close.
  open.delete(root);
  open.set(root, known);
  for (const oldest of open.keys()) {
    if (open.size <= MOST_OPEN) break;
    open.delete(oldest);
  }
  const project = known.projects.get(level) ?? openProject(known.files, { level });
  known.projects.set(level, project);
  if (project.configProblem !== null) throw new Failure(project.configProblem);
  return project;
}

/** Brings the projects of a root up to date; false when they have to be opened anew. */
function refresh({ files, projects }: OpenRoot): boolean {
  const { disk, relist, packages } = files.poll();
  // The engine remembers versions, and no change tells it of others.
  if (packages) return false;
  if (disk.length > 0 || relist) for (const project of projects.values()) project.applyChange({ disk, relist });
  return true;
}
