/**
 * What a command's argument means: which project, which stage, which entry. Where it leaves more than one possibility the
 * answer is a question for the client, where there is none a refusal. Decides nothing beyond that.
 */
import { type EngineError, readStages, resolveEnding, resolveStage, shortKey } from "@fastpipe/engine";
import type { ChooseResult, CommandArguments, RefusedResult } from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import { offsetOf } from "../fromProtocol.ts";
import { isNamedAt, stageAt } from "../places.ts";
import type { Project } from "../project.ts";
import { changedNames, stagesCount, stateWord } from "../wording.ts";

/** A question or refusal, or what was looked for. */
export type Found<T> = { readonly value: T } | { readonly answer: ChooseResult | RefusedResult };

/** Where projects come from. */
export interface ProjectLookup {
  all(): readonly Project[];
  of(uri: string): Project | null;
  at(root: string): Project | null;
}

export function refused(message: string, place: { uri?: string; line?: number } = {}): { answer: RefusedResult } {
  return { answer: { type: "refused", message, unsaved: [], ...place } };
}

/** A refusal with the engine's words and place. */
export function refusedBy(error: Pick<EngineError, "message" | "file" | "line">, project: Project) {
  return refused(error.message, error.file ? { uri: project.uriOf(error.file), line: error.line } : {});
}

export function findProject(projects: ProjectLookup, args: CommandArguments): Found<Project> {
  if (args.root !== undefined) {
    const project = projects.at(args.root);
    return project ? { value: project } : refused(t("there is no project at {0}", args.root));
  }
  const own = args.uri === undefined ? null : projects.of(args.uri);
  if (own) return { value: own };
  const all = projects.all();
  const withStages = all.filter((project) => project.program.stages().length > 0);
  const [only] = withStages.length > 0 ? withStages : all;
  if (!only) return refused(t("no stage is known here: open a folder with a pipeline"));
  if (withStages.length <= 1) return { value: only };
  const choices = withStages.map((project) => ({
    label: project.name,
    detail: stagesCount(project.program.stages().length),
    arguments: { root: project.root },
  }));
  return { answer: { type: "choose", what: "project", message: t("Which project?"), choices } };
}

/** The stage named, the one around the place, or the only one that `fits`. */
export function findStage(
  project: Project,
  args: CommandArguments,
  question: string,
  fits: (state: string) => boolean = () => true,
): Found<string> {
  const { program, lock } = project;
  if (args.stage !== undefined) {
    const found = resolveStage(program, lock, args.stage);
    return found.ok ? { value: found.value } : refusedBy(found.error, project);
  }
  const here = placeOf(project, args);
  const around = here && stageAt(project.stagesIn(here.path), here.path, here.offset);
  if (around) return { value: around.id };
  const all = [...readStages(program, lock, null)].map((reading) => reading.status);
  const fitting = all.filter((status) => fits(status.state));
  if (fitting.length === 0)
    return refused(all.length === 0 ? t("there is no stage here") : t("{0} There is none to choose from", question));
  const choices = fitting.map((status) => ({
    label: status.stage,
    detail: status.changed.length > 0 ? changedNames(status.changed) : stateWord(status.state),
    arguments: { root: project.root, stage: status.stage },
  }));
  return { answer: { type: "choose", what: "stage", message: question, choices } };
}

/** Key of the definition named, or of the one at the place. */
export function findKey(project: Project, args: CommandArguments, question: string): Found<string> {
  const { program, lock } = project;
  const readings = [...readStages(program, lock, null)];
  if (args.key !== undefined) {
    if (program.definition(args.key)) return { value: args.key };
    const keys = readings.flatMap(({ manifest, status }) => [
      ...(manifest?.entries.map((entry) => entry.key) ?? []),
      ...status.changed.map((change) => change.key),
    ]);
    const found = resolveEnding(args.key, keys, "tracked entry");
    return found.ok ? { value: found.value } : refusedBy(found.error, project);
  }
  const here = placeOf(project, args);
  if (here) {
    const found = program.definitionAt(here.path, here.offset);
    const text = program.text(here.path);
    // Inside a body that nothing is named in, the definition around is meant.
    if (found && text !== null && (isNamedAt(text, here.offset, found, here.path) || found.file === here.path)) {
      return { value: found.key };
    }
  }
  const users = new Map<string, number>();
  for (const { manifest } of readings) {
    for (const { key, kind } of manifest?.entries ?? []) {
      if (kind !== "self" && kind !== "decl") users.set(key, (users.get(key) ?? 0) + 1);
    }
  }
  if (users.size === 0) return refused(t("no stage uses a definition here"));
  const choices = [...users].sort().map(([key, stages]) => ({
    label: shortKey(key),
    detail: `${key} · ${stagesCount(stages)}`,
    arguments: { root: project.root, key },
  }));
  return { answer: { type: "choose", what: "definition", message: question, choices } };
}

/** Path and offset that the arguments name, where they do. */
function placeOf(project: Project, args: CommandArguments): { path: string; offset: number } | null {
  if (args.uri === undefined || args.position === undefined) return null;
  const path = project.pathOf(args.uri);
  const lines = path === null ? null : project.lines(path);
  return path === null || !lines ? null : { path, offset: offsetOf(lines, args.position) };
}
