/** The one item in the status bar: how many stages are stale, which, and what they cost; a click lists them. */

import { ClientCommand, type ProjectStatus, type StageStatus, type StatusResult } from "@fastpipe/shared";
import * as vscode from "vscode";
import { openAt } from "./commands.ts";
import { describe, iconOf, isEnabled, isOpen, seconds, stateName } from "./words.ts";

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
    const projects = status.projects.filter(
      (project) => (project.stages.length > 0 || project.problem) && isEnabled("statusBar.enabled", project),
    );
    if (projects.length === 0) {
      this.#item.hide();
      return;
    }
    const stale = projects.reduce((sum, project) => sum + project.stale, 0);
    const problem = projects.some((project) => project.problem);
    const broken = projects.flatMap(({ stages }) => stages.filter((stage) => stage.state === "broken")).length;
    const unknown = projects.flatMap(({ stages }) => stages.filter((stage) => stage.state === "new")).length;
    const icon =
      problem || broken > 0 ? "warning" : stale > 0 ? "circle-filled" : unknown > 0 ? "circle-outline" : "pass";
    const counted = vscode.l10n.t("{0} stale", stale);
    const alsoBroken = broken > 0 ? ` · ${vscode.l10n.t("{0} broken", broken)}` : "";
    const alsoNew = unknown > 0 ? ` · ${vscode.l10n.t("{0} new", unknown)}` : "";
    this.#item.text = `$(${icon}) ${counted}${alsoBroken}${alsoNew}`;
    this.#item.backgroundColor = problem ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.tooltip = tooltip(projects);
    const counts = [stale, broken, unknown];
    const label = vscode.l10n.t("Fastpipe: stale stages: {0}; broken: {1}; new: {2}. Click to list them", ...counts);
    this.#item.accessibilityInformation = { label };
    this.#item.show();
  }

  /** Lists the stages that are not up to date (all, when all are); the chosen one is opened. */
  async pick(): Promise<void> {
    const all = this.#status.projects.flatMap((project) => project.stages.map((stage) => ({ project, stage })));
    const open = all.filter(({ stage }) => isOpen(stage));
    const shown = open.length > 0 ? open : all;
    const several = this.#status.projects.length > 1;
    const items = shown.map(({ project, stage }) => ({
      label: `$(${iconOf(stage.state)}) ${stage.stage}`,
      description: [describe(stage), stage.duration === null ? "" : seconds(stage.duration)]
        .filter(Boolean)
        .join(" · "),
      detail: several ? project.name : undefined,
      stage,
    }));
    const placeHolder =
      open.length > 0 ? vscode.l10n.t("Stages that would re-run") : vscode.l10n.t("All stages are up to date");
    const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
    if (picked?.stage.uri) await openAt(vscode.Uri.parse(picked.stage.uri), picked.stage.line);
  }
}

function tooltip(projects: readonly ProjectStatus[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  for (const project of projects) {
    if (projects.length > 1) text.appendMarkdown("**").appendText(project.name).appendMarkdown("**\n\n");
    if (project.problem) text.appendMarkdown("$(warning) ").appendText(project.problem).appendMarkdown("\n\n");
    const open = project.stages.filter(isOpen);
    if (open.length === 0) text.appendText(vscode.l10n.t("All stages are up to date")).appendMarkdown("\n\n");
    for (const stage of open.slice(0, IN_TOOLTIP)) {
      text
        .appendMarkdown(`$(${iconOf(stage.state)}) `)
        .appendText(lineOf(stage))
        .appendMarkdown("\n\n");
    }
    if (open.length > IN_TOOLTIP) {
      text.appendText(vscode.l10n.t("… and {0} more", open.length - IN_TOOLTIP)).appendMarkdown("\n\n");
    }
    if (project.cost !== null && project.stale > 0) {
      const took = vscode.l10n.t("The stale ones took {0} last time.", seconds(project.cost));
      text.appendText(took).appendMarkdown("\n\n");
    }
  }
  return text;
}

function lineOf(stage: StageStatus): string {
  const cost = stage.duration === null ? "" : ` (${seconds(stage.duration)})`;
  return `${stage.stage}: ${stage.state === "stale" ? describe(stage) : stateName(stage.state)}${cost}`;
}
