/**
 * Answers the server's questions for files, for a server in a web worker that has no other way to them. Reads and
 * writes below the workspace's folders only, through `vscode.workspace.fs`.
 */

import {
  FileRequest,
  type ListFilesParams,
  type ListFilesResult,
  type ReadFilesParams,
  type ReadFilesResult,
  type WriteFileParams,
} from "@fastpipe/shared";
import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** Files of one list; a workspace with more is cut, and says so. */
const MAX_FILES = 20_000;
/** Directories read at the same time. */
const PARALLEL = 16;
const MAX_DEPTH = 40;

export function serveFiles(client: BaseLanguageClient): void {
  client.onRequest(FileRequest.list, listFiles);
  client.onRequest(FileRequest.read, readFiles);
  client.onRequest(FileRequest.write, writeFile);
}

async function listFiles({ folder, names, ignored }: ListFilesParams): Promise<ListFilesResult> {
  const root = inWorkspace(folder);
  const skip = new Set(ignored);
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const files: string[] = [];
  let open: string[] = [""];
  for (let depth = 0; open.length > 0 && depth < MAX_DEPTH && files.length < MAX_FILES; depth++) {
    const next: string[] = [];
    for (let i = 0; i < open.length; i += PARALLEL) {
      const batch = open.slice(i, i + PARALLEL);
      const listings = await Promise.all(
        batch.map((path) =>
          vscode.workspace.fs.readDirectory(path ? vscode.Uri.joinPath(root, path) : root).then(
            (entries) => entries,
            () => [] as [string, vscode.FileType][],
          ),
        ),
      );
      listings.forEach((entries, n) => {
        for (const [name, type] of entries) {
          const path = batch[n] ? `${batch[n]}/${name}` : name;
          // A link to a folder is not entered: it may lead back to where it is.
          if (type === vscode.FileType.Directory) {
            if (!skip.has(name)) next.push(path);
          } else if (type & vscode.FileType.File && wanted(name)) files.push(path);
        }
      });
    }
    open = next;
  }
  return { files: files.slice(0, MAX_FILES), truncated: files.length > MAX_FILES || open.length > 0 };
}

async function readFiles({ uris }: ReadFilesParams): Promise<ReadFilesResult> {
  const read = (uri: string): Thenable<string | null> =>
    vscode.workspace.fs.readFile(inWorkspace(uri)).then(
      (bytes) => toBase64(bytes),
      () => null,
    );
  return { contents: await Promise.all(uris.map(read)) };
}

async function writeFile({ uri, content }: WriteFileParams): Promise<null> {
  await vscode.workspace.fs.writeFile(inWorkspace(uri), new TextEncoder().encode(content));
  return null;
}

/** The URI, when it lies in the workspace; throws otherwise: the server has no business elsewhere. */
function inWorkspace(text: string): vscode.Uri {
  const uri = vscode.Uri.parse(text, true);
  if (!vscode.workspace.getWorkspaceFolder(uri)) throw new Error(`${text} is outside the workspace`);
  return uri;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // `fromCharCode` takes its bytes as arguments; their number is bounded.
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}
