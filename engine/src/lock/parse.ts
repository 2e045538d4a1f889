/**
 * Text of `fastpipe.lock` → lock, or what is wrong with it and where. Strict: an unknown field, a second document, an
 * alias, a merge conflict or a newer layout is refused by name, because a lock that is half understood would be written
 * back without the other half. Never guesses and never repairs.
 */
import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLParseError } from "yaml";
import type { Level, Result } from "../program/types.ts";
import { parseCanonical } from "./canonical.ts";
import { LOCK_VERSION } from "./format.ts";
import type { Baseline, BaselineHow, Lock, LockProblem } from "./types.ts";

/** Takes the whole text of the file; a byte order mark and CRLF (a checkout on Windows) are accepted. */
export function parseLock(source: string): Result<Lock, LockProblem> {
  let text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
  const quick = parseCanonical(text);
  if (quick !== null) return { ok: true, value: quick };
  const conflict = findConflict(text);
  if (conflict !== null) return { ok: false, error: conflict };
  return parseYaml(text);
}

/** A lock without stages, for a project that has none yet. */
export function emptyLock(level: Level): Lock {
  return { level, stages: new Map() };
}

function findConflict(text: string): LockProblem | null {
  const marker = /^(?:<{7}|>{7}|\|{7})(?: .*)?$/m.exec(text);
  if (marker === null) return null;
  return {
    message:
      "merge conflict: keep one side (any stage may be recorded or accepted again afterwards) and remove the markers",
    line: text.slice(0, marker.index).split("\n").length,
    column: 1,
  };
}

/** Thrown inside this file only, and turned into a value at its edge. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

function parseYaml(text: string): Result<Lock, LockProblem> {
  const lines = new LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, {
      schema: "failsafe",
      version: "1.2",
      lineCounter: lines,
      prettyErrors: false,
      logLevel: "error",
    });
    const problem = document.errors[0];
    // The reader reports its own overflow as a problem of the text.
    if (problem !== undefined && /call stack/.test(problem.message)) throw new RangeError(problem.message);
    if (problem !== undefined) throw new Refusal(yamlMessage(problem), problem.pos[0]);
    if (document.contents === null) throw new Refusal("the lock is empty: delete it, or restore it from git", 0);
    return { ok: true, value: readLock(document.contents as Node) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: { message: error.message, ...place(error.offset) } };
    // The YAML reader recurses on nesting; a lock is four levels deep.
    if (error instanceof RangeError) return { ok: false, error: { message: "nested too deeply", line: 1, column: 1 } };
    throw error;
  }
}

const LEVELS: readonly Level[] = ["strict", "semantic", "behavioral"];

interface Field {
  readonly node: Node | null;
  readonly keyOffset: number;
}

function readLock(root: Node): Lock {
  const top = fields(root, "the lock");
  const versionText = text(required(top, "version", root), "version");
  const version = Number(versionText);
  if (!/^\d{1,9}$/.test(versionText) || version < 1) {
    throw new Refusal(`version must be a number; found \`${clip(versionText)}\``, offsetOf(top.get("version")!));
  }
  if (version > LOCK_VERSION) {
    throw new Refusal(
      `written by a newer Fastpipe (layout ${version}, this one reads up to ${LOCK_VERSION}): update Fastpipe`,
      offsetOf(top.get("version")!),
    );
  }
  onlyKnown(top, ["version", "level", "stages"], "the lock");
  const level = readLevel(required(top, "level", root));
  const stages = new Map<string, Baseline>();
  const stagesField = required(top, "stages", root);
  if (!isEmpty(stagesField.node)) {
    for (const [id, field] of fields(stagesField.node, "stages")) stages.set(id, readBaseline(field, id, true));
  }
  return { level, stages };
}

const BASELINE_FIELDS = [
  "file",
  "how",
  "at",
  "level",
  "duration",
  "reason",
  "code_fingerprint",
  "code_manifest",
  "previous",
];

function readBaseline(field: Field, id: string, outermost: boolean): Baseline {
  const where = `stage ${id}`;
  const found = fields(field.node, where, field.keyOffset);
  onlyKnown(found, outermost ? BASELINE_FIELDS : BASELINE_FIELDS.slice(0, -1), where);
  const need = (name: string) => required(found, name, null, field.keyOffset, where);
  const how = text(need("how"), "how");
  if (how !== "run" && how !== "recorded" && how !== "accepted") {
    throw new Refusal(`how must be run, recorded or accepted; found \`${clip(how)}\``, offsetOf(need("how")));
  }
  const at = text(need("at"), "at");
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(at)) {
    throw new Refusal(`at must be a time such as 2026-11-20T15:00:00Z; found \`${clip(at)}\``, offsetOf(need("at")));
  }
  const reason = found.get("reason");
  const previous = found.get("previous");
  for (const only of [reason, previous]) {
    if (only !== undefined && how !== "accepted") {
      throw new Refusal("reason and previous belong to `how: accepted` only", only.keyOffset);
    }
  }
  const fingerprint = text(need("code_fingerprint"), "code_fingerprint");
  if (!/^[0-9a-f]+$/.test(fingerprint)) {
    throw new Refusal("code_fingerprint must be lower-case hex digits", offsetOf(need("code_fingerprint")));
  }
  const level = found.get("level");
  const duration = found.get("duration");
  return {
    file: text(need("file"), "file"),
    how: how as BaselineHow,
    at,
    ...(level === undefined ? {} : { level: readLevel(level) }),
    ...(duration === undefined ? {} : { duration: readDuration(duration) }),
    ...(reason === undefined ? {} : { reason: text(reason, "reason") }),
    fingerprint,
    entries: readEntries(need("code_manifest")),
    ...(previous === undefined ? {} : { previous: readBaseline(previous, id, false) }),
  };
}

function readEntries(field: Field): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  if (isEmpty(field.node)) return entries;
  for (const [key, value] of fields(field.node, "code_manifest")) entries.set(key, text(value, key));
  return entries;
}

function readLevel(field: Field): Level {
  const level = text(field, "level");
  if (!LEVELS.includes(level as Level)) {
    throw new Refusal(`level must be ${LEVELS.join(", ")}; found \`${clip(level)}\``, offsetOf(field));
  }
  return level as Level;
}

function readDuration(field: Field): number {
  const written = text(field, "duration");
  if (!/^\d{1,15}(?:\.\d+)?$/.test(written)) {
    throw new Refusal(`duration must be seconds such as 41.7; found \`${clip(written)}\``, offsetOf(field));
  }
  return Number(written);
}

/** The pairs of a map, by key. The YAML reader has already refused duplicates. */
function fields(node: Node | null, where: string, keyOffset = 0): Map<string, Field> {
  if (!isMap(node) || !isBare(node))
    throw new Refusal(`${where} must be a map of names to values`, node?.range?.[0] ?? keyOffset);
  const found = new Map<string, Field>();
  for (const pair of node.items) {
    const key = pair.key as Node | null;
    const offset = key?.range?.[0] ?? node.range?.[0] ?? keyOffset;
    found.set(text({ node: key, keyOffset: offset }, "a key"), { node: pair.value as Node | null, keyOffset: offset });
  }
  return found;
}

function required(
  found: ReadonlyMap<string, Field>,
  name: string,
  owner: Node | null,
  keyOffset = 0,
  where = "the lock",
): Field {
  const field = found.get(name);
  if (field === undefined)
    throw new Refusal(`${where} has no \`${name}\`: restore it from git`, owner?.range?.[0] ?? keyOffset);
  return field;
}

function onlyKnown(found: ReadonlyMap<string, Field>, known: readonly string[], where: string): void {
  for (const [name, field] of found) {
    if (!known.includes(name)) {
      throw new Refusal(
        `unknown field \`${clip(name)}\` in ${where}: remove it (known: ${known.join(", ")})`,
        field.keyOffset,
      );
    }
  }
}

function text(field: Field, name: string): string {
  const node = field.node;
  if (!isScalar(node) || typeof node.value !== "string" || !isBare(node)) {
    throw new Refusal(`${name} must be a plain or quoted text`, offsetOf(field));
  }
  return node.value;
}

function isEmpty(node: Node | null): boolean {
  return isMap(node) && isBare(node) && node.items.length === 0;
}

/** Anchors and tags say something that the lock has no use for; taking them would drop it on the next write. */
function isBare(node: { anchor?: string; tag?: string }): boolean {
  return node.anchor === undefined && node.tag === undefined;
}

function offsetOf(field: Field): number {
  return field.node?.range?.[0] ?? field.keyOffset;
}

function yamlMessage({ code, message }: YAMLParseError): string {
  // What a merge of two branches that recorded the same stage can leave behind.
  if (code === "DUPLICATE_KEY") return "the same name stands here twice: keep one of the two";
  const [first] = message.split("\n", 1);
  return `not valid YAML: ${first.slice(0, 1).toLowerCase()}${first.slice(1)}; mend it, or restore it from git`;
}

function clip(found: string): string {
  return found.length > 40 ? `${found.slice(0, 40)}…` : found;
}
