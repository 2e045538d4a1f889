/**
 * The short texts of the editor, in the client's language: what a lens, a menu entry and a message say. Pure: states in, one
 * line out. The long texts (pages) are the engine's, the same as at a terminal, and English.
 */
import {
  comparedEntries,
  type Explanation,
  formatMinute,
  type StageState,
  type StageStatus,
  shortKey,
} from "@fastpipe/engine";
import { t } from "@vscode/l10n";

/** Names that a lens lists before it counts the rest. */
const NAMED = 4;

/** What stands first above a stage. `edited` are files with edits that are not saved. */
export function stateTitle(status: StageStatus, edited: ReadonlySet<string>): string {
  switch (status.state) {
    case "stale":
      return staleTitle(status, edited);
    case "fresh":
      return `✓ ${t("up to date · {0} tracked", status.tracked)}`;
    case "accepted":
      return `✓ ${t("up to date (accepted) · {0} tracked", status.tracked)}`;
    case "new":
      return `○ ${t("never recorded · Record")}`;
    case "broken":
      return `⚠ ${brokenTitle(status)}`;
    case "orphan":
      return `⚠ ${t("in the lock, not in the code")}`;
  }
}

function staleTitle({ changed, note }: StageStatus, edited: ReadonlySet<string>): string {
  const what = changed.length > 0 ? changedNames(changed) : (note ?? t("structure")).split(/ \(|: /, 1)[0];
  const unsaved = changed.some(({ file }) => file !== null && edited.has(file));
  return `● ${t("changed since last run: {0}", what)}${unsaved ? ` · ${t("unsaved edits")}` : ""}`;
}

/** Short names of what changed, each once, the nearest first. */
export function changedNames(changed: StageStatus["changed"], most = NAMED): string {
  const names = [...new Set(changed.map((change) => shortKey(change.key)))];
  if (names.length <= most) return names.join(", ");
  return t("{0} and {1} more", names.slice(0, most - 1).join(", "), names.length - most + 1);
}

/** Why a stage is broken, with its place. */
export function brokenTitle({ error, file }: StageStatus): string {
  if (!error) return t("its code can't be read");
  const elsewhere = error.file !== undefined && error.file !== file ? `${error.file}:` : `${t("line")} `;
  return error.line === undefined ? error.message : `${error.message} (${elsewhere}${error.line})`;
}

/** Why a stage is in its state, on one line. */
export function reasonTitle(explanation: Explanation): string {
  const { state, changed, tracked, note, baseline } = explanation;
  switch (state) {
    case "stale":
      if (note !== undefined) return note;
      return comparedEntries(explanation) === 1
        ? t("{0} of 1 tracked entry changed", changed.length)
        : t("{0} of {1} tracked entries changed", changed.length, comparedEntries(explanation));
    case "fresh":
      return tracked === 1
        ? t("its one tracked entry has not changed")
        : t("none of {0} tracked entries changed", tracked);
    case "accepted": {
      const at = formatMinute(baseline!.at);
      return baseline!.reason ? t("accepted {0}: {1}", at, baseline!.reason) : t("accepted {0}", at);
    }
    case "new":
      return tracked === 1 ? t("no baseline yet; 1 tracked entry") : t("no baseline yet; {0} tracked entries", tracked);
    case "broken":
      return brokenTitle(explanation);
    case "orphan":
      return t("recorded from {0}, which no longer has it", explanation.file);
  }
}

/** A state in one or two words. */
export function stateWord(state: StageState): string {
  switch (state) {
    case "stale":
      return t("stale");
    case "fresh":
      return t("up to date");
    case "accepted":
      return t("accepted");
    case "new":
      return t("never recorded");
    case "broken":
      return t("broken");
    case "orphan":
      return t("not in the code");
  }
}

/** `1 stage`, `4 stages`. */
export function stagesCount(amount: number): string {
  return amount === 1 ? t("1 stage") : t("{0} stages", amount);
}

/** In a language that is not asked for: of pages, which are English. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
