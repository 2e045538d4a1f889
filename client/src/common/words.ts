/** States and figures in words, in the user's language: what tree, status bar and messages share. Pure. */
import type { ProjectStatus, StageState, StageStatus } from "@fastpipe/shared";
import * as vscode from "vscode";

/** A state as a heading of its group. */
export function stateName(state: StageState): string {
  switch (state) {
    case "stale":
      return vscode.l10n.t("Stale");
    case "broken":
      return vscode.l10n.t("Broken");
    case "new":
      return vscode.l10n.t("Never recorded");
    case "accepted":
      return vscode.l10n.t("Accepted");
    case "orphan":
      return vscode.l10n.t("In the lock only");
    case "fresh":
      return vscode.l10n.t("Up to date");
  }
}

/** What is to be said of a stage beside its name. */
export function describe(stage: StageStatus): string {
  switch (stage.state) {
    case "stale":
      return stage.changed.length > 0 ? stage.changed.join(", ") : (stage.problem ?? "");
    case "new":
      return vscode.l10n.t("never recorded");
    case "broken":
      return stage.problem ?? vscode.l10n.t("syntax error");
    case "orphan":
      return vscode.l10n.t("in the lock, not in the code");
    case "accepted":
      return stage.baseline?.reason ? vscode.l10n.t("accepted: {0}", stage.baseline.reason) : vscode.l10n.t("accepted");
    case "fresh":
      return vscode.l10n.t("up to date");
  }
}

/** When a stage ran last and how long it took, as far as known; empty when it never did. */
export function lastRun({ baseline, duration }: StageStatus): string {
  const at = baseline && (baseline.how === "accepted" ? baseline.ranAt : baseline.at);
  const parts = [duration === null ? "" : seconds(duration), at ? at.slice(0, 16).replace("T", " ") : ""];
  return parts.filter(Boolean).join(" · ");
}

export function iconOf(state: StageState): string {
  switch (state) {
    case "stale":
      return "circle-filled";
    case "broken":
      return "warning";
    case "new":
      return "circle-outline";
    case "accepted":
      return "pass-filled";
    case "orphan":
      return "question";
    case "fresh":
      return "pass";
  }
}

export function colorOf(state: StageState): vscode.ThemeColor | undefined {
  switch (state) {
    case "stale":
      return new vscode.ThemeColor("fastpipe.staleForeground");
    case "broken":
      return new vscode.ThemeColor("fastpipe.brokenForeground");
    case "new":
      return new vscode.ThemeColor("fastpipe.newForeground");
    case "orphan":
      return undefined;
    default:
      return new vscode.ThemeColor("fastpipe.freshForeground");
  }
}

/** Whether a stage asks for attention. */
export function isOpen({ state }: StageStatus): boolean {
  return state !== "fresh" && state !== "accepted";
}

/** Seconds as people say them. */
export function seconds(amount: number): string {
  if (amount < 60) return vscode.l10n.t("{0} s", Math.round(amount * 10) / 10);
  const minutes = Math.round(amount / 60);
  if (minutes < 60) return vscode.l10n.t("{0} min", minutes);
  return vscode.l10n.t("{0} h {1} min", Math.floor(minutes / 60), minutes % 60);
}

export function stagesCount(amount: number): string {
  return amount === 1 ? vscode.l10n.t("1 stage") : vscode.l10n.t("{0} stages", amount);
}

export function trackedCount(amount: number): string {
  return amount === 1 ? vscode.l10n.t("1 tracked entry") : vscode.l10n.t("{0} tracked entries", amount);
}

/** Whether a feature's switch is on for a project. */
export function isEnabled(setting: string, { root }: Pick<ProjectStatus, "root">): boolean {
  return vscode.workspace.getConfiguration("fastpipe", vscode.Uri.parse(root)).get(setting, true);
}
