/**
 * Reads a behaviour suite: Markdown in, cases out (the format is described in README.md beside this file).
 * It knows the format only: what is run, and what is compared, is up to behaviour.test.ts.
 */
import { parse } from "yaml";

/** A file of a case: its bytes, or null where the change deletes it. */
export type Files = ReadonlyMap<string, Uint8Array | null>;

/** Two states of a project, and what is expected of a stage in it. */
export interface ProjectCase {
  readonly kind: "project";
  readonly title: string;
  readonly reason: string;
  /** Line of the heading, 1-based. */
  readonly line: number;
  readonly before: Files;
  readonly after: Files;
  readonly expect: Expectation;
}

export interface Expectation {
  readonly changed?: boolean;
  readonly entries?: readonly string[];
  readonly present?: readonly string[];
  readonly absent?: readonly string[];
  readonly untracked?: readonly string[];
  readonly error?: string;
  readonly "changed-or-notice"?: boolean;
  readonly stages?: readonly string[];
  readonly stage?: string;
  readonly "stage-after"?: string;
  readonly level?: "strict" | "semantic" | "behavioral";
  readonly "source-roots"?: readonly string[];
  readonly "stage-decorators"?: readonly string[];
  readonly watch?: readonly string[];
  readonly packages?: Readonly<Record<string, string>>;
  readonly "packages-after"?: Readonly<Record<string, string>>;
}

/** The finest level at which the variants are one, or `none`. */
export type Sameness = "strict" | "semantic" | "behavioral" | "none";

/** Several versions of `pipeline.py`. */
export interface VariantsCase {
  readonly kind: "variants";
  readonly title: string;
  readonly reason: string;
  readonly line: number;
  readonly variants: readonly string[];
  readonly sameFrom: Sameness;
}

export type Case = ProjectCase | VariantsCase;

const EXPECTATIONS: ReadonlySet<string> = new Set<keyof Expectation>([
  "changed",
  "entries",
  "present",
  "absent",
  "untracked",
  "error",
  "changed-or-notice",
  "stages",
  "stage",
  "stage-after",
  "level",
  "source-roots",
  "stage-decorators",
  "watch",
  "packages",
  "packages-after",
]);

interface Fence {
  readonly info: string;
  readonly text: string;
  readonly reason: string;
  readonly line: number;
}

/** The cases of one page, in order. Throws, naming the line, where the page does not keep to the format. */
export function readSuite(markdown: string): { readonly title: string; readonly cases: readonly Case[] } {
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? "";
  const cases: Case[] = [];
  for (const section of sections(markdown)) {
    const fences = fencesOf(section.text, section.line);
    const files = fences.filter((fence) => fence.info.includes("path="));
    const variants = fences.filter((fence) => /\b(equal=|different\b)/.test(fence.info));
    const expectations = fences.filter((fence) => fence.info.endsWith("expect"));
    if (files.length > 0) {
      if (expectations.length !== 1 || variants.length > 0) {
        throw new Error(`line ${section.line}: a project needs exactly one \`yaml expect\` fence`);
      }
      cases.push(projectCase(section.title, section.line, files, expectations[0]));
    }
    variants.forEach((fence, index) => {
      cases.push(variantsCase(variants.length > 1 ? `${section.title} (${index + 1})` : section.title, fence));
    });
    if (fences.length !== files.length + variants.length + expectations.length || fences.length === 0) {
      throw new Error(`line ${section.line}: nothing to run here, or a fence of an unknown kind`);
    }
  }
  return { title, cases };
}

function* sections(markdown: string): Generator<{ title: string; line: number; text: string }> {
  const lines = markdown.split("\n");
  let fenced = false;
  const starts: number[] = [];
  lines.forEach((line, index) => {
    fenced = line.startsWith("```") ? !fenced : fenced;
    if (!fenced && line.startsWith("## ")) {
      starts.push(index);
    }
  });
  for (const [index, start] of starts.entries()) {
    const text = lines.slice(start + 1, starts[index + 1] ?? lines.length).join("\n");
    yield { title: lines[start].slice(3), line: start + 1, text };
  }
}

function fencesOf(text: string, firstLine: number): Fence[] {
  const fences: Fence[] = [];
  let prose = "";
  let last = 0;
  for (const match of text.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)) {
    const between = text.slice(last, match.index).trim();
    prose = between === "" ? prose : between;
    last = match.index + match[0].length;
    const line = firstLine + text.slice(0, match.index).split("\n").length;
    fences.push({ info: match[1].trim(), text: match[2], reason: prose.replaceAll("\n", " "), line });
  }
  return fences;
}

function projectCase(title: string, line: number, fences: readonly Fence[], expectation: Fence): ProjectCase {
  const before = new Map<string, Uint8Array | null>();
  const after = new Map<string, Uint8Array | null>();
  for (const fence of fences) {
    const [, side, path] = /path="(before|after)\/([^"]+)"/.exec(fence.info) ?? [];
    if (path === undefined) {
      throw new Error(`line ${fence.line}: a path begins with before/ or after/`);
    }
    const encoding = /encoding=latin1/.test(fence.info) ? "latin1" : "utf8";
    const bytes = / deleted$/.test(fence.info) ? null : new Uint8Array(Buffer.from(characters(fence.text), encoding));
    (side === "before" ? before : after).set(path, bytes);
  }
  const expect: Expectation = parse(expectation.text) ?? {};
  for (const key of Object.keys(expect)) {
    if (!EXPECTATIONS.has(key)) {
      throw new Error(`line ${expectation.line}: no such expectation: ${key}`);
    }
  }
  return { kind: "project", title, reason: fences[0].reason, line, before, after, expect };
}

function variantsCase(title: string, fence: Fence): VariantsCase {
  const [, level] = /\bequal=(strict|semantic|behavioral)\b/.exec(fence.info) ?? [];
  if (level === undefined && !/\bdifferent\b/.test(fence.info)) {
    throw new Error(`line ${fence.line}: equal= takes a level`);
  }
  const variants = fence.text.split(/^# ---\n/m).map(characters);
  if (variants.length < 2) {
    throw new Error(`line ${fence.line}: one variant has nothing to be compared with`);
  }
  const sameFrom = (level ?? "none") as Sameness;
  return { kind: "variants", title, reason: fence.reason, line: fence.line, variants, sameFrom };
}

/** `⟨U+000D⟩` as the character of that number. */
function characters(text: string): string {
  return text.replace(/⟨U\+([0-9A-F]{4,6})⟩/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)));
}
