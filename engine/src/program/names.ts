/**
 * Names as people type them: `FILE::QUALNAME`, any unambiguous ending of a stage id or key, and the short form of a key for
 * display. Never ranks near misses; a face that wants "did you mean" does that.
 */
import type { Lock } from "../lock/types.ts";
import type { EngineError, Program, Result, Target } from "./types.ts";

/** Splits `FILE::QUALNAME`; null when it is not of that form. A leading `./` and `\` are taken as a shell writes them. */
export function parseTarget(text: string): Target | null {
  const at = text.lastIndexOf("::");
  if (at <= 0 || at + 2 >= text.length) return null;
  const file = text
    .slice(0, at)
    .replaceAll("\\", "/")
    .replace(/^(?:\.\/)+/, "");
  return { file, qualname: text.slice(at + 2) };
}

/** `FILE::QUALNAME` of a target. */
export function formatTarget(target: Target): string {
  return `${target.file}::${target.qualname}`;
}

/**
 * The one candidate that a name stands for: the candidate itself, else the only one that ends in it at a `.`, `:` or `/`,
 * else the only one that ends in it at all. Several give `ambiguous` with all of them as suggestions. `what` and `where`
 * are for the message: no `changed entry` … `in any stage`.
 */
export function resolveEnding(
  name: string,
  candidates: Iterable<string>,
  what: string,
  where = "",
): Result<string, EngineError> {
  const ends: string[] = [];
  for (const candidate of new Set(candidates)) {
    if (candidate === name) return { ok: true, value: candidate };
    if (name !== "" && candidate.endsWith(name)) ends.push(candidate);
  }
  const whole = ends.filter((candidate) => ".:/".includes(candidate[candidate.length - name.length - 1]));
  const best = whole.length > 0 ? whole : ends;
  if (best.length === 1) return { ok: true, value: best[0] };
  const place = where === "" ? "" : ` ${where}`;
  if (best.length === 0)
    return { ok: false, error: { code: "no-such-definition", message: `no ${what} \`${name}\`${place}` } };
  const suggestions = best.sort();
  return {
    ok: false,
    error: {
      code: "ambiguous",
      message: `\`${name}\` is more than one ${what}${place}: ${suggestions.join(", ")}`,
      suggestions,
    },
  };
}

/** Ids of all stages, in the code or only in the lock. */
export function stageIds(program: Program, lock: Lock): string[] {
  return [...new Set([...program.stages().map((stage) => stage.id), ...lock.stages.keys()])];
}

/** The id of the stage that a user means: an id, an ending of one, or `FILE::QUALNAME` of a stage. */
export function resolveStage(program: Program, lock: Lock, name: string): Result<string, EngineError> {
  const target = parseTarget(name);
  if (target !== null) {
    const stage = program.stages().find((each) => each.file === target.file && each.qualname === target.qualname);
    if (stage !== undefined) return { ok: true, value: stage.id };
  }
  return resolveEnding(name, stageIds(program, lock), "stage");
}

/** A key as a path shows it: `func:utils.clean_data` → `clean_data`; modules, files and the like in full. */
export function shortKey(key: string): string {
  const colon = key.indexOf(":");
  const kind = key.slice(0, colon);
  const name = key.slice(colon + 1);
  if (kind === "decl") return key;
  if (kind === "mod" || kind === "file" || kind === "package") return name;
  return shortName(name);
}

/** The last part of a dotted name. */
export function shortName(qualname: string): string {
  return qualname.slice(qualname.lastIndexOf(".") + 1);
}
