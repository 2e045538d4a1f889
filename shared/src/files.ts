/**
 * How a server in a web worker gets at a workspace: requests that it sends to a client that said `files`. Plain types and
 * names only; imports nothing. Folders and files are URIs.
 */

/** Requests of the server to a client that said `files`: how a web worker reads and writes a workspace. */
export const FileRequest = {
  /** Names of the files below a folder; reads none of them. */
  list: "fastpipe/files/list",
  /** Contents of several files at once, as base64, null for what can't be read. */
  read: "fastpipe/files/read",
  /** Writes one file whole, making folders on the way. */
  write: "fastpipe/files/write",
} as const;

export interface ListFilesParams {
  readonly folder: string;
  /** File names to give, such as `pyproject.toml`; none means all. */
  readonly names: readonly string[];
  /** Names of folders not to enter. */
  readonly ignored: readonly string[];
}
export interface ListFilesResult {
  /** Paths relative to the folder, with `/`. */
  readonly files: readonly string[];
  /** True when a limit cut the list. */
  readonly truncated: boolean;
}
export interface ReadFilesParams {
  readonly uris: readonly string[];
}
export interface ReadFilesResult {
  readonly contents: readonly (string | null)[];
}
export interface WriteFileParams {
  readonly uri: string;
  readonly content: string;
}
