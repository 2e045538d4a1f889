/**
 * The versions of one definition in a list, newest first: one is compared with the code as it stands, two with each other,
 * in VS Code's diff editor. Reads only what the server answered.
 */
import type { HistoryResult, HistoryVersion } from "@fastpipe/shared";
import * as vscode from "vscode";
import type { Diffs } from "./diffs.ts";

interface Row extends vscode.QuickPickItem {
  /** Null stands for the code as it stands. */
  readonly version: HistoryVersion | null;
}

export async function showHistory(history: HistoryResult, diffs: Diffs): Promise<void> {
  const picked = await vscode.window.showQuickPick(rowsOf(history), {
    title: history.title,
    placeHolder: vscode.l10n.t("One version: compare with the code. Two: with each other"),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!picked || picked.length === 0) return;
  // Newest first in the list: the older one goes to the left.
  const [newer, older] = picked.length === 1 ? [null, picked[0].version] : picked.slice(0, 2).map((row) => row.version);
  const side = (version: HistoryVersion | null) => ({
    label: version ? labelOf(version) : vscode.l10n.t("now"),
    text: (version ? version.text : history.present) ?? `# ${vscode.l10n.t("its text is not kept here any more")}\n`,
  });
  await diffs.compare(history.key, side(older), side(newer));
}

function rowsOf({ present, versions }: HistoryResult): Row[] {
  const rows: Row[] = versions.map((version) => ({
    label: `$(history) ${labelOf(version)}`,
    description: version.current ? vscode.l10n.t("as it stands") : undefined,
    detail: vscode.l10n.t("recorded for {0}", version.stages.join(", ")),
    version,
  }));
  const edited = present !== null && !versions.some(({ current }) => current);
  if (edited) {
    const label = `$(edit) ${vscode.l10n.t("now")}`;
    rows.unshift({ label, description: vscode.l10n.t("not recorded yet"), version: null });
  }
  return rows;
}

/** `2026-11-20 15:00  1f2e3d4c`, or the value. */
function labelOf({ at, recorded }: HistoryVersion): string {
  const what = /^[0-9a-f]{32,}$/.test(recorded) ? recorded.slice(0, 8) : recorded;
  return `${at.slice(0, 16).replace("T", " ")}  ${what}`;
}
