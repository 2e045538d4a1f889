/**
 * Files for a server in a web worker, which has none: the client lists and reads them (`fastpipe/files/*`). Python files
 * and Fastpipe's own are read ahead when a project is opened, others when they are asked for first.
 */
import { CONFIG_FILE, hasFastpipeTable } from "@fastpipe/engine";
import type { OutlineLoader } from "@fastpipe/engine/outline";
import { LOCK_FILE } from "@fastpipe/host";
import {
  FileRequest,
  type InitOptions,
  type ListFilesParams,
  type ListFilesResult,
  type ReadFilesParams,
  type ReadFilesResult,
  type WriteFileParams,
} from "@fastpipe/shared";
import type { Connection } from "vscode-languageserver";
import { normalUri } from "../common/fromProtocol.ts";
import type { MakePlatform } from "../common/platform.ts";
import { uriBelow } from "../common/toProtocol.ts";
import { RemoteFiles, type RemotePort } from "./remoteFiles.ts";

/** Folders that are never read: no first-party code, or history. */
const IGNORED = ["node_modules", "site-packages", "__pycache__", ".git", ".hg", ".svn", ".venv"];

export const browserPlatform: MakePlatform = (connection, client, log) => ({
  async findRoots(folder) {
    if (!client.options.files) return [];
    const names = [LOCK_FILE, CONFIG_FILE];
    const { files, truncated } = await list(connection, { folder, names, ignored: IGNORED });
    if (truncated) log.warn(`${folder} holds too many files: some are left out`);
    const settings = files.filter((file) => baseName(file) === CONFIG_FILE);
    const texts = await portTo(connection, folder).read(settings);
    const roots = files.filter((file) => baseName(file) === LOCK_FILE).map(folderOf);
    settings.forEach((file, n) => {
      const bytes = texts[n];
      if (bytes && hasFastpipeTable(new TextDecoder().decode(bytes))) roots.push(folderOf(file));
    });
    const nested = roots.filter((root) => root !== "").map((root) => uriBelow(folder, root));
    return [...new Set([normalUri(folder), ...nested])].sort();
  },
  rootAbove: async () => null,
  async openFiles(root) {
    const files = new RemoteFiles(root, portTo(connection, root));
    await files.refresh(null);
    return {
      files,
      peek: (path) => files.read(path),
      refresh: (paths) => files.refresh(paths),
      onFetched: (callback) => files.onFetched(callback),
      settled: () => files.settled(),
    };
  },
  // A client that serves files also watches them.
  watch: () => null,
  outline: client.options.wasm ? fetchOutline(client.options.wasm) : null,
  writePage: async () => null,
});

function fetchOutline(wasm: NonNullable<InitOptions["wasm"]>): OutlineLoader {
  const bytes = async (uri: string): Promise<Uint8Array> => {
    const response = await fetch(uri);
    if (!response.ok) throw new Error(`${uri}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return { runtime: () => bytes(wasm.treeSitter), grammar: () => bytes(wasm.python) };
}

function portTo(connection: Connection, root: string): RemotePort {
  return {
    async list() {
      const { files } = await list(connection, { folder: root, names: [], ignored: IGNORED });
      return files;
    },
    async read(paths) {
      if (paths.length === 0) return [];
      const uris = paths.map((path) => uriBelow(root, path));
      const params: ReadFilesParams = { uris };
      const { contents } = await connection.sendRequest<ReadFilesResult>(FileRequest.read, params);
      return contents.map((content) => (content === null ? null : fromBase64(content)));
    },
    async write(path, content) {
      const params: WriteFileParams = { uri: uriBelow(root, path), content };
      await connection.sendRequest(FileRequest.write, params);
    },
  };
}

function list(connection: Connection, params: ListFilesParams): Promise<ListFilesResult> {
  return connection.sendRequest<ListFilesResult>(FileRequest.list, params);
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}
