/**
 * The terminal and the editor say the same: the commands of the language server, run on the same folder as the command
 * line, give the same pages, drawings, versions, stages and numbers.
 */
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { ProtocolConnection } from "vscode-languageserver/node";
import { CHANGED_CONSTANT, CHANGED_HELPER, fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";
import { startServer } from "./languageServer.ts";

interface Page {
  readonly type: string;
  readonly text: string;
  readonly unified: string;
}

const KEY = "func:utils.clean_data";

/** A project with two versions of a helper recorded, a third in the code, and one stage whose change was accepted. */
async function changed(): Promise<string> {
  const root = folder(PIPELINE);
  await fastpipe(root, ["record", "--all", "--duration", "41.7"]);
  write(root, { "src/utils.py": PIPELINE["src/utils.py"].replace("+ 1", "+ 3") });
  await fastpipe(root, ["record", "train", "--duration", "12"]);
  write(root, { ...CHANGED_HELPER, ...CHANGED_CONSTANT });
  await fastpipe(root, ["accept", "train", "--reason", "same: numbers"]);
  return root;
}

/** What both say about one folder. */
async function both(root: string) {
  const { connection } = await startServer(root, { pages: true, asks: true });
  return {
    terminal: async (...args: string[]) => (await fastpipe(root, args)).out,
    editor: (command: string, argument: object = {}) => run(connection, command, argument),
    request: <T>(method: string, params: object = {}) => connection.sendRequest<T>(method, params),
  };
}

function run(connection: ProtocolConnection, command: string, argument: object): Promise<Page> {
  return connection.sendRequest("workspace/executeCommand", { command: `fastpipe.${command}`, arguments: [argument] });
}

const plain = (lines: readonly string[]) => lines.map((line) => line.trim()).filter((line) => line !== "");

describe("the terminal and the editor", () => {
  it("count the same stages, stale ones and seconds", async () => {
    const { terminal, request } = await both(await changed());
    const { projects } = await request<{
      projects: { stages: { stage: string; state: string; duration: number }[]; stale: number; cost: number }[];
    }>("fastpipe/status");
    const report = JSON.parse(await terminal("status", "--json"));
    expect(projects[0]).toMatchObject({ stale: report.stale, cost: report.cost });
    expect(report).toMatchObject({ stale: 1, cost: 41.7 });
    const told = report.stages.map((each: { stage: string; state: string; baseline: { duration: number } }) => ({
      stage: each.stage,
      state: each.state,
      duration: each.baseline.duration,
    }));
    expect(projects[0].stages.map(({ stage, state, duration }) => ({ stage, state, duration }))).toEqual(told);
  });

  it("explain a stage with the same page, source included", async () => {
    const { terminal, editor } = await both(await changed());
    for (const stage of ["preprocess", "train", "retrain"]) {
      const page = await editor("explainStage", { stage: `pipeline.${stage}` });
      expect(page.text).toBe(await terminal("explain", stage));
    }
    expect(await terminal("explain", "preprocess")).toContain(
      "        -     return x + 1\n        +     return x + 2\n",
    );
  });

  it("draw the same graph in each form", async () => {
    const { terminal, editor, request } = await both(await changed());
    for (const format of ["mermaid", "dot", "svg", "json"]) {
      const { text } = await request<{ text: string }>("fastpipe/graph", { format, code: true });
      expect(text.trimEnd()).toBe((await terminal("graph", "--format", format, "--code")).trimEnd());
    }
    expect((await editor("showGraph")).text).toBe(await terminal("graph", "--format", "svg"));
  });

  it("name the same versions of a function, and the same text of each", async () => {
    const { terminal, editor } = await both(await changed());
    for (const key of [KEY, "const:config.THRESHOLD"]) {
      const { text } = await editor("showHistory", { key });
      const versions = [...text.matchAll(/^# --- (\S+ \S+) {2}(\S+) {2}in ([^\n]*?)( {2}\(as it stands\))?$/gm)];
      const rows = (await terminal("history", key)).trimEnd().split("\n");
      expect(versions.map(([, at, recorded, stages, now = ""]) => [recorded, at, stages, now.trim()])).toEqual(
        rows.map((row) => {
          const [recorded, at, stages, now = ""] = row.split(/ {2,}/);
          return [recorded, at, stages, now];
        }),
      );
      expect(versions).toHaveLength(key === KEY ? 3 : 1);
      for (const [, , recorded] of versions) {
        const shown = (await terminal("history", key, "--show", recorded)).trimEnd();
        expect(shown).not.toBe("");
        expect(text).toContain(shown);
      }
    }
  });

  it("know the same past in a fresh clone, which has nothing but git", async () => {
    const root = folder(PIPELINE);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: root });
    git("init", "-q");
    await fastpipe(root, ["record", "--all"]);
    git("add", "-A");
    git("commit", "-qm", "one");
    write(root, CHANGED_HELPER);
    await fastpipe(root, ["record", "train"]);
    git("commit", "-qam", "two");
    rmSync(path.join(root, ".fastpipe"), { recursive: true });
    const { terminal, editor } = await both(root);
    const { text } = await editor("showHistory", { key: KEY });
    const versions = [...text.matchAll(/^# --- (\S+ \S+) {2}(\S+) {2}in /gm)].map(([, at, recorded]) => [recorded, at]);
    const rows = (await terminal("history", KEY)).trimEnd().split("\n");
    expect(versions).toEqual(rows.map((row) => row.split(/ {2,}/).slice(0, 2)));
    expect(versions).toHaveLength(2);
    for (const [recorded] of versions) {
      const shown = await terminal("history", KEY, "--show", recorded);
      expect(shown).toMatch(/return x \+ [12]/);
      expect(text).toContain(shown.trimEnd());
    }
    const page = await terminal("explain", "preprocess");
    expect(page).toContain("        -     return x + 1\n        +     return x + 2\n");
    expect((await editor("explainStage", { stage: "pipeline.preprocess" })).text).toBe(page);
  });

  it("name the same dependents, the way to each and what they cost", async () => {
    const { terminal, editor } = await both(await changed());
    const { text } = await editor("showDependents", { key: KEY });
    const told = JSON.parse(await terminal("dependents", KEY, "--all", "--json"));
    const lines = await terminal("dependents", KEY);
    for (const { stage, state, file, line } of told.stages) {
      expect(text).toMatch(new RegExp(` {4}${stage}\n {6}File: ${file}:${line}\n {6}State: ${state}`));
    }
    const ways = plain([...text.matchAll(/^ {6}Via: (.*)$/gm)].map(([, way]) => way));
    expect(ways).toEqual(["preprocess → load → clean_data", "train → load → clean_data"]);
    for (const way of ways) expect(lines).toContain(way);
    expect(text).toContain(`Stages that a change makes stale (${told.stages.length}, 53.7 s by their last runs)`);
    expect(lines).toMatch(/a change of func:utils\.clean_data makes 2 stages stale; their last runs took 53\.7 s\n$/);
    for (const definition of told.definitions) expect(text).toContain(`    ${definition}\n`);
  });

  it("give the same manifest", async () => {
    const root = await changed();
    const { terminal, request } = await both(root);
    const uri = pathToFileURL(path.join(root, "src/pipeline.py")).href;
    const manifest = await request("fastpipe/manifest", { uri, qualname: "preprocess" });
    expect(manifest).toEqual(JSON.parse(await terminal("manifest", "src/pipeline.py::preprocess", "--json")));
  });

  it("show the same difference", async () => {
    const { terminal, editor } = await both(await changed());
    const { unified } = await editor("showDiff", { stage: "pipeline.preprocess" });
    const body = (text: string) =>
      text.split("\n").filter((line) => line !== "" && !/^(?:---|\+\+\+|Index|=)/.test(line));
    expect(body(unified)).toEqual(body(await terminal("diff", "preprocess")));
  });
});
