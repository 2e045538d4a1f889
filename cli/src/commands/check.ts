/** `fastpipe check`: for CI. Exits with 1 and names what is not up to date, in the form that the place shows best. */
import {
  type EntryChange,
  type Lock,
  type StageStatus,
  type StatusReport,
  shortName,
  shortRecorded,
  status,
  viaPath,
} from "@fastpipe/engine";
import { lockAtRevision, NodeFiles } from "@fastpipe/host/node";
import { Failure, oneLine } from "../failure.ts";
import { type Opened, type Session, warnOfHiddenStages } from "../session.ts";
import { inShort, needsAttention, summary } from "./status.ts";

export interface CheckOptions {
  readonly against: string;
  readonly format: "text" | "github" | "sarif" | "markdown";
}

export async function check(session: Session, _: readonly string[], options: CheckOptions): Promise<number> {
  const opened = session.open();
  const report = status(opened.project.program, baselines(opened, options.against));
  warnOfHiddenStages(session, opened);
  const found = report.stages.filter(needsAttention);
  if (session.json) await session.writeJson({ ...report, stages: found });
  else await session.output.write(FORMATS[options.format](found, report));
  return found.length === 0 ? 0 : 1;
}

/** The lock to compare with: the project's own, or one made from a revision as if all had been recorded there. */
function baselines(opened: Opened, against: string): Lock {
  if (against === "lock") return opened.lock;
  const revision = /^git:(.+)$/.exec(against)?.[1];
  if (revision === undefined) throw new Failure(`--against ${against}: use lock, or git:REV such as git:main`);
  const found = lockAtRevision(new NodeFiles(opened.project.root), revision, { level: opened.project.config.level });
  if (!found.ok) throw new Failure(found.error);
  return found.value;
}

const FORMATS: Readonly<Record<CheckOptions["format"], (found: readonly StageStatus[], all: StatusReport) => string>> =
  {
    text: (found, all) => `${[...found.flatMap(textLines), summary(all)].join("\n")}\n`,
    github: (found, all) => found.map(githubLines).join("") || `::notice::${escapeData(summary(all))}\n`,
    sarif: (found) => `${JSON.stringify(sarif(found), null, 2)}\n`,
    markdown: markdownText,
  };

function textLines(stage: StageStatus): string[] {
  const root = shortName(stage.stage);
  const lines = [`${stage.state}  ${stage.stage}${place(stage)}`];
  if (stage.changed.length === 0) lines.push(`  ${reason(stage)}`);
  for (const change of stage.changed) lines.push(`  ${changeText(change)}  ${viaPath(root, change)}`);
  return lines;
}

function place({ file, line }: StageStatus): string {
  return `  ${file}${line > 0 ? `:${line}` : ""}`;
}

function reason(stage: StageStatus): string {
  if (stage.state === "new") return "never recorded: run it, then `fastpipe record` it";
  return stage.error === undefined ? inShort(stage) : oneLine(stage.error);
}

function changeText({ key, change, old, new: now, file, line }: EntryChange): string {
  const where = file === null ? "" : ` (${file}:${line})`;
  if (change === "changed") return `${key}: ${shortRecorded(old)} → ${shortRecorded(now)}${where}`;
  return `${key}: ${change}${where}`;
}

/** One annotation per place: where the change is, and on the stage what is to be done. */
function githubLines(stage: StageStatus): string {
  const { state, file, line, changed } = stage;
  const what = changed.length === 0 ? reason(stage) : changed.map(changeText).join("\n");
  const level = state === "new" ? "warning" : "error";
  const title = escapeProperty(`${stage.stage} is ${state}`);
  return `::${level} file=${escapeProperty(file)},line=${line || stage.error?.line || 1},title=${title}::${escapeData(what)}\n`;
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
function sarif(found: readonly StageStatus[]): unknown {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "fastpipe",
            informationUri: "https://github.com/fastpipe/fastpipe",
            rules: [
              { id: "stale", shortDescription: { text: "The stage's code differs from what was recorded" } },
              { id: "new", shortDescription: { text: "The stage was never recorded" } },
              { id: "broken", shortDescription: { text: "The stage's code can't be read" } },
            ],
          },
        },
        results: found.map((stage) => ({
          ruleId: stage.state,
          level: stage.state === "new" ? "warning" : "error",
          message: {
            text: `${stage.stage}: ${stage.changed.length === 0 ? reason(stage) : stage.changed.map(changeText).join("; ")}`,
          },
          locations: [sarifPlace(stage.file, stage.line || stage.error?.line || 1)],
          relatedLocations: stage.changed
            .filter((change) => change.file !== null)
            .map((change, index) => ({
              id: index,
              message: { text: change.key },
              ...sarifPlace(change.file!, change.line!),
            })),
        })),
      },
    ],
  };
}

function sarifPlace(uri: string, startLine: number) {
  return {
    physicalLocation: { artifactLocation: { uri: encodeURI(uri), uriBaseId: "%SRCROOT%" }, region: { startLine } },
  };
}

/** A table for a pull request's comment or a job summary. */
function markdownText(found: readonly StageStatus[], all: StatusReport): string {
  const lines = [`**fastpipe:** ${summary(all)}`];
  if (found.length > 0) lines.push("", "| stage | state | why |", "| --- | --- | --- |");
  for (const stage of found) {
    const why = stage.changed.length === 0 ? reason(stage) : stage.changed.map(changeText).join("<br>");
    lines.push(`| \`${stage.stage}\` | ${stage.state} | ${cell(why)} |`);
  }
  return `${lines.join("\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
