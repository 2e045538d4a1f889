/**
 * The recorded versions of a definition, newest first, with the text of each: from this machine's history and from the lock
 * in git. For a client that compares versions itself as data, for others as one page. Reads only.
 */
import { type Entry, formatMinute, isHash, type Manifest, readStages, shortKey, shortRecorded } from "@fastpipe/engine";
import type { CommandArguments, CommandResult, HistoryVersion, InitOptions, PageResult } from "@fastpipe/shared";
import { t } from "@vscode/l10n";
import type { Project } from "../project.ts";
import { count } from "../wording.ts";
import { findKey, refused } from "./targets.ts";

export async function showHistory(
  project: Project,
  args: CommandArguments,
  client: InitOptions,
): Promise<CommandResult> {
  const stage = args.stage === undefined ? undefined : project.program.stages().find(({ id }) => id === args.stage);
  const asked = stage ? { ...args, key: project.program.definitionAt(stage.file, stage.nameRange.start)?.key } : args;
  const key = findKey(project, asked, t("History of which definition?"));
  if ("answer" in key) return key.answer;
  const present = presentOf(project, key.value);
  const versions = await versionsOf(project, key.value, present);
  if (versions.length === 0) return refused(t("no version of {0} has been recorded yet", shortKey(key.value))).answer;
  const title = t("History of {0}", shortKey(key.value));
  if (!client.history) return historyPage(title, key.value, versions);
  const text = present === null ? null : (project.program.source(present.entry) ?? present.entry.value ?? null);
  const { file, line } = present?.entry ?? { file: project.lockPath, line: 1 };
  const uri = project.uriOf(file);
  return { type: "history", title, root: project.root, key: key.value, uri, line, present: text, versions };
}

function historyPage(title: string, key: string, versions: readonly HistoryVersion[]): PageResult {
  const lines = [`# History of ${key}`, `# ${count(versions.length, "recorded version")}, newest first`];
  for (const { recorded, at, stages, text, current } of versions) {
    const now = current ? "  (as it stands)" : "";
    lines.push("", `# --- ${formatMinute(at)}  ${shortRecorded(recorded)}  in ${stages.join(", ")}${now}`, "");
    lines.push(text ?? "# its text is not kept here any more");
  }
  return { type: "page", title, language: "python", text: `${lines.join("\n")}\n`, places: [] };
}

/** The definition as the first stage that tracks it has it. In its own stage's manifest a function is `self:`. */
function presentOf(project: Project, key: string): { readonly entry: Entry; readonly manifest: Manifest } | null {
  const info = project.program.definition(key);
  for (const { manifest } of readStages(project.program, project.lock, null)) {
    const own = manifest && info && manifest.file === info.file && manifest.qualname === info.qualname;
    const entry = manifest?.entries.find((each) => (own ? each.kind === "self" : each.key === key));
    if (manifest && entry) return { entry, manifest };
  }
  return null;
}

/** Each version once, by when it was first recorded, newest first. */
async function versionsOf(
  project: Project,
  key: string,
  present: { readonly entry: Entry } | null,
): Promise<HistoryVersion[]> {
  const info = project.program.definition(key);
  const self = info === null ? null : `self:${info.qualname}`;
  const found = new Map<string, { at: string; keys: Map<string, string> }>();
  const lines = [...(await project.history())].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const { at, key: of, file, recorded, stage } of lines) {
    if (of !== key && !(of === self && file === info?.file)) continue;
    const known = found.get(recorded);
    if (known) known.keys.set(stage, of);
    else found.set(recorded, { at, keys: new Map([[stage, of]]) });
  }
  const now = present && (present.entry.value ?? present.entry.hash);
  const versions: HistoryVersion[] = [];
  for (const [recorded, { at, keys }] of found) {
    const text = isHash(recorded) ? await textOf(project, recorded, keys) : `${shortKey(key)} = ${recorded}`;
    versions.push({ recorded, at, stages: [...keys.keys()], current: recorded === now, text });
  }
  return versions.reverse();
}

/** Kept in the object store, else found in git for one of the stages that recorded it. */
async function textOf(project: Project, hash: string, keys: ReadonlyMap<string, string>): Promise<string | null> {
  const kept = await project.object(hash);
  if (kept !== null) return kept;
  for (const [stage, key] of keys) {
    const text = (await project.sourcesOf(stage).older?.(key, hash)) ?? null;
    if (text !== null) return text;
  }
  return null;
}
