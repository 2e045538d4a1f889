/**
 * A language client for tests: the bundled server in its own process over stdio, spoken to in the plain protocol. What
 * it claims to support is up to the test. Expects nothing by itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { CommandArguments, CommandResult, StatusResult } from "@fastpipe/shared";
import {
  type ClientCapabilities,
  type CodeLens,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const SERVER = path.join(ROOT, "dist/server.js");
// Without it every test would wait for an answer until its time is up.
if (!existsSync(SERVER)) throw new Error("dist/server.js is not there: `npm run build` makes it");

/** What a client like VS Code supports. */
export const FULL: ClientCapabilities = {
  general: { positionEncodings: ["utf-16"] },
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    codeLens: { refreshSupport: true },
  },
  window: { workDoneProgress: true, showDocument: { support: true }, showMessage: {} },
  textDocument: {
    hover: { contentFormat: ["markdown", "plaintext"] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor"] } } },
  },
};

/** What the least of clients supports. */
export const BARE: ClientCapabilities = { general: { positionEncodings: ["utf-8", "utf-16"] } };

/** A folder of files for one test, real and temporary. */
export class Folder {
  readonly path: string;

  constructor(files: Readonly<Record<string, string>> = {}, copyOf?: string) {
    this.path = realpathSync(mkdtempSync(path.join(tmpdir(), "fastpipe-server-")));
    if (copyOf) cpSync(copyOf, this.path, { recursive: true });
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    const file = path.join(this.path, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  uri(name = ""): string {
    return pathToFileURL(path.join(this.path, name)).href.replace(/\/$/, "");
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface StartOptions {
  readonly folders: readonly Folder[];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** Answers of `workspace/configuration`, section `fastpipe`, by scope. */
  readonly configuration?: (scopeUri: string | undefined) => unknown;
  /** Arguments of Node that start a server; the bundled one by default. */
  readonly command?: readonly string[];
  /** Which of a message's actions is chosen. */
  readonly choose?: (message: string, actions: readonly string[]) => string | undefined;
}

/** A started server and what it has sent so far. */
export class Client {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly diagnostics = new Map<string, Diagnostic[]>();
  readonly statuses: StatusResult[] = [];
  readonly logged: string[] = [];
  readonly messages: string[] = [];
  /** Methods of requests that the server sent. */
  readonly asked: string[] = [];
  readonly shown: string[] = [];
  readonly progress: string[] = [];
  readonly #process: ChildProcess;
  readonly #versions = new Map<string, number>();

  private constructor(process: ChildProcess, connection: ProtocolConnection) {
    this.#process = process;
    this.connection = connection;
    this.initialized = { capabilities: {} };
  }

  static async start(options: StartOptions): Promise<Client> {
    const child = spawn(process.execPath, options.command ?? [SERVER, "--stdio"], { stdio: ["pipe", "pipe", "pipe"] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new Client(child, connection);
    child.stderr.on("data", (chunk) => client.logged.push(String(chunk)));
    connection.onNotification("textDocument/publishDiagnostics", (p: PublishDiagnosticsParams) => {
      client.diagnostics.set(p.uri, p.diagnostics);
    });
    connection.onNotification("fastpipe/didChangeStatus", (status: StatusResult) => void client.statuses.push(status));
    connection.onNotification("window/logMessage", (p: { message: string }) => void client.logged.push(p.message));
    connection.onNotification("window/showMessage", (p: { message: string }) => void client.messages.push(p.message));
    connection.onNotification(
      "$/progress",
      (p: { value: { kind: string } }) => void client.progress.push(p.value.kind),
    );
    const onRequest = (method: string, answer: (params: never) => unknown): void => {
      connection.onRequest(method, (params: never) => {
        client.asked.push(method);
        return answer(params);
      });
    };
    onRequest("workspace/configuration", (p: { items: { scopeUri?: string }[] }) =>
      p.items.map((item) => options.configuration?.(item.scopeUri) ?? null),
    );
    onRequest("client/registerCapability", () => null);
    onRequest("client/unregisterCapability", () => null);
    onRequest("workspace/codeLens/refresh", () => null);
    onRequest("window/workDoneProgress/create", () => null);
    onRequest("window/showDocument", (p: { uri: string }) => {
      client.shown.push(p.uri);
      return { success: true };
    });
    onRequest("window/showMessageRequest", (p: { message: string; actions?: { title: string }[] }) => {
      client.messages.push(p.message);
      const title = options.choose?.(
        p.message,
        (p.actions ?? []).map((action) => action.title),
      );
      return title === undefined ? null : { title };
    });
    connection.listen();
    const result = await connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: options.folders[0]?.uri() ?? null,
      workspaceFolders: options.folders.map((folder) => ({ uri: folder.uri(), name: path.basename(folder.path) })),
      capabilities: options.capabilities ?? FULL,
      initializationOptions: options.initializationOptions,
    });
    Object.assign(client.initialized, result);
    await connection.sendNotification("initialized", {});
    return client;
  }

  open(uri: string, text: string): Promise<void> {
    this.#versions.set(uri, 1);
    return this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "python", version: 1, text },
    });
  }

  /** Replaces a range, given in the negotiated encoding; without a range, everything. */
  change(uri: string, text: string, range?: Diagnostic["range"]): Promise<void> {
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    return this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version },
      contentChanges: [range ? { range, text } : { text }],
    });
  }

  save(uri: string): Promise<void> {
    return this.connection.sendNotification("textDocument/didSave", { textDocument: { uri } });
  }

  /** Lenses, resolved. */
  async lenses(uri: string): Promise<CodeLens[]> {
    const lenses = await this.connection.sendRequest<CodeLens[] | null>("textDocument/codeLens", {
      textDocument: { uri },
    });
    return Promise.all((lenses ?? []).map((lens) => this.connection.sendRequest<CodeLens>("codeLens/resolve", lens)));
  }

  async titles(uri: string): Promise<string[]> {
    return (await this.lenses(uri)).map((lens) => lens.command?.title ?? "");
  }

  command(command: string, args: CommandArguments = {}): Promise<CommandResult> {
    return this.connection.sendRequest("workspace/executeCommand", { command, arguments: [args] });
  }

  status(root?: string): Promise<StatusResult> {
    return this.connection.sendRequest("fastpipe/status", { root });
  }

  /** Ends the server the way the protocol asks; gives its exit code. */
  async stop(): Promise<number | null> {
    const exit = once(this.#process, "exit");
    await this.connection.sendRequest("shutdown");
    await this.connection.sendNotification("exit");
    const [code] = await exit;
    this.connection.dispose();
    return code;
  }
}

/** Asks until the answer is true; fails with `what` otherwise. */
export async function until(what: string, ask: () => boolean | Promise<boolean>, milliseconds = 10_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
