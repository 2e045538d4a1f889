/** The bundled server over real stdio, with a client that supports what VS Code supports. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PageResult } from "@fastpipe/shared";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CodeAction, Hover } from "vscode-languageserver";
import { Client, Folder, FULL, until } from "./client.ts";

const PIPELINE = `from fastpipe import stage
from helpers import clean
from config import LIMIT


@stage(deps=["raw.csv"], outs=["clean.csv"])
def prepare(raw, target):
    return clean(raw, LIMIT)


@stage(deps=["clean.csv"], outs=["model.json"])
def train(source, target):
    return clean(source, 1)
`;
const HELPERS = `def clean(rows, limit):
    return [row for row in rows if row < limit]
`;
const FILES = { "pipeline.py": PIPELINE, "helpers.py": HELPERS, "config.py": "LIMIT = 5\n" };

let folder: Folder;
let client: Client;

/** Position of the first `word` in a text. */
function at(text: string, word: string) {
  const before = text.slice(0, text.indexOf(word)).split("\n");
  return { line: before.length - 1, character: before[before.length - 1].length + 1 };
}

beforeEach(async () => {
  folder = new Folder(FILES);
  client = await Client.start({ folders: [folder], capabilities: FULL });
});

afterEach(async () => {
  expect(await client.stop()).toBe(0);
  folder.dispose();
});

describe("a pipeline in the editor", () => {
  it("shows the state above each stage, before anything is saved", async () => {
    const pipeline = folder.uri("pipeline.py");
    await client.open(pipeline, PIPELINE);
    expect(await client.titles(pipeline)).toEqual(["○ never recorded · Record", "○ never recorded · Record"]);
    expect(await client.command("fastpipe.recordAll")).toMatchObject({ type: "done" });
    expect(await client.titles(pipeline)).toEqual([
      expect.stringMatching(/^✓ up to date · \d+ tracked$/),
      expect.stringMatching(/^✓ up to date · \d+ tracked$/),
    ]);
    const lenses = await client.lenses(pipeline);
    expect(lenses.map((lens) => lens.range.start.line)).toEqual([5, 10]);

    const helpers = folder.uri("helpers.py");
    await client.open(helpers, HELPERS);
    const start = { line: 1, character: HELPERS.split("\n")[1].length - 1 };
    await client.change(helpers, " + 1", { start, end: start });
    expect(await client.titles(pipeline)).toEqual([
      "● changed since last run: clean · unsaved edits",
      "Diff",
      "Accept",
      "Record",
      "● changed since last run: clean · unsaved edits",
      "Diff",
      "Accept",
      "Record",
    ]);
    // The line stays where it is: only its text is another one.
    const after = await client.lenses(pipeline);
    expect(new Set(after.map((lens) => lens.range.start.line))).toEqual(new Set([5, 10]));
    expect(readFileSync(path.join(folder.path, "helpers.py"), "utf8")).toBe(HELPERS);
    await client.change(helpers, "", { start, end: { ...start, character: start.character + 4 } });
    expect((await client.titles(pipeline))[0]).toContain("✓ up to date");
  });

  it("ignores comments, and sees a constant in another file by its values", async () => {
    const pipeline = folder.uri("pipeline.py");
    await client.open(pipeline, PIPELINE);
    await client.command("fastpipe.recordAll");
    await client.open(folder.uri("config.py"), "LIMIT = 5\n");
    await client.change(folder.uri("config.py"), "LIMIT = 5  # rows\n");
    expect((await client.titles(pipeline))[0]).toContain("✓");
    await client.change(folder.uri("config.py"), "LIMIT = 7\n");
    expect((await client.titles(pipeline))[0]).toBe("● changed since last run: LIMIT · unsaved edits");
    const hover = await client.connection.sendRequest<Hover>("textDocument/hover", {
      textDocument: { uri: pipeline },
      position: at(PIPELINE, "prepare("),
    });
    expect(hover.contents).toMatchObject({ kind: "markdown" });
    const { value } = hover.contents as { value: string };
    expect(value).toMatch(
      /\| const:config\.LIMIT \| 5 \| 7 \| \[config\.py:1\]\(file:.*config\.py#L1\) \| \[prepare\]\(file:.*pipeline\.py#L7\) \|/,
    );
  });

  it("tells who uses a helper, where it is defined and where it is called", async () => {
    await client.open(folder.uri("pipeline.py"), PIPELINE);
    for (const [uri, text, word] of [
      [folder.uri("helpers.py"), HELPERS, "clean"],
      [folder.uri("pipeline.py"), PIPELINE, "clean(raw"],
    ]) {
      const hover = await client.connection.sendRequest<Hover>("textDocument/hover", {
        textDocument: { uri },
        position: at(text, word),
      });
      expect((hover.contents as { value: string }).value).toContain("used by 2 stages");
    }
    const inside = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
      textDocument: { uri: folder.uri("helpers.py") },
      position: at(HELPERS, "row for"),
    });
    expect(inside).toBeNull();
  });

  it("accepts a change on the helper's side, in every stage, with a reason", async () => {
    const pipeline = folder.uri("pipeline.py");
    const helpers = folder.uri("helpers.py");
    await client.command("fastpipe.recordAll");
    const changed = HELPERS.replace("< limit", "<= limit");
    await client.open(helpers, HELPERS);
    await client.change(helpers, changed);
    const actions = await client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri: helpers },
      range: { start: at(changed, "row <="), end: at(changed, "row <=") },
      context: { diagnostics: [], triggerKind: 2 },
    });
    const titles = actions.map((action) => action.title);
    expect(titles).toContain("Fastpipe: accept this change of clean in 2 stages");
    const accept = actions.find((action) => action.title.includes("in 2 stages"))!.command!;

    const unsaved = await client.command(accept.command, accept.arguments![0]);
    expect(unsaved).toMatchObject({ type: "refused", unsaved: [helpers] });
    folder.write("helpers.py", changed);
    await client.save(helpers);
    const question = await client.command(accept.command, accept.arguments![0]);
    expect(question).toMatchObject({ type: "choose", what: "reason", choices: expect.any(Array) });
    const done = await client.command(accept.command, { ...accept.arguments![0], reason: "boundary is never hit" });
    expect(done).toMatchObject({ type: "done", message: "Accepted pipeline.prepare and pipeline.train" });
    const lock = readFileSync(path.join(folder.path, "fastpipe.lock"), "utf8");
    expect(lock.match(/reason: boundary is never hit/g)).toHaveLength(2);
    expect((await client.titles(pipeline))[0]).toMatch(/^✓ up to date \(accepted\) · \d+ tracked$/);

    await client.command("fastpipe.revokeAccept", { stage: "prepare" });
    expect((await client.titles(pipeline))[0]).toBe("● changed since last run: clean");
    expect((await client.command("fastpipe.acceptChange", { stage: "prepare" })).type).toBe("choose");
  });

  it("explains, diffs, lists dependents and history", async () => {
    await client.command("fastpipe.recordAll");
    const changed = HELPERS.replace("< limit", "<= limit");
    folder.write("helpers.py", changed);
    await client.open(folder.uri("helpers.py"), changed);
    const page = (await client.command("fastpipe.explainStage", { stage: "prepare" })) as PageResult;
    expect(page.text).toContain("Stage: pipeline.prepare\n  Status: STALE (would re-run)");
    expect(page.text).toMatch(
      /func:helpers\.clean\n {6}Old: [0-9a-f]{8}\n {6}New: [0-9a-f]{8}\n {6}File: helpers\.py:1/,
    );
    expect(page.places).toContainEqual({
      pageLine: page.text.split("\n").findIndex((line) => line.includes("File:")),
      start: 12,
      end: 24,
      uri: folder.uri("helpers.py"),
      line: 1,
    });
    expect(await client.command("fastpipe.showDiff", { stage: "prepare" })).toMatchObject({
      type: "diff",
      entries: [{ key: "func:helpers.clean", recorded: HELPERS.trim(), present: changed.trim() }],
      unified: expect.stringContaining("-    return [row for row in rows if row < limit]"),
    });
    expect(await client.command("fastpipe.showDependents", { key: "clean" })).toMatchObject({
      type: "page",
      text: expect.stringContaining("pipeline.train"),
    });
    expect(await client.command("fastpipe.showHistory", { key: "func:helpers.clean" })).toMatchObject({
      type: "page",
      language: "python",
      text: expect.stringContaining(HELPERS.trim()),
    });
    expect(await client.command("fastpipe.showGraph")).toMatchObject({
      type: "page",
      text: expect.stringContaining("clean.csv"),
    });
  });

  it("keeps the last good state of a file that is broken while it is typed", async () => {
    const pipeline = folder.uri("pipeline.py");
    await client.open(pipeline, PIPELINE);
    await client.command("fastpipe.recordAll");
    const broken = PIPELINE.replace("return clean(raw, LIMIT)", "return clean(raw, LIMIT");
    await client.change(pipeline, broken);
    const titles = await client.titles(pipeline);
    expect(titles).toHaveLength(2);
    expect(titles[0]).toMatch(/^⚠ .*\(line 8\)$/);
    // Lenses stand where the stages are now, not where they were when the text was whole.
    await client.change(pipeline, `\n\n${broken}`);
    expect((await client.lenses(pipeline)).map((lens) => lens.range.start.line)).toEqual([7, 12]);
    // With the outline's grammar even a decorator that is new in the broken text belongs to its stage.
    await until("the grammar", () => client.logged.some((line) => line.includes("grammar is loaded")));
    await client.change(pipeline, broken.replace("@stage(deps", "@timed\n@stage(deps"));
    expect((await client.lenses(pipeline)).map((lens) => lens.range.start.line)).toEqual([5, 11]);
    const refused = await client.command("fastpipe.recordStage", { stage: "prepare" });
    expect(refused.type).toBe("refused");
    await client.change(pipeline, PIPELINE);
    expect((await client.titles(pipeline))[0]).toContain("✓ up to date");
  });

  it("follows what happens on disk when the client says so", async () => {
    const pipeline = folder.uri("pipeline.py");
    await client.open(pipeline, PIPELINE);
    await client.command("fastpipe.recordAll");
    folder.write("helpers.py", HELPERS.replace("<", ">"));
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: folder.uri("helpers.py"), type: 2 }],
    });
    expect((await client.titles(pipeline))[0]).toBe("● changed since last run: clean");
    await until("refreshed lenses", () => client.asked.includes("workspace/codeLens/refresh"));
    await until("the new count", () => client.statuses.at(-1)?.projects[0].stale === 2);
  });

  it("reports a broken lock with its place and never writes over it", async () => {
    const text = "version: 1\nlevel: semantic\nstages:\n<<<<<<< ours\n  a: 1\n";
    folder.write("fastpipe.lock", text);
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: folder.uri("fastpipe.lock"), type: 1 }],
    });
    await until("the diagnostic", () => (client.diagnostics.get(folder.uri("fastpipe.lock")) ?? []).length > 0);
    expect(client.diagnostics.get(folder.uri("fastpipe.lock"))![0]).toMatchObject({ severity: 1, source: "fastpipe" });
    expect(await client.command("fastpipe.recordStage", { stage: "prepare" })).toMatchObject({
      type: "refused",
      message: expect.stringContaining("fastpipe.lock:4"),
    });
    expect(readFileSync(path.join(folder.path, "fastpipe.lock"), "utf8")).toBe(text);
  });

  it("reports what it can't track as information, and bad settings as errors", async () => {
    const notices = () => client.diagnostics.get(folder.uri("helpers.py")) ?? [];
    await client.open(folder.uri("helpers.py"), HELPERS);
    await client.change(folder.uri("helpers.py"), 'def clean(rows, limit):\n    """Doc."""\n    return eval("rows")\n');
    await until("the notice", () => notices().length > 0);
    expect(notices()).toEqual([
      {
        range: { start: { line: 2, character: 11 }, end: { line: 2, character: expect.any(Number) } },
        severity: 3,
        source: "fastpipe",
        code: "eval",
        message: expect.stringMatching(/^Not tracked: .*\(reached by pipeline\.prepare, pipeline\.train\)$/),
      },
    ]);
    const page = (await client.command("fastpipe.explainStage", { stage: "prepare" })) as PageResult;
    expect(page.places).toContainEqual(expect.objectContaining({ uri: folder.uri("helpers.py"), line: 3 }));
    await client.change(folder.uri("helpers.py"), HELPERS);
    await until("it to go", () => notices().length === 0);
    folder.write("pyproject.toml", '[project]\nname = "x"\n\n[tool.fastpipe]\nlevel = "loose"\n');
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: folder.uri("pyproject.toml"), type: 1 }],
    });
    const problems = () => client.diagnostics.get(folder.uri("pyproject.toml")) ?? [];
    await until("the error", () => problems().length > 0);
    expect(problems()[0]).toMatchObject({ severity: 1, range: { start: { line: 4 } } });
    folder.write("pyproject.toml", '[tool.fastpipe]\nwatch = ["helpers:claen"]\n');
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: folder.uri("pyproject.toml"), type: 2 }],
    });
    await until("the warning", () => problems()[0]?.severity === 2);
    expect(problems()[0].message).toBe("watch: there is no function `helpers:claen`, so nothing is followed");
  });

  it("asks which stage where the place does not say", async () => {
    const asked = await client.command("fastpipe.recordStage", {});
    expect(asked).toMatchObject({ type: "choose", what: "stage" });
    const none = { type: "refused", message: "Show the changes of which stage? There is none to choose from" };
    expect(await client.command("fastpipe.showDiff", {})).toMatchObject(none);
    const here = { uri: folder.uri("pipeline.py"), position: at(PIPELINE, "clean(source") };
    expect(await client.command("fastpipe.recordStage", here)).toMatchObject({ message: "Recorded pipeline.train" });
  });

  it("answers the requests for programs", async () => {
    const { connection } = client;
    const status = await client.status();
    expect(status.projects[0]).toMatchObject({ root: folder.uri(), stale: 0, problem: null });
    expect(status.projects[0].stages.map((stage) => stage.state)).toEqual(["new", "new"]);
    const page = await connection.sendRequest<PageResult>("fastpipe/explain", { stage: "train" });
    expect(page.text).toContain("NEW (never recorded)");
    const manifest = await connection.sendRequest<{ entries: object[] }>("fastpipe/manifest", {
      uri: folder.uri("helpers.py"),
      qualname: "clean",
    });
    expect(manifest.entries[0]).toMatchObject({ key: "self:clean", kind: "self", file: "helpers.py", line: 1 });
    expect(manifest.entries[0]).not.toHaveProperty("ranges");
    const graph = await connection.sendRequest<{ text: string }>("fastpipe/graph", { format: "json" });
    expect(JSON.parse(graph.text).edges).toEqual([
      { from: "pipeline.prepare", to: "pipeline.train", path: "clean.csv" },
    ]);
  });

  it("answers a request that fails, and lives on", async () => {
    const { connection } = client;
    await expect(
      connection.sendRequest("fastpipe/manifest", { uri: "file:///nowhere.py", qualname: "f" }),
    ).rejects.toThrow("is in no project");
    await expect(connection.sendRequest("fastpipe/explain", {})).rejects.toThrow("stage must be a string");
    await expect(connection.sendRequest("fastpipe/manifest")).rejects.toThrow("uri must be a string");
    expect(await connection.sendRequest("fastpipe/status")).toEqual(await client.status());
    expect(await connection.sendRequest("fastpipe/graph")).toMatchObject({ format: "mermaid" });
    await expect(connection.sendRequest("initialize", { capabilities: {} })).rejects.toMatchObject({ code: -32600 });
    await expect(connection.sendRequest("codeLens/resolve", { range: null })).rejects.toThrow("carries no data");
    const nowhere = { textDocument: { uri: folder.uri("pipeline.py") }, position: null };
    await expect(connection.sendRequest("textDocument/hover", nowhere)).rejects.toThrow("hover failed");
    await expect(
      connection.sendRequest("workspace/executeCommand", { command: "fastpipe.showDiff", arguments: [{ stage: 7 }] }),
    ).rejects.toThrow("stage must be a string");
    await expect(connection.sendRequest("workspace/executeCommand", { command: "toString" })).rejects.toThrow();
    await until("a line in the log", () => client.logged.some((line) => line.includes("hover failed")));
    expect((await client.status()).projects).toHaveLength(1);
  });

  it("ends a request that was cancelled with the protocol's own error", async () => {
    const { CancellationTokenSource } = await import("vscode-languageserver/node");
    const source = new CancellationTokenSource();
    const answer = client.connection.sendRequest("fastpipe/status", {}, source.token);
    source.cancel();
    await expect(answer).rejects.toMatchObject({ code: -32800 });
    expect((await client.status()).projects).toHaveLength(1);
  });

  it("writes what a record writes", async () => {
    await client.command("fastpipe.recordStage", { stage: "prepare" });
    expect(readFileSync(path.join(folder.path, "fastpipe.lock"), "utf8")).toContain("pipeline.prepare:");
    expect(existsSync(path.join(folder.path, ".fastpipe/.gitignore"))).toBe(true);
    writeFileSync(path.join(folder.path, "fastpipe.lock"), "");
  });
});
