/** Why something is stale, what it was before, and how to take things back: over real stdio. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type { DiffResult, GraphPicture, GraphResult, HistoryResult, PageResult } from "@fastpipe/shared";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hover } from "vscode-languageserver";
import { Client, Folder, FULL, ROOT, until } from "./client.ts";

const PIPELINE = `from fastpipe import stage
from helpers import clean


@stage(deps=["raw.csv"], outs=["clean.csv"])
def prepare(raw, target):
    return clean(raw)


@stage(deps=["clean.csv"], outs=["model.json"])
def train(source, target):
    return clean(source)
`;
const HELPERS = `def clean(rows):
    return keep(rows)


def keep(rows):
    wanted = [row for row in rows if row]
    return wanted
`;
const CHANGED = HELPERS.replace("if row]", "if row is not None]");
const FILES = { "pipeline.py": PIPELINE, "helpers.py": HELPERS };

let folder: Folder;
let client: Client;

function git(...args: string[]): void {
  const identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...identity, ...args], { cwd: folder.path, stdio: "ignore" });
}

const read = (name: string) => readFileSync(path.join(folder.path, name), "utf8");

async function start(more: Record<string, unknown> = {}, configuration?: () => unknown): Promise<void> {
  const initializationOptions = { pages: true, asks: true, history: true, ...more };
  client = await Client.start({ folders: [folder], capabilities: FULL, initializationOptions, configuration });
}

async function hoverOn(file: string, line: number, character: number): Promise<string> {
  const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
    textDocument: { uri: folder.uri(file) },
    position: { line, character },
  });
  return (hover?.contents as { value: string } | undefined)?.value ?? "";
}

async function change(text: string): Promise<void> {
  folder.write("helpers.py", text);
  await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: folder.uri("helpers.py"), type: 2 }],
  });
}

beforeEach(() => {
  folder = new Folder(FILES);
});

afterEach(async () => {
  expect(await client.stop()).toBe(0);
  folder.dispose();
});

describe("the because-chain", () => {
  it("links each hop in the hover, and shows the changed lines before and after", async () => {
    await start();
    await client.command("fastpipe.recordAll");
    await change(CHANGED);
    const text = await hoverOn("pipeline.py", 5, 6);
    expect(text).toMatch(
      /\[prepare\]\(file:.*pipeline\.py#L6\) → \[clean\]\(file:.*helpers\.py#L1\) → \[keep\]\(file:.*helpers\.py#L5\)/,
    );
    expect(text).toContain(
      "```python\ndef keep(rows):\n    wanted = [row for row in rows if row]\n    return wanted\n```",
    );
    expect(text).toContain("    wanted = [row for row in rows if row is not None]");
  });

  it("links each hop and each key on the page, and shows the lines there", async () => {
    await start();
    await client.command("fastpipe.recordAll");
    await change(CHANGED);
    const page = (await client.command("fastpipe.explainStage", { stage: "train" })) as PageResult;
    expect(page.text).toContain(
      [
        "      Via: train → clean → keep",
        "      Source:",
        "          def keep(rows):",
        "        -     wanted = [row for row in rows if row]",
        "        +     wanted = [row for row in rows if row is not None]",
        "              return wanted",
      ].join("\n"),
    );
    const lines = page.text.split("\n");
    const linked = page.places.map(({ pageLine, start: from, end, line, command }) => [
      lines[pageLine].slice(from, end),
      command?.command ?? line,
    ]);
    expect(linked).toEqual(
      expect.arrayContaining([
        ["func:helpers.keep", "fastpipe.showDiff"],
        ["train", 11],
        ["clean", 1],
        ["keep", 5],
      ]),
    );
  });

  it("says of a helper that was renamed with all its uses that nothing came of it", async () => {
    await start();
    await client.command("fastpipe.recordAll");
    await change(HELPERS.replaceAll("keep", "without_gaps"));
    expect(await hoverOn("pipeline.py", 5, 6)).toContain(
      "Renamed or moved, without effect: func:helpers.keep → func:helpers.without\\_gaps",
    );
  });

  it("finds the recorded text in git where the object store is gone, and says so where git has it not", async () => {
    git("init", "-q");
    await start();
    await client.command("fastpipe.recordAll");
    git("add", "-A");
    git("commit", "-q", "-m", "recorded");
    rmSync(path.join(folder.path, ".fastpipe"), { recursive: true });
    await change(CHANGED);
    const diff = (await client.command("fastpipe.showDiff", { stage: "prepare" })) as DiffResult;
    expect(diff.entries[0]).toMatchObject({ key: "func:helpers.keep", recorded: expect.stringContaining("if row]") });
    const page = (await client.command("fastpipe.explainStage", { stage: "prepare" })) as PageResult;
    expect(page.text).toContain("-     wanted = [row for row in rows if row]");

    await client.command("fastpipe.recordAll");
    rmSync(path.join(folder.path, ".fastpipe"), { recursive: true });
    await change(CHANGED.replace("return wanted", "return wanted[1:]"));
    const gone = (await client.command("fastpipe.explainStage", { stage: "prepare" })) as PageResult;
    expect(gone.text).toMatch(/Source: the recorded text is not kept here: .* no commit near its baseline has it/);
  });
});

describe("undo", () => {
  it("brings back the baselines that a record replaced, one step after the other", async () => {
    await start();
    expect(await client.command("fastpipe.recordStage", { stage: "prepare" })).toMatchObject({ undo: true });
    const first = read("fastpipe.lock");
    await client.command("fastpipe.recordStage", { stage: "train" });
    await change(CHANGED);
    await client.command("fastpipe.acceptChangeEverywhere", { key: "func:helpers.keep", reason: "no empty rows" });
    expect(read("fastpipe.lock")).toContain("reason: no empty rows");
    expect(await client.command("fastpipe.undo")).toMatchObject({
      type: "done",
      stages: ["pipeline.prepare", "pipeline.train"],
    });
    expect(read("fastpipe.lock")).not.toContain("reason");
    await client.command("fastpipe.undo");
    expect(read("fastpipe.lock")).toBe(first);
    await client.command("fastpipe.undo");
    expect(read("fastpipe.lock")).not.toContain("pipeline.prepare");
    expect(await client.command("fastpipe.undo")).toMatchObject({
      type: "refused",
      message: "nothing was recorded or accepted in this session",
    });
  });

  it("leaves alone what somebody else recorded since", async () => {
    await start();
    await client.command("fastpipe.recordStage", { stage: "prepare" });
    const theirs = read("fastpipe.lock").replace(/at: .*/, "at: 2031-01-01T00:00:00Z");
    folder.write("fastpipe.lock", theirs);
    expect(await client.command("fastpipe.undo")).toMatchObject({
      type: "refused",
      message: expect.stringContaining("was recorded or accepted again since"),
    });
    expect(read("fastpipe.lock")).toBe(theirs);
  });

  it("records only the stages that are named", async () => {
    await start();
    await client.command("fastpipe.recordAll", { stages: ["pipeline.train"] });
    const { projects } = await client.status();
    expect(projects[0].stages.map(({ state }) => state)).toEqual(["new", "fresh"]);
  });
});

describe("history", () => {
  it("gives the versions newest first, with their texts, from the stage and from the function", async () => {
    await start();
    await client.command("fastpipe.recordAll");
    folder.write("pipeline.py", PIPELINE.replace("return clean(raw)", "return clean(raw)[1:]"));
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: folder.uri("pipeline.py"), type: 2 }],
    });
    await client.command("fastpipe.recordStage", { stage: "prepare" });
    const ofStage = (await client.command("fastpipe.showHistory", { stage: "pipeline.prepare" })) as HistoryResult;
    expect(ofStage).toMatchObject({ type: "history", key: "func:pipeline.prepare" });
    expect(ofStage.versions.map(({ current, text }) => [current, text?.includes("[1:]")])).toEqual([
      [true, true],
      [false, false],
    ]);
    const ofHelper = (await client.command("fastpipe.showHistory", { key: "func:helpers.keep" })) as HistoryResult;
    expect(ofHelper.versions).toHaveLength(1);
    expect(ofHelper.versions[0]).toMatchObject({ current: true, stages: ["pipeline.prepare", "pipeline.train"] });
  });

  it("knows what the committed lock says where nothing was recorded on this machine", async () => {
    git("init", "-q");
    await start();
    await client.command("fastpipe.recordAll");
    git("add", "-A");
    git("commit", "-q", "-m", "recorded");
    rmSync(path.join(folder.path, ".fastpipe"), { recursive: true });
    const history = (await client.command("fastpipe.showHistory", { key: "func:helpers.keep" })) as HistoryResult;
    expect(history.versions.map(({ text }) => text)).toEqual([expect.stringContaining("def keep(rows):")]);
  });
});

describe("what the picture and the badges say", () => {
  it("draws the graph as places, with the code of one stage on demand", async () => {
    await start();
    await client.command("fastpipe.recordAll");
    await change(CHANGED);
    const ask = async (expand: string[]): Promise<GraphPicture> => {
      const { text } = await client.connection.sendRequest<GraphResult>("fastpipe/graph", { format: "layout", expand });
      return JSON.parse(text);
    };
    const plain = await ask([]);
    expect(plain.nodes.map(({ label, state, detail }) => [label, state, detail])).toEqual([
      ["prepare", "stale", "stale"],
      ["train", "stale", "stale"],
    ]);
    expect(plain.edges).toMatchObject([{ from: "pipeline.prepare", to: "pipeline.train", label: "clean.csv" }]);
    const open = await ask(["pipeline.train"]);
    expect(open.nodes.filter(({ kind }) => kind === "code").map(({ label, detail }) => [label, detail])).toEqual([
      ["clean", "func"],
      ["keep", "func, changed"],
    ]);
    expect(open.nodes.find(({ label }) => label === "keep")).toMatchObject({ uri: folder.uri("helpers.py"), line: 5 });
  });

  it("counts the users above helpers, where that is asked for", async () => {
    let helpers = false;
    await start({}, () => ({ codeLens: { enabled: true, helpers } }));
    await client.command("fastpipe.recordAll");
    await client.open(folder.uri("helpers.py"), HELPERS);
    expect(await client.titles(folder.uri("helpers.py"))).toEqual([]);
    helpers = true;
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    expect(await client.titles(folder.uri("helpers.py"))).toEqual(["used by 2 stages", "used by 2 stages"]);
    await client.change(folder.uri("helpers.py"), CHANGED);
    expect(await client.titles(folder.uri("helpers.py"))).toEqual([
      "used by 2 stages",
      "● used by 2 stages, changed in 2 stages",
    ]);
    // While the text is broken, the lines stay above what they are about.
    await client.change(folder.uri("helpers.py"), `LIMIT = (\n\n\n${CHANGED}`);
    const lines = (await client.lenses(folder.uri("helpers.py"))).map((lens) => lens.range.start.line);
    expect(lines).toEqual([3, 7]);
  });

  it("says what a change of a method would cost, by the class around it", async () => {
    folder.write(
      "models.py",
      "class Model:\n    def fit(self):\n        return helper\n\n\ndef helper():\n    return 1\n",
    );
    folder.write(
      "pipeline.py",
      `${PIPELINE.replace("import clean", "import clean\nfrom models import Model")}    Model().fit()\n`,
    );
    await start();
    await client.command("fastpipe.recordAll");
    folder.write("fastpipe.lock", read("fastpipe.lock").replace(/( +)at: (.*)/g, "$1at: $2\n$1duration: 90"));
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: folder.uri("fastpipe.lock"), type: 2 }],
    });
    expect(await hoverOn("models.py", 1, 10)).toMatch(
      /\*\*Model\*\* — used by 1 stage[\s\S]*90 s[\s\S]*A change here makes it stale\. Its last run took 90 s\./,
    );
    expect(await hoverOn("models.py", 2, 9)).toBe("");
    expect(await hoverOn("models.py", 2, 18)).toContain("**helper**");
  });

  it("tells with each state what changed, where, and how the baseline came about", async () => {
    await start();
    await client.command("fastpipe.recordAll");
    await client.open(folder.uri("helpers.py"), HELPERS);
    await client.change(folder.uri("helpers.py"), CHANGED);
    const [stage] = (await client.status()).projects[0].stages;
    expect(stage).toMatchObject({
      state: "stale",
      baseline: { how: "recorded", reason: null },
      changes: [
        {
          key: "func:helpers.keep",
          line: 5,
          uri: folder.uri("helpers.py"),
          via: "prepare → clean → keep",
          unsaved: true,
        },
      ],
    });
    folder.write("helpers.py", CHANGED);
    await client.save(folder.uri("helpers.py"));
    await client.command("fastpipe.acceptChange", { stage: "prepare", reason: "same rows" });
    const [accepted] = (await client.status()).projects[0].stages;
    expect(accepted).toMatchObject({ state: "accepted", baseline: { how: "accepted", reason: "same rows" } });
  });

  it("speaks the client's language", async () => {
    const texts = JSON.parse(readFileSync(path.join(ROOT, "l10n/bundle.l10n.de.json"), "utf8"));
    await start({ texts });
    await client.open(folder.uri("pipeline.py"), PIPELINE);
    expect(await client.titles(folder.uri("pipeline.py"))).toContain("○ nie aufgezeichnet · Aufzeichnen");
    expect(await client.command("fastpipe.recordStage", { stage: "train" })).toMatchObject({
      message: "Aufgezeichnet: pipeline.train",
    });
  });

  it("keeps every line above a stage while 200 characters are typed", async () => {
    await start();
    await client.command("fastpipe.recordAll");
    const uri = folder.uri("pipeline.py");
    await client.open(uri, PIPELINE);
    const typed = ' + sum([len("a(b"), {"k": (1, 2)}["k"][0]]) if raw else """x"""[0]\n    # done: (\n'
      .repeat(3)
      .slice(0, 200);
    const end = { line: 6, character: 21 };
    let at = end;
    for (const character of typed) {
      await client.change(uri, character, { start: at, end: at });
      at = character === "\n" ? { line: at.line + 1, character: 0 } : { line: at.line, character: at.character + 1 };
      const titles = await client.titles(uri);
      const states = titles.filter((title) => /^[●✓○⚠]/.test(title));
      expect([character, states.length]).toEqual([character, 2]);
      expect(titles).not.toContain("");
    }
    await until("a status", () => client.statuses.length > 0);
  });
});
