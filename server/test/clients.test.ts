/**
 * The bundled server with clients that are not VS Code: no dynamic registration, no refresh, no configuration requests,
 * other position encodings, several folders, projects inside projects, a lone file, requests at the wrong time.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import type { ClientCapabilities, CodeAction, Command, Hover } from "vscode-languageserver";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { BARE, Client, Folder, FULL, ROOT, SERVER, until } from "./client.ts";

const STAGE = `from fastpipe import stage
from helpers import clean


@stage(deps=[], outs=[])
def prepare(raw):
    return clean(raw)
`;
const HELPERS = "def clean(rows):\n    return rows\n";
const FILES = { "pipeline.py": STAGE, "helpers.py": HELPERS };

const folders: Folder[] = [];
const clients: Client[] = [];

function makeFolder(files: Readonly<Record<string, string>> = FILES): Folder {
  const folder = new Folder(files);
  folders.push(folder);
  return folder;
}

async function start(open: Folder[], capabilities: ClientCapabilities = BARE, more = {}): Promise<Client> {
  const client = await Client.start({ folders: open, capabilities, ...more });
  clients.push(client);
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) expect(await client.stop()).toBe(0);
  for (const folder of folders.splice(0)) folder.dispose();
});

describe("a client that supports the least", () => {
  it("is asked nothing that it did not offer, and misses nothing", async () => {
    const folder = makeFolder();
    const client = await start([folder]);
    expect(client.initialized.capabilities.positionEncoding).toBe("utf-8");
    expect(client.initialized.capabilities.executeCommandProvider?.commands).toHaveLength(11);
    const pipeline = folder.uri("pipeline.py");
    await client.open(pipeline, STAGE);
    expect(await client.titles(pipeline)).toEqual(["○ never recorded · Record"]);
    await client.command("fastpipe.recordAll");
    expect(client.messages).toContain("Recorded pipeline.prepare");
    await client.open(folder.uri("helpers.py"), HELPERS);
    await client.change(folder.uri("helpers.py"), HELPERS.replace("return rows", "return rows[1:]"));
    expect((await client.titles(pipeline))[0]).toBe("● changed since last run: clean · unsaved edits");
    await until("a status", () => client.statuses.at(-1)?.projects[0].stale === 1);
    expect(client.asked).toEqual([]);
  });

  it("gets commands instead of code actions, and plain hovers where it can't show others", async () => {
    const folder = makeFolder();
    const client = await start([folder], {
      ...BARE,
      textDocument: { hover: { contentFormat: ["plaintext"] }, codeAction: {} },
    });
    const position = { line: 5, character: 5 };
    const textDocument = { uri: folder.uri("pipeline.py") };
    const hover = await client.connection.sendRequest<Hover>("textDocument/hover", { textDocument, position });
    expect(hover.contents).toEqual({ kind: "plaintext", value: expect.stringContaining("no baseline yet") });
    const actions = await client.connection.sendRequest<(Command | CodeAction)[]>("textDocument/codeAction", {
      textDocument,
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    expect(actions.map((action) => (action as Command).command)).toContain("fastpipe.recordStage");
  });

  it("is told of changes on disk by the server's own watching", async () => {
    const folder = makeFolder();
    const client = await start([folder]);
    const pipeline = folder.uri("pipeline.py");
    await client.command("fastpipe.recordAll");
    folder.write("helpers.py", "def clean(rows):\n    return list(rows)\n");
    await until("the change", async () => (await client.titles(pipeline))[0].startsWith("●"));
    folder.write("second.py", STAGE.replace("prepare", "again"));
    await until("a new stage", async () => (await client.status()).projects[0].stages.length === 2);
  });

  it("reads pages as files, and answers questions in messages", async () => {
    const folder = makeFolder();
    const asked: string[] = [];
    const client = await start(
      [folder],
      { ...BARE, window: { showDocument: { support: true }, showMessage: {} } },
      {
        choose(message: string, actions: readonly string[]) {
          asked.push(message);
          return actions.find((action) => action.includes("log")) ?? actions[0];
        },
      },
    );
    await client.command("fastpipe.recordAll");
    folder.write("helpers.py", "def clean(rows):\n    return list(rows)\n");
    await until("the change", async () => (await client.status()).projects[0].stale === 1);
    await client.command("fastpipe.explainStage", { stage: "prepare" });
    expect(readFileSync(fileURLToPath(client.shown[0]), "utf8")).toContain("Stage: pipeline.prepare");
    await client.command("fastpipe.showDiff", { stage: "prepare" });
    expect(readFileSync(fileURLToPath(client.shown[1]), "utf8")).toContain("+    return list(rows)");
    const done = await client.command("fastpipe.acceptChange", { stage: "prepare" });
    expect(done).toMatchObject({ type: "done" });
    expect(asked).toContain("Accept the changes of pipeline.prepare");
    expect(readFileSync(path.join(folder.path, "fastpipe.lock"), "utf8")).toContain("log or error wording only");
  });

  it("takes settings from initialization and from notifications", async () => {
    const folder = makeFolder();
    const client = await start([folder], BARE, {
      initializationOptions: { settings: { codeLens: { enabled: false } } },
    });
    const pipeline = folder.uri("pipeline.py");
    expect(await client.titles(pipeline)).toEqual([]);
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: { fastpipe: { codeLens: { enabled: true } } },
    });
    expect(await client.titles(pipeline)).toHaveLength(1);
  });
});

describe("positions", () => {
  const wide = STAGE.replace("def prepare(raw):", 'def prepare(raw, mark="𝄞é"): return clean(raw)\ndef rest():');

  for (const [encoding, before] of [
    ["utf-8", 30],
    ["utf-16", 27],
    ["utf-32", 26],
  ] as const) {
    it(`are counted in ${encoding} when the client asks for it`, async () => {
      const folder = makeFolder({ ...FILES, "pipeline.py": wide });
      const client = await start([folder], { general: { positionEncodings: [encoding] } });
      expect(client.initialized.capabilities.positionEncoding).toBe(encoding);
      const uri = folder.uri("pipeline.py");
      await client.open(uri, wide);
      // `before` stands in front of the closing parenthesis; one more parameter goes there.
      const end = { line: 5, character: before };
      await client.change(uri, ", more=clean", { start: end, end });
      const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
        textDocument: { uri },
        position: { line: 5, character: before + 8 },
      });
      expect(hover?.contents).toMatchObject({ value: expect.stringContaining("used by 1 stage") });
    });
  }
});

describe("several projects", () => {
  it("each have their own stages and lock, whichever folder they came with", async () => {
    const [one, two] = [makeFolder(), makeFolder()];
    const client = await start([one, two], FULL);
    const result = await client.command("fastpipe.recordStage", { stage: "prepare" });
    expect(result).toMatchObject({ type: "choose", what: "project" });
    await client.command("fastpipe.recordStage", { root: two.uri(), stage: "prepare" });
    const { projects } = await client.status();
    expect(projects.map(({ stages }) => stages[0].state).sort()).toEqual(["fresh", "new"]);
    const three = makeFolder();
    await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added: [{ uri: three.uri(), name: "three" }], removed: [{ uri: one.uri(), name: "one" }] },
    });
    const roots = (await client.status()).projects.map(({ root }) => root).sort();
    expect(roots).toEqual([two.uri(), three.uri()].sort());
    expect(await client.titles(one.uri("pipeline.py"))).toEqual([]);
  });

  it("inside one another: a file belongs to the nearest root", async () => {
    const outer = makeFolder({
      ...FILES,
      "inner/pyproject.toml": '[tool.fastpipe]\nlevel = "strict"\n',
      "inner/pipeline.py": STAGE,
      "inner/helpers.py": HELPERS,
    });
    const client = await start([outer], FULL);
    const { projects } = await client.status();
    const stages = Object.fromEntries(projects.map(({ root, stages }) => [root, stages.map(({ uri }) => uri)]));
    expect(stages).toEqual({
      [outer.uri()]: [outer.uri("pipeline.py")],
      [outer.uri("inner")]: [outer.uri("inner/pipeline.py")],
    });
    await client.command("fastpipe.recordStage", {
      uri: outer.uri("inner/pipeline.py"),
      position: { line: 5, character: 6 },
    });
    expect(readFileSync(path.join(outer.path, "inner/fastpipe.lock"), "utf8")).toContain("level: strict");
    expect((await client.titles(outer.uri("inner/pipeline.py")))[0]).toContain("✓");
    expect((await client.titles(outer.uri("pipeline.py")))[0]).toContain("○");
  });

  it("settings hold for their folder", async () => {
    const [one, two] = [makeFolder(), makeFolder()];
    const client = await start([one, two], FULL, {
      configuration: (scope?: string) => ({ codeLens: { enabled: !scope?.startsWith(one.uri()) } }),
    });
    expect(await client.titles(one.uri("pipeline.py"))).toEqual([]);
    expect(await client.titles(two.uri("pipeline.py"))).toHaveLength(1);
  });

  it("notices can be turned off", async () => {
    const noisy = "def clean(rows):\n    return eval('rows')\n";
    const [one, two] = [makeFolder({ ...FILES, "helpers.py": noisy }), makeFolder({ ...FILES, "helpers.py": noisy })];
    const client = await start([one, two], FULL, {
      configuration: (scope?: string) => ({ notices: { enabled: !scope?.startsWith(one.uri()) } }),
    });
    await until("the notice", () => (client.diagnostics.get(two.uri("helpers.py")) ?? []).length === 1);
    expect(client.diagnostics.get(one.uri("helpers.py"))).toBeUndefined();
  });

  it("show progress while they are read for the first time", async () => {
    const client = await start([makeFolder()], FULL);
    await client.status();
    await until("the end", () => client.progress.at(-1) === "end");
    expect(client.progress[0]).toBe("begin");
  });
});

describe("a file outside of all folders", () => {
  it("brings its project with it", async () => {
    const folder = makeFolder({ ...FILES, "pyproject.toml": "[tool.fastpipe]\n" });
    const client = await start([], BARE);
    expect((await client.status()).projects).toEqual([]);
    await client.open(folder.uri("pipeline.py"), STAGE);
    expect(await client.titles(folder.uri("pipeline.py"))).toEqual(["○ never recorded · Record"]);
  });
});

describe("a client that is too early or too late", () => {
  it("gets the protocol's errors, not silence", async () => {
    const child = spawn(process.execPath, [SERVER, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    onTestFinished(() => void child.kill());
    connection.listen();
    const ask = () => connection.sendRequest("textDocument/codeLens", { textDocument: { uri: "file:///a.py" } });
    await expect(ask()).rejects.toMatchObject({ code: -32002 });
    await connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
    await connection.sendNotification("initialized", {});
    expect(await ask()).toEqual([]);
    await connection.sendRequest("shutdown");
    await expect(ask()).rejects.toMatchObject({ code: -32600 });
    const ended = once(child, "exit");
    await connection.sendNotification("exit");
    expect((await ended)[0]).toBe(0);
  });
});

describe("fastpipe lsp", () => {
  it("is the same server", async () => {
    const folder = makeFolder();
    const client = await start([folder], BARE, {
      command: [path.join(ROOT, "cli/bin/fastpipe.mjs"), "lsp", "--stdio"],
    });
    expect(await client.titles(folder.uri("pipeline.py"))).toEqual(["○ never recorded · Record"]);
  });
});
