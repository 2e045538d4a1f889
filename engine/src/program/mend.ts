/**
 * What stands in for a broken buffer while it is typed: its whole statements as they are, the broken ones as they last
 * were. So an edit in one function of a file stays live while another one is half written.
 */
import { outlineByIndentation } from "../outline/indentation.ts";
import { splitWholeStatements } from "../outline/whole.ts";

/**
 * The text to analyse in place of a broken one; offsets refer to it, not to the buffer. Null when nothing of the broken
 * text is whole. `lastGood`: the text that was analysed last.
 */
export function mendedText(text: string, lastGood: string): string | null {
  const statements = splitWholeStatements(text, outlineByIndentation(text));
  const before = new Map<string, string>();
  for (const item of outlineByIndentation(lastGood).items) {
    const source = lastGood.slice(item.start, item.end);
    const name = item.name ?? assignedName(source);
    if (name !== null && !before.has(name)) before.set(name, source);
  }
  const parts: string[] = [];
  const present = new Set<string>();
  for (const { item, module } of statements) {
    const source = text.slice(item.start, item.end);
    const name = item.name ?? assignedName(source);
    if (module !== null) parts.push(source);
    else if (name !== null && before.has(name)) parts.push(before.get(name) as string);
    if (name !== null) present.add(name);
  }
  if (parts.length === 0) return null;
  // Definitions that the broken region has swallowed, such as those behind an open string.
  for (const [name, source] of before) if (!present.has(name)) parts.push(source);
  return parts.map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
}

function assignedName(source: string): string | null {
  return /^([^\W\d]\w*)\s*(?::[^=]|=[^=])/u.exec(source)?.[1] ?? null;
}
