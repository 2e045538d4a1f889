/** The format of the behaviour suites: what is read from a page, and that a page that breaks it is refused. */
import { expect, it } from "vitest";
import { readSuite } from "./suite.ts";

const fence = (info: string, text: string) => `\`\`\`${info}\n${text}\`\`\`\n`;

it("reads a project", () => {
  const { title, cases } = readSuite(
    [
      "# Title\n",
      "## A case\n\nIts reason.\n",
      fence('python path="before/a.py"', "## not a heading\nx = 1\n"),
      fence('python path="after/a.py" deleted', ""),
      fence('python path="after/b.py" encoding=latin1', "é⟨U+000D⟩\n"),
      fence("yaml expect", "changed: true\nentries: [const:a.x]\n"),
    ].join("\n"),
  );
  expect(title).toBe("Title");
  expect(cases).toEqual([
    {
      kind: "project",
      title: "A case",
      reason: "Its reason.",
      line: 3,
      before: new Map([["a.py", new TextEncoder().encode("## not a heading\nx = 1\n")]]),
      after: new Map([
        ["a.py", null],
        ["b.py", new Uint8Array([0xe9, 13, 10])],
      ]),
      expect: { changed: true, entries: ["const:a.x"] },
    },
  ]);
});

it("reads variants, each fence with its reason", () => {
  const { cases } = readSuite(
    `## Case\n\nOne.\n\n${fence("python equal=semantic", "a\n# ---\nb\n")}\nTwo.\n\n${fence("python different", "c\n# ---\nd\n")}`,
  );
  expect(cases).toEqual([
    { kind: "variants", title: "Case (1)", reason: "One.", line: 5, variants: ["a\n", "b\n"], sameFrom: "semantic" },
    { kind: "variants", title: "Case (2)", reason: "Two.", line: 13, variants: ["c\n", "d\n"], sameFrom: "none" },
  ]);
});

it.each([
  ["no expectation", fence('python path="before/a.py"', "x = 1\n")],
  ["an unknown expectation", fence('python path="before/a.py"', "x = 1\n") + fence("yaml expect", "chnged: true\n")],
  ["an unknown side", fence('python path="during/a.py"', "x = 1\n") + fence("yaml expect", "changed: true\n")],
  ["an unknown level", fence("python equal=sometimes", "a\n# ---\nb\n")],
  ["a lone variant", fence("python different", "a\n")],
  ["a fence of no kind", fence("python", "a\n")],
  ["no fence", "Only prose.\n"],
])("refuses %s", (_, text) => {
  expect(() => readSuite(`## Case\n\nWhy.\n\n${text}`)).toThrow(/line \d+/);
});
