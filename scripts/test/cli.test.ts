/** Holds docs/cli.md to the command line: every command and option that `--help` names, and no other; every schema. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(path.join(repository, "docs/cli.md"), "utf8");

const folder = mkdtempSync(path.join(tmpdir(), "fastpipe-help-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bundle = path.join(folder, "cli.js");
await build({
  absWorkingDir: repository,
  entryPoints: ["cli/src/main.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "cjs",
  logLevel: "error",
  external: ["@fastpipe/server/node"],
});

const help = (...command: string[]) =>
  execFileSync(process.execPath, [bundle, ...command, "--help"], {
    encoding: "utf8",
    env: { ...process.env, COLUMNS: "500" },
  });

/** `--against <baseline>` and the like, in the lines below a heading of a help text. */
function options(text: string, heading: string): string[] {
  const [, block = ""] = new RegExp(`^${heading}:\n((?: .*\n)*)`, "m").exec(text) ?? [];
  return [...block.matchAll(/^ {2}(?:-\w, )?(--[\w-]+(?: <\w+>)?)/gm)].map(([, flag]) => flag);
}

/** The same in the first column of a section's tables. */
function documented(section: string): string[] {
  return [...section.matchAll(/^\| ((?:`-[^`]*`(?:, )?)+) \|/gm)].map(([, cell]) => /`(--[^`]*)`/.exec(cell)![1]);
}

const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split("\n", 1)[0], section.split(/^## /m, 1)[0]]),
);
const commands = [...help().matchAll(/^ {2}([a-z]+)(?: [^\n]*?)? {2,}\S/gm)].map(([, name]) => name);

describe("docs/cli.md", () => {
  it("has a section for each command, and the options that every command takes", () => {
    expect(commands.length).toBeGreaterThan(10);
    expect([...sections.keys()].sort()).toEqual([...commands].sort());
    expect(documented(page.split(/^### /m, 1)[0]).sort()).toEqual(options(help(), "Options").sort());
  });

  it.each(commands)("says what the options of %s do, and what they take", (command) => {
    const text = help(command);
    const section = sections.get(command)!;
    expect(section).toContain(`\n\`fastpipe ${command}`);
    expect(documented(section).sort()).toEqual(
      options(text, "Options")
        .filter((flag) => flag !== "--help")
        .sort(),
    );
    const own = text.split("Global Options")[0];
    for (const [, choices] of own.matchAll(/\(choices: ([^,)]*(?:, "[^"]*")*)/g)) {
      for (const choice of choices.match(/"[^"]*"/g)!) expect(section).toContain(`\`${choice.slice(1, -1)}\``);
    }
  });

  it("links every schema", () => {
    const linked = [...page.matchAll(/\]\(\.\.\/schemas\/([\w-]+\.schema\.json)\)/g)].map(([, name]) => name);
    expect(linked.sort()).toEqual(readdirSync(path.join(repository, "schemas")).sort());
  });
});
