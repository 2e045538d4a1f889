/**
 * What `fastpipe check` found, as text, as GitHub's workflow commands, as SARIF and as Markdown. Strings in, strings out;
 * names and values of a project are escaped for each form. Looks for `.git` upward of the root, since the places that GitHub
 * marks are relative to the repository.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import {
  count,
  type EntryChange,
  type StageStatus,
  type StatusReport,
  shortName,
  shortRecorded,
  viaPath,
} from "@fastpipe/engine";
import { version } from "../../package.json";
import { oneLine } from "../failure.ts";
import { inShort, summary } from "./status.ts";

export interface Checked {
  /** Stages that are not up to date. */
  readonly found: readonly StageStatus[];
  readonly report: StatusReport;
  /** Folder of the project. */
  readonly root: string;
  readonly against: string;
}

export type CheckFormat = "text" | "github" | "sarif" | "markdown";

export const CHECK_FORMATS: Readonly<Record<CheckFormat, (checked: Checked) => string>> = {
  text,
  github,
  sarif,
  markdown,
};

const REPOSITORY = "https://github.com/fastpipe/fastpipe";

// ------------------------------------------------------------------------------------------------ text

function text({ found, report, against }: Checked): string {
  const lines = found.flatMap((stage) => {
    const head = `${stage.state}  ${stage.stage}  ${stage.file}${stage.line > 0 ? `:${stage.line}` : ""}`;
    if (stage.changed.length === 0) return [head, `  ${reason(stage, against)}`];
    const root = shortName(stage.stage);
    return [head, ...stage.changed.map((change) => `  ${changeText(change)}  ${viaPath(root, change)}`)];
  });
  lines.push(summary(report));
  const next = whatNext(found, against);
  if (next !== null) lines.push(next);
  // Ids may have line ends.
  return lines.map((line) => `${line.replaceAll("\n", "\\n")}\n`).join("");
}

/** What makes the check pass. */
function whatNext(found: readonly StageStatus[], against: string): string | null {
  const open = found.filter(({ state }) => state === "stale" || state === "new").length;
  if (against !== "lock" || open === 0) return null;
  const them = open === 1 ? "it" : "them";
  return `run ${them} and \`fastpipe record\` ${them}, or \`fastpipe accept\` ${them} with a reason, and commit fastpipe.lock`;
}

function reason(stage: StageStatus, against: string): string {
  if (stage.state === "new") return against === "lock" ? "never recorded" : `not in ${against}`;
  return stage.error === undefined ? inShort(stage) : oneLine(stage.error);
}

function changeText({ key, change, old, new: now, file, line }: EntryChange): string {
  const where = file === null ? "" : ` (${file}:${line})`;
  if (change === "changed") return `${key}: ${shortRecorded(old)} → ${shortRecorded(now)}${where}`;
  return `${key}: ${change}${where}`;
}

function lineOf(stage: StageStatus): number {
  return stage.line || stage.error?.line || 1;
}

/** Where the project is in its repository, ending in `/`; empty at the top, or where there is no repository. */
function folderInRepository(root: string): string {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, ".git"))) {
      const below = path.relative(folder, root).split(path.sep).join("/");
      return below === "" ? "" : `${below}/`;
    }
    if (folder === path.dirname(folder)) return "";
  }
}

// ---------------------------------------------------------------------------------------------- github

/** Errors on the stages, and a warning on each change: a pull request shows the latter beside the lines it has. */
function github({ found, report, root, against }: Checked): string {
  if (found.length === 0) return `::notice::${escapeData(summary(report))}\n`;
  const prefix = folderInRepository(root);
  const lines = found.map((stage) => {
    const what = stage.changed.length === 0 ? reason(stage, against) : stage.changed.map(changeText).join("\n");
    const level = stage.state === "new" ? "warning" : "error";
    return command(level, prefix + stage.file, lineOf(stage), `${stage.stage} is ${stage.state}`, what);
  });
  for (const { change, stages } of changesWithPlace(found).values()) {
    const title = `makes ${count(stages.length, "stage")} stale`;
    const what = `${changeText(change)}\n${stages.join("\n")}`;
    lines.push(command("warning", prefix + change.file!, change.line!, title, what));
  }
  return lines.join("");
}

/** Each change of an entry that stands in the code, once, with the stages that see it. */
function changesWithPlace(found: readonly StageStatus[]) {
  const changes = new Map<string, { readonly change: EntryChange; readonly stages: string[] }>();
  for (const { stage, file, line, changed } of found) {
    for (const change of changed) {
      // The stage itself has its own mark.
      if (change.file === null || (change.file === file && change.line === line)) continue;
      const key = `${change.key}\0${change.old}\0${change.new}`;
      const known = changes.get(key);
      if (known === undefined) changes.set(key, { change, stages: [stage] });
      else known.stages.push(stage);
    }
  }
  return changes;
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function command(level: "error" | "warning", file: string, line: number, title: string, data: string): string {
  return `::${level} file=${escapeProperty(file)},line=${line},title=${escapeProperty(title)}::${escapeData(data)}\n`;
}

function escapeData(data: string): string {
  return data.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(value: string): string {
  return escapeData(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

// ----------------------------------------------------------------------------------------------- sarif

const RULES = [
  {
    id: "stale",
    shortDescription: { text: "The stage's code differs from what was recorded" },
    help: { text: "Run the stage and `fastpipe record` it, or `fastpipe accept` it with a reason." },
  },
  {
    id: "new",
    shortDescription: { text: "The stage was never recorded" },
    help: { text: "Run the stage and `fastpipe record` it." },
  },
  {
    id: "broken",
    shortDescription: { text: "The stage's code can't be read" },
    help: { text: "Mend what the message names; nothing can be recorded until then." },
  },
];

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
function sarif({ found, root, against }: Checked): string {
  const prefix = folderInRepository(root);
  const place = (file: string, startLine: number) => ({
    physicalLocation: {
      artifactLocation: { uri: (prefix + file).split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" },
      region: { startLine },
    },
  });
  const results = found.map((stage) => {
    const what = stage.changed.length === 0 ? reason(stage, against) : stage.changed.map(changeText).join("; ");
    const related = stage.changed.filter((change) => change.file !== null);
    return {
      ruleId: stage.state,
      ruleIndex: RULES.findIndex(({ id }) => id === stage.state),
      level: stage.state === "new" ? "warning" : "error",
      message: { text: `${stage.stage}: ${what}` },
      locations: [place(stage.file, lineOf(stage))],
      relatedLocations: related.map((change, index) => ({
        id: index,
        message: { text: changeText(change) },
        ...place(change.file!, change.line!),
      })),
      // One alert for a stage, wherever its line moves.
      partialFingerprints: { "stage/v1": stage.stage },
    };
  });
  const driver = { name: "fastpipe", version, informationUri: REPOSITORY, rules: RULES };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

// -------------------------------------------------------------------------------------------- markdown

/** A table for a pull request's comment or a job summary. */
function markdown({ found, report, against }: Checked): string {
  const lines = [`**fastpipe:** ${summary(report)}`];
  if (found.length > 0) lines.push("", "| stage | state | why |", "| --- | --- | --- |");
  for (const stage of found) {
    const why =
      stage.changed.length === 0 ? cell(reason(stage, against)) : stage.changed.map(changeMarkdown).join("<br>");
    lines.push(`| ${span(stage.stage)} | ${stage.state} | ${why} |`);
  }
  const next = whatNext(found, against);
  if (next !== null) lines.push("", `To pass: ${next}.`);
  return `${lines.join("\n")}\n`;
}

function changeMarkdown({ key, change, old, new: now, file, line }: EntryChange): string {
  const where = file === null ? "" : ` (${cell(`${file}:${line}`)})`;
  const what = change === "changed" ? `: ${span(shortRecorded(old))} → ${span(shortRecorded(now))}` : ` ${change}`;
  return `${span(key)}${what}${where}`;
}

/** A code span of a table; its fence is longer than any run of backticks in it. */
function span(code: string): string {
  const longest = Math.max(0, ...[...code.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${fence}${pad}${code.replaceAll("|", "\\|").replaceAll("\n", " ")}${pad}${fence}`;
}

function cell(plain: string): string {
  return plain.replace(/[\\|<>*_[\]]/g, "\\$&").replaceAll("\n", " ");
}
