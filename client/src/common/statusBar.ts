/** The one item in the status bar: how many stages are stale, which, and what they cost; a click lists them. */

import { ClientCommand, type ProjectStatus, type StageStatus, type StatusResult } from "@fastpipe/shared";
import * as vscode from "vscode";
import { openAt } from "./commands.ts";

/** Stages that the tooltip names; the rest is counted. */
const IN_TOOLTIP = 12;

export class StatusBar {
  readonly #item: vscode.StatusBarItem;
  readonly #settings: vscode.Disposable;
  #status: StatusResult = { projects: [] };

  constructor() {
    this.#item = vscode.window.createStatusBarItem("status", vscode.StatusBarAlignment.Left, 50);
    this.#item.name = "Fastpipe";
    this.#item.command = ClientCommand.showStale;
    this.#settings = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("fastpipe.statusBar")) this.show(this.#status);
    });
  }

  dispose(): void {
    this.#settings.dispose();
    this.#item.dispose();
  }

  /** Draws a status; nothing where there is no stage and no problem. */
  show(status: StatusResult): void {
    this.#status = status;
    const projects = status.projects.filter((project) => project.stages.length > 0 || project.problem);
    const enabled = vscode.workspace.getConfiguration("fastpipe").get("statusBar.enabled", true);
    if (projects.length === 0 || !enabled) {
      this.#item.hide();
      return;
    }
    const stale = projects.reduce((sum, project) => sum + project.stale, 0);
    const problem = projects.some((project) => project.problem);
    const broken = projects.flatMap(({ stages }) => stages.filter((stage) => stage.state === "broken")).length;
    const icon = problem || broken > 0 ? "warning" : stale > 0 ? "circle-filled" : "pass";
    this.#item.text = `$(${icon}) ${stale} stale${broken > 0 ? ` · ${broken} broken` : ""}`;
    this.#item.backgroundColor = problem ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.tooltip = tooltip(projects);
    this.#item.accessibilityInformation = { label: `Fastpipe: ${stale} stale stages` };
    this.#item.show();
  }

  /** Lists the stages that are not up to date (all, when all are); the chosen one is opened. */
  async pick(): Promise<void> {
    const all = this.#status.projects.flatMap((project) => project.stages.map((stage) => ({ project, stage })));
    const stale = all.filter(({ stage }) => isStale(stage));
    const shown = stale.length > 0 ? stale : all;
    const several = this.#status.projects.length > 1;
    const items = shown.map(({ project, stage }) => ({
      label: `$(${iconOf(stage)}) ${stage.stage}`,
      description: [describe(stage), stage.duration === null ? "" : duration(stage.duration)]
        .filter(Boolean)
        .join(" · "),
      detail: several ? project.name : undefined,
      stage,
    }));
    const placeHolder = stale.length > 0 ? "Stages that would re-run" : "All stages are up to date";
    const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
    if (picked?.stage.uri) await openAt(vscode.Uri.parse(picked.stage.uri), picked.stage.line);
  }
}

function isStale(stage: StageStatus): boolean {
  return stage.state !== "fresh" && stage.state !== "accepted";
}

function iconOf(stage: StageStatus): string {
  if (stage.state === "broken" || stage.state === "orphan") return "warning";
  return stage.state === "new" ? "circle-outline" : isStale(stage) ? "circle-filled" : "pass";
}

function describe(stage: StageStatus): string {
  switch (stage.state) {
    case "stale":
      return stage.changed.join(", ");
    case "new":
      return "never recorded";
    case "broken":
      return "syntax error";
    case "orphan":
      return "in the lock, not in the code";
    case "accepted":
      return "accepted";
    default:
      return "up to date";
  }
}

/** Seconds as people say them. */
function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function tooltip(projects: readonly ProjectStatus[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  for (const project of projects) {
    if (projects.length > 1) text.appendMarkdown("**").appendText(project.name).appendMarkdown("**\n\n");
    if (project.problem) text.appendMarkdown("$(warning) ").appendText(project.problem).appendMarkdown("\n\n");
    const stale = project.stages.filter(isStale);
    if (stale.length === 0) text.appendMarkdown(`All ${project.stages.length} stages are up to date.\n\n`);
    for (const stage of stale.slice(0, IN_TOOLTIP)) {
      const cost = stage.duration === null ? "" : ` (${duration(stage.duration)})`;
      text.appendMarkdown(`$(${iconOf(stage)}) `).appendText(`${stage.stage}: ${describe(stage)}${cost}`);
      text.appendMarkdown("\n\n");
    }
    if (stale.length > IN_TOOLTIP) text.appendMarkdown(`… and ${stale.length - IN_TOOLTIP} more\n\n`);
    if (project.cost !== null && stale.length > 0) {
      text.appendMarkdown(`Running them took ${duration(project.cost)} last time.\n\n`);
    }
  }
  return text;
}
