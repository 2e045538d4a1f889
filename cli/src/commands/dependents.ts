/** `fastpipe dependents`: what a change of one definition would make stale, and what that costs. */
import {
  count,
  type Dependents,
  dependentsOf,
  formatDuration,
  parseTarget,
  resolveEnding,
  shortName,
  viaPath,
} from "@fastpipe/engine";
import { Failure } from "../failure.ts";
import { nearest } from "../nearest.ts";
import { columns } from "../output.ts";
import { type Opened, readTarget, type Session, targetFailure } from "../session.ts";

export interface DependentsOptions {
  readonly all?: boolean;
}

export async function dependents(
  session: Session,
  [what]: readonly string[],
  options: DependentsOptions,
): Promise<undefined> {
  const opened = session.open();
  const { project } = opened;
  const subject = parseTarget(what) === null ? readKey(opened, what) : readTarget(project.root, what, process.cwd());
  const result = dependentsOf(project.program, opened.lock, subject, options);
  if (!result.ok)
    throw typeof subject === "string" ? new Failure(result.error) : targetFailure(project, subject, result.error);
  if (session.json) await session.writeJson(result.value);
  else await session.output.write(dependentsText(result.value));
}

/** A key, or an unambiguous ending of one that some stage tracks. */
export function readKey({ project }: Opened, text: string): string {
  if (project.program.definition(text) !== null) return text;
  const keys = new Set<string>();
  for (const stage of project.program.stages()) {
    // Everywhere but in its own manifest a stage's function goes by the name of its module.
    const own = project.program.definitionAt(stage.file, stage.nameRange.start)?.key;
    const manifest = project.program.manifest(stage);
    for (const { key, kind } of manifest.ok ? manifest.value.entries : []) keys.add(kind === "self" && own ? own : key);
  }
  const found = resolveEnding(text, keys, "tracked entry");
  if (found.ok) return found.value;
  const suggestions = found.error.suggestions ?? nearest(text, keys);
  const message =
    suggestions.length > 0
      ? found.error.message
      : `${found.error.message}: write FILE::QUALNAME, or a key of \`fastpipe manifest\``;
  throw new Failure({ ...found.error, message, suggestions });
}

function dependentsText({ key, stages, definitions, cost }: Dependents): string {
  const lines = columns(
    stages.map(({ stage, state, via, baseline }) => [
      stage,
      state,
      viaPath(shortName(stage), { key: via.at(-1) ?? "self:", via }),
      baseline?.duration == null ? "" : formatDuration(baseline.duration),
    ]),
  );
  for (const definition of definitions ?? []) lines.push(definition);
  if (stages.length === 0) return `${[...lines, `no stage depends on ${key}`].join("\n")}\n`;
  const what = `a change of ${key} makes ${count(stages.length, "stage")} stale`;
  const price =
    cost === null ? "" : `; ${stages.length === 1 ? "its last run" : "their last runs"} took ${formatDuration(cost)}`;
  return `${[...lines, what + price].join("\n")}\n`;
}
