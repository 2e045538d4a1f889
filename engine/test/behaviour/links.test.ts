/** Every row of docs/change-detection.md names the cases that show it, and each of them is there. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const DOCS = join(import.meta.dirname, "..", "..", "..", "docs");
const PAGE = join(DOCS, "change-detection.md");

/** The anchors of a page, as its readers make them of headings. */
function anchorsOf(file: string): ReadonlySet<string> {
  const found = new Set<string>();
  let fenced = false;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line.startsWith("```")) fenced = !fenced;
    const heading = fenced ? null : /^#+ (.*)$/.exec(line);
    if (heading) {
      found.add(
        heading[1]
          .toLowerCase()
          .replace(/[^\p{L}\p{N}_ -]/gu, "")
          .replaceAll(" ", "-"),
      );
    }
  }
  return found;
}

const rows = readFileSync(PAGE, "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| pattern") && !line.startsWith("|---"))
  .map((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { pattern: cells[1], verdict: cells[2], links: [...cells[cells.length - 2].matchAll(/\]\(([^)]*)\)/g)] };
  });

it("has rows", () => {
  expect(rows.length).toBeGreaterThan(60);
});

it.each(rows.map((row) => [row.pattern, row] as const))("%s", (_, { verdict, links }) => {
  expect(["yes", "no", "notice", "error"]).toContain(verdict);
  expect(links.length).toBeGreaterThan(0);
  let cases = 0;
  for (const [, link] of links) {
    const [path, anchor] = link.split("#");
    const file = join(dirname(PAGE), path);
    expect(existsSync(file), link).toBe(true);
    expect(anchorsOf(file), link).toContain(anchor);
    if (/engine\/test\/(?:behaviour|normalisation)\//.test(path) || path === "proofs.md") cases++;
  }
  expect(cases, "rows are shown by a case or a suite").toBeGreaterThan(0);
});
