/**
 * Reads a page of spellings: Markdown whose fences hold variants of one program. A fence `python equal` or
 * `python different` has variants divided by lines `# ---`, and probes in comments, `#? run(1)`: expressions that tell the
 * variants apart, or do not. `unseen` in a fence's first line says that no probe can tell, and the text before it why.
 */

export interface Spelling {
  readonly title: string;
  readonly reason: string;
  /** Of the fence, 1-based. */
  readonly line: number;
  readonly variants: readonly string[];
  readonly probes: readonly string[];
  readonly equal: boolean;
  /** Whether CPython can be asked. */
  readonly unseen: boolean;
}

/** The fences of a page, in order. Throws, naming the line, where one is of no use. */
export function readSpellings(markdown: string): Spelling[] {
  const out: Spelling[] = [];
  let title = "";
  let prose: string[] = [];
  let reason = "";
  let fence: { info: string; line: number; text: string[] } | null = null;
  markdown.split("\n").forEach((text, index) => {
    if (fence !== null) {
      if (text.startsWith("```")) {
        out.push(spellingOf(title, reason, fence));
        fence = null;
      } else fence.text.push(text);
    } else if (text.startsWith("```")) {
      if (prose.length > 0) reason = prose.join(" ");
      prose = [];
      fence = { info: text.slice(3), line: index + 1, text: [] };
    } else if (text.startsWith("## ")) {
      title = text.slice(3);
      prose = [];
    } else if (text.trim() !== "" && !text.startsWith("# ")) prose.push(text.trim());
  });
  return out;
}

function spellingOf(
  title: string,
  reason: string,
  { info, line, text }: { info: string; line: number; text: string[] },
): Spelling {
  const [language, verdict, mark] = info.split(" ");
  const probes = text.filter((item) => item.startsWith("#? ")).map((item) => item.slice(3));
  const variants = text
    .filter((item) => !item.startsWith("#? "))
    .join("\n")
    .split(/^# ---\n/m);
  const unseen = mark === "unseen";
  if (language !== "python" || (verdict !== "equal" && verdict !== "different") || variants.length < 2) {
    throw new Error(`line ${line}: a fence is \`python equal\` or \`python different\` and has two variants or more`);
  }
  if (unseen === probes.length > 0) throw new Error(`line ${line}: either probes or \`unseen\``);
  return { title, reason, line, variants, probes, equal: verdict === "equal", unseen };
}
