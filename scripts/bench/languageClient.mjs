/** A language client of a few lines: speaks the protocol over a server's stdio, answers what it asks. For measuring only. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

export class LanguageClient {
  #child;
  #buffer = Buffer.alloc(0);
  #waiting = new Map();
  #next = 1;
  notifications = [];

  constructor(child) {
    this.#child = child;
    child.stdout.on("data", (data) => this.#take(data));
    child.stderr.resume();
    child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the server ended"));
    });
  }

  /** Starts on a folder with one file open. */
  async open(folder, file) {
    const rootUri = pathToFileURL(folder).href;
    await this.request("initialize", {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: "bench" }],
      capabilities: { workspace: { workspaceFolders: true, configuration: false }, textDocument: {} },
    });
    this.notify("initialized", {});
    return this.openDocument(folder, file);
  }

  openDocument(folder, file) {
    const uri = pathToFileURL(path.join(folder, file)).href;
    const text = readFileSync(path.join(folder, file), "utf8");
    this.notify("textDocument/didOpen", { textDocument: { uri, languageId: "python", version: 1, text } });
    return { uri, text };
  }

  request(method, params) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  /** Resident set of the server, in bytes; NaN where the system does not tell. */
  residentBytes() {
    try {
      return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, "utf8"))[1]) * 1024;
    } catch {
      return Number.NaN;
    }
  }

  async close() {
    await this.request("shutdown", null).catch(() => null);
    this.notify("exit", null);
    this.#child.stdin.end();
  }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #take(data) {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const head = this.#buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#buffer.toString("latin1", 0, head))[1]);
      if (this.#buffer.length < head + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString("utf8", head + 4, head + 4 + length));
      this.#buffer = this.#buffer.subarray(head + 4 + length);
      if (message.method === undefined) {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.error) waiting?.reject(new Error(message.error.message));
        else waiting?.resolve(message.result);
      } else if (message.id !== undefined) this.#send({ id: message.id, result: null });
      else this.notifications.push(message);
    }
  }
}
