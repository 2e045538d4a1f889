/**
 * What the language client and the language server say to each other beyond the protocol's own messages: requests,
 * notifications, arguments and results of commands, initialization options, settings. Plain types and names only;
 * imports nothing, runs nothing. Files are named by URI, stages by id, lines are 1-based, durations are seconds.
 */

// ---------------------------------------------------------------------------------------------- starting

/** `initializationOptions`. All are optional: a client that sends nothing gets a complete server. */
export interface InitOptions {
  /**
   * The client shows pages and diffs itself, from what commands answer. Without it the server writes a page to a
   * temporary file and asks the client to open that (`window/showDocument`, else `window/showMessage`).
   */
  readonly pages?: boolean;
  /** The client asks for reasons and confirmations itself. Without it the server asks by `window/showMessageRequest`. */
  readonly asks?: boolean;
  /** The client answers the `fastpipe/files/*` requests: the only way to files for a server in a web worker. */
  readonly files?: boolean;
  /** The two WebAssembly files of the outline, for a server that can't read its own folder. */
  readonly wasm?: { readonly treeSitter: string; readonly python: string };
  /** Settings for a client without `workspace/configuration`; the value of its section `fastpipe`. */
  readonly settings?: Partial<Settings>;
}

/** The section `fastpipe` of a client's configuration. None of them changes a fingerprint: those are in pyproject.toml. */
export interface Settings {
  readonly codeLens: { readonly enabled: boolean };
  readonly notices: { readonly enabled: boolean };
  readonly hover: { readonly enabled: boolean };
}

/** What holds where a client says nothing. package.json carries the same defaults; a test compares. */
export const DEFAULT_SETTINGS: Settings = {
  codeLens: { enabled: true },
  notices: { enabled: true },
  hover: { enabled: true },
};

// ---------------------------------------------------------------------------------------------- commands

/** Commands the server carries out (`workspace/executeCommand`). */
export const ServerCommand = {
  explainStage: "fastpipe.explainStage",
  showDiff: "fastpipe.showDiff",
  recordStage: "fastpipe.recordStage",
  recordAll: "fastpipe.recordAll",
  acceptChange: "fastpipe.acceptChange",
  acceptChangeEverywhere: "fastpipe.acceptChangeEverywhere",
  revokeAccept: "fastpipe.revokeAccept",
  showDependents: "fastpipe.showDependents",
  showHistory: "fastpipe.showHistory",
  showGraph: "fastpipe.showGraph",
} as const;
export type ServerCommand = (typeof ServerCommand)[keyof typeof ServerCommand];

/** Commands only a client can carry out. */
export const ClientCommand = {
  restartServer: "fastpipe.restartServer",
  showLog: "fastpipe.showLog",
  showStale: "fastpipe.showStale",
} as const;

/**
 * The one argument of every server command. All fields are optional; what is missing is taken from the place
 * (`uri` with `position`), then from the only possible choice, else the command answers `choose`.
 */
export interface CommandArguments {
  /** Root folder of the project, a URI. */
  readonly root?: string;
  /** A file, and a place in it in the protocol's sense: the stage or definition there is meant. */
  readonly uri?: string;
  readonly position?: { readonly line: number; readonly character: number };
  /** Id of a stage, or an unambiguous ending of it. */
  readonly stage?: string;
  /** Key of an entry, such as `func:utils.clean_data`. */
  readonly key?: string;
  /** Why a change is accepted. */
  readonly reason?: string;
}

/** What a server command answers. */
export type CommandResult = PageResult | DiffResult | DoneResult | ChooseResult | RefusedResult;

/** A page to show, read-only. */
export interface PageResult {
  readonly type: "page";
  readonly title: string;
  readonly language: "fastpipe-explain" | "python" | "svg";
  readonly text: string;
  /** Set for a stage's explain page: how to ask for it again when states changed. */
  readonly explain?: ExplainParams;
  /** Places the page speaks of, in its order: for links. */
  readonly places: readonly PagePlace[];
}

/** A stretch of a page that stands for a place in a file. `pageLine` is 0-based, columns are UTF-16 code units. */
export interface PagePlace {
  readonly pageLine: number;
  readonly start: number;
  readonly end: number;
  readonly uri: string;
  readonly line: number;
}

/** Sources to compare, one pair for each entry; `unified` is the same as text. */
export interface DiffResult {
  readonly type: "diff";
  readonly title: string;
  readonly entries: readonly DiffEntry[];
  readonly unified: string;
}
export interface DiffEntry {
  readonly key: string;
  readonly title: string;
  readonly change: "added" | "removed" | "changed";
  /** Null where there is none, or where the recorded text is not kept any more. */
  readonly recorded: string | null;
  readonly present: string | null;
  /** Says why `recorded` is missing where it should be there. */
  readonly note?: string;
  readonly uri: string;
  readonly line: number;
}

/** A baseline was written. `message` is one line for people. */
export interface DoneResult {
  readonly type: "done";
  readonly message: string;
  readonly stages: readonly string[];
}

/** The arguments leave more than one possibility; the client asks and sends the command again with `arguments`. */
export interface ChooseResult {
  readonly type: "choose";
  readonly message: string;
  readonly choices: readonly {
    readonly label: string;
    readonly detail: string;
    readonly arguments: CommandArguments;
  }[];
  /** `reason`: the choices are recent reasons, and free text is as welcome. */
  readonly what: "stage" | "definition" | "reason" | "project";
}

/** Not done, for a reason of the user's world. `unsaved` names files that have to be saved first. */
export interface RefusedResult {
  readonly type: "refused";
  readonly message: string;
  readonly unsaved: readonly string[];
  readonly uri?: string;
  readonly line?: number;
}

// ---------------------------------------------------------------------------------------------- requests

export const Request = {
  status: "fastpipe/status",
  explain: "fastpipe/explain",
  manifest: "fastpipe/manifest",
  graph: "fastpipe/graph",
} as const;

export const Notification = {
  didChangeStatus: "fastpipe/didChangeStatus",
} as const;

/** `fastpipe/status`; without `root`, all projects. */
export interface StatusParams {
  readonly root?: string;
}

/** Answer of `fastpipe/status` and content of `fastpipe/didChangeStatus`. */
export interface StatusResult {
  readonly projects: readonly ProjectStatus[];
}

export interface ProjectStatus {
  readonly root: string;
  readonly name: string;
  readonly stages: readonly StageStatus[];
  /** How many stages would re-run. */
  readonly stale: number;
  /** Sum of the last known durations of the stale stages, seconds; null when none is known. */
  readonly cost: number | null;
  /** What is wrong with the project as a whole: a broken lock, a bad setting. */
  readonly problem: string | null;
}

export type StageState = "fresh" | "stale" | "new" | "accepted" | "broken" | "orphan";

export interface StageStatus {
  readonly stage: string;
  readonly uri: string;
  readonly line: number;
  readonly state: StageState;
  /** Short names of what changed, as in the lens. */
  readonly changed: readonly string[];
  readonly tracked: number;
  readonly untracked: number;
  readonly duration: number | null;
}

/** `fastpipe/explain`; answered with a `PageResult`. */
export interface ExplainParams {
  readonly root?: string;
  readonly uri?: string;
  readonly stage: string;
}

/** `fastpipe/manifest`: of any function or class, by its file and qualified name. */
export interface ManifestParams {
  readonly uri: string;
  readonly qualname: string;
}

/** Answer of `fastpipe/manifest`: the command line's `manifest --json`. */
export type ManifestResult = Readonly<Record<string, unknown>>;

/** `fastpipe/graph`. */
export interface GraphParams {
  readonly root?: string;
  readonly format?: "mermaid" | "dot" | "svg" | "json";
  /** Also what the stages reach in the code. */
  readonly code?: boolean;
}
export interface GraphResult {
  readonly format: string;
  readonly text: string;
}

// ---------------------------------------------------------------------------------------------- files

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
