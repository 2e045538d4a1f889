/**
 * The short texts of the editor: what a lens, a menu entry and a message say. Pure: states in, one line out. The long
 * texts (the explain page, the reason) are the engine's.
 */
import { type StageStatus, shortKey } from "@fastpipe/engine";

/** Names that a lens lists before it counts the rest. */
const NAMED = 4;

/** What stands first above a stage. */
export function stateTitle(status: StageStatus): string {
  switch (status.state) {
    case "stale":
      return staleTitle(status);
    case "fresh":
      return `✓ up to date · ${status.tracked} tracked`;
    case "accepted":
      return `✓ up to date (accepted) · ${status.tracked} tracked`;
    case "new":
      return "○ never recorded · Record";
    case "broken":
      return `⚠ ${brokenTitle(status)}`;
    case "orphan":
      return "⚠ in the lock, not in the code";
  }
}

function staleTitle({ changed, note }: StageStatus): string {
  if (changed.length > 0) return `● changed since last run: ${changedNames(changed)}`;
  return `● changed since last run: ${(note ?? "structure").split(/ \(|: /, 1)[0]}`;
}

/** Short names of what changed, each once, the nearest first. */
export function changedNames(changed: StageStatus["changed"], most = NAMED): string {
  const names = [...new Set(changed.map((change) => shortKey(change.key)))];
  if (names.length <= most) return names.join(", ");
  return `${names.slice(0, most - 1).join(", ")} and ${names.length - most + 1} more`;
}

function brokenTitle({ error, file }: StageStatus): string {
  if (!error) return "its code can't be read";
  const elsewhere = error.file !== undefined && error.file !== file ? `${error.file}:` : "line ";
  return error.line === undefined ? error.message : `${error.message} (${elsewhere}${error.line})`;
}

export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
