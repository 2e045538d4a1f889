/** Asks why a change is accepted, offering recent reasons. Remembers the last few for this workspace, nowhere else. */
import * as vscode from "vscode";

const KEY = "fastpipe.recentReasons";
const KEPT = 8;

/**
 * Free text in a quick pick whose list holds recent reasons: what was typed is always the first choice.
 * Gives undefined when the question was left.
 */
export function askReason(
  memory: vscode.Memento,
  question: string,
  offered: readonly string[],
): Promise<string | undefined> {
  const recent = [...new Set([...memory.get<string[]>(KEY, []), ...offered])].slice(0, KEPT);
  const pick = vscode.window.createQuickPick();
  pick.title = question;
  pick.placeholder = vscode.l10n.t("Why do its outputs still stand? Type a reason, or take a recent one");
  const list = (): vscode.QuickPickItem[] => {
    const typed = pick.value.trim();
    const items: vscode.QuickPickItem[] = recent
      .filter((reason) => reason !== typed)
      .map((label) => ({ label, iconPath: new vscode.ThemeIcon("history") }));
    if (typed) items.unshift({ label: typed, description: vscode.l10n.t("accept with this reason"), alwaysShow: true });
    return items;
  };
  return new Promise((resolve) => {
    pick.items = list();
    pick.onDidChangeValue(() => {
      pick.items = list();
    });
    pick.onDidAccept(() => {
      const reason = pick.activeItems[0]?.label ?? pick.value.trim();
      if (!reason) return;
      resolve(reason);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

export async function rememberReason(memory: vscode.Memento, reason: string): Promise<void> {
  const others = memory.get<string[]>(KEY, []).filter((other) => other !== reason);
  await memory.update(KEY, [reason, ...others].slice(0, KEPT));
}
