/**
 * What the language client and the language server say to each other beyond the protocol's own messages: requests,
 * notifications, arguments and results of commands, initialization options, settings. Plain types and names only;
 * runs nothing. Files are named by URI, stages by id, lines are 1-based, durations are seconds.
 */

export * from "./files.ts";

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
  /** The client shows the versions of a definition itself, and compares them. Without it they are a page. */
  readonly history?: boolean;
  /** Texts in the client's language, by their English original: what `l10n/bundle.l10n.*.json` holds. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Settings for a client without `workspace/configuration`; the value of its section `fastpipe`. */
  readonly settings?: Partial<Settings>;
}

/** The section `fastpipe` of a client's configuration. None of them changes a fingerprint: those are in pyproject.toml. */
export interface Settings {
  /** `helpers`: also above each function, class and constant that stages use. */
  readonly codeLens: { readonly enabled: boolean; readonly helpers: boolean };
  readonly notices: { readonly enabled: boolean };
  readonly hover: { readonly enabled: boolean };
}

/** What holds where a client says nothing. package.json carries the same defaults; a test compares. */
export const DEFAULT_SETTINGS: Settings = {
  codeLens: { enabled: true, helpers: false },
  notices: { enabled: true },
  hover: { enabled: true },
};

/**
 * Packages whose decorators make stages, besides those that a project's own settings name: a text that imports none of them
 * holds no stage. The engine knows the decorators; a test compares.
 */
export const STAGE_PACKAGES: readonly string[] = [
  "aiida",
  "airflow",
  "burr",
  "cachier",
  "celery",
  "clearml",
  "covalent",
  "d6tflow",
  "dagster",
  "dagster_dbt",
  "dagster_dlt",
  "dagster_sling",
  "dask",
  "diskcache",
  "dlt",
  "fastpipe",
  "flyte",
  "flytekit",
  "hamilton",
  "jobflow",
  "joblib",
  "kedro",
  "kfp",
  "mage_ai",
  "metaflow",
  "modal",
  "parsl",
  "pipefunc",
  "pivot",
  "ploomber",
  "prefect",
  "pytask",
  "ray",
  "redun",
  "sagemaker",
  "sqlmesh",
  "streamlit",
  "union",
  "zenml",
];

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
  undo: "fastpipe.undo",
} as const;
export type ServerCommand = (typeof ServerCommand)[keyof typeof ServerCommand];

/** Commands only a client can carry out. */
export const ClientCommand = {
  restartServer: "fastpipe.restartServer",
  showLog: "fastpipe.showLog",
  showStale: "fastpipe.showStale",
  copyDebugInformation: "fastpipe.copyDebugInformation",
  openChange: "fastpipe.openChange",
  recordVisible: "fastpipe.recordVisible",
  filterStages: "fastpipe.filterStages",
  clearFilter: "fastpipe.clearFilter",
  openWalkthrough: "fastpipe.openWalkthrough",
  saveGraph: "fastpipe.saveGraph",
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
  /** Ids of the only stages that `recordAll` is about. */
  readonly stages?: readonly string[];
  /** Key of an entry, such as `func:utils.clean_data`. */
  readonly key?: string;
  /** Why a change is accepted. */
  readonly reason?: string;
}

/** What a server command answers. */
export type CommandResult = PageResult | DiffResult | HistoryResult | DoneResult | ChooseResult | RefusedResult;

/** A page to show, read-only. */
export interface PageResult {
  readonly type: "page";
  readonly title: string;
  readonly language: "fastpipe-explain" | "python" | "svg";
  readonly text: string;
  /** Set for a stage's explain page: how to ask for it again when states changed. */
  readonly explain?: ExplainParams;
  /** Places the page speaks of: for links. */
  readonly places: readonly PagePlace[];
  /** Set for a graph: the same picture as places, for a client that draws it. */
  readonly picture?: GraphPicture;
}

/** A stretch of a page that stands for a place in a file. `pageLine` is 0-based, columns are UTF-16 code units. */
export interface PagePlace {
  readonly pageLine: number;
  readonly start: number;
  readonly end: number;
  readonly uri: string;
  readonly line: number;
  /** What a click does instead of going there, where the client can. */
  readonly command?: { readonly command: ServerCommand; readonly arguments: CommandArguments };
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

/** The versions of one definition, for a client that said `history`; others get a page. */
export interface HistoryResult {
  readonly type: "history";
  readonly title: string;
  readonly root: string;
  readonly key: string;
  readonly uri: string;
  readonly line: number;
  /** Its text as it stands; null where the code has it no more. */
  readonly present: string | null;
  /** Recorded versions, newest first. */
  readonly versions: readonly HistoryVersion[];
}
export interface HistoryVersion {
  /** Hash, or literal value. */
  readonly recorded: string;
  /** When it first became part of a baseline: ISO 8601, UTC. */
  readonly at: string;
  readonly stages: readonly string[];
  /** As the code has it now. */
  readonly current: boolean;
  /** Null where it is not kept any more. */
  readonly text: string | null;
}

/** A baseline was written. `message` is one line for people. */
export interface DoneResult {
  readonly type: "done";
  readonly message: string;
  readonly stages: readonly string[];
  /** `fastpipe.undo` can take it back. */
  readonly undo?: boolean;
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
  /** What changed, nearest first. */
  readonly changes: readonly StageChange[];
  /** How the baseline came about; null where there is none. */
  readonly baseline: StageBaseline | null;
  /** Why it is broken, or stale where no entry says it. */
  readonly problem: string | null;
}

export interface StageChange {
  readonly key: string;
  readonly name: string;
  readonly change: "added" | "removed" | "changed";
  /** Where it stands now; null when removed. */
  readonly uri: string | null;
  readonly line: number | null;
  /** By which way the stage reaches it: `train → prepare → clean`. */
  readonly via: string;
  /** The file has edits that are not saved. */
  readonly unsaved: boolean;
}

export interface StageBaseline {
  readonly how: "run" | "recorded" | "accepted";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of an accepted baseline: when the stage last ran, where that is known. */
  readonly ranAt: string | null;
  readonly reason: string | null;
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
  /** `layout` is the picture as places: the JSON of a `GraphPicture`. */
  readonly format?: "mermaid" | "dot" | "svg" | "json" | "layout";
  /** Also what the stages reach in the code. */
  readonly code?: boolean;
  /** Only what these stages reach in the code; ids. */
  readonly expand?: readonly string[];
}
export interface GraphResult {
  readonly format: string;
  readonly text: string;
}

/** A graph with every place worked out: what the picture in VS Code draws. Lengths are CSS pixels. */
export interface GraphPicture {
  readonly root: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphPictureNode[];
  readonly edges: readonly GraphPictureEdge[];
}
export interface GraphPictureNode {
  /** Id of a stage, or key of a definition. */
  readonly id: string;
  readonly label: string;
  readonly kind: "stage" | "code";
  readonly state: StageState;
  /** The state in words, in the client's language; of a definition its kind. */
  readonly detail: string;
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly uri: string | null;
  readonly line: number;
  /** What the stage reaches in the code is on show. */
  readonly expanded: boolean;
}
export interface GraphPictureEdge {
  readonly from: string;
  readonly to: string;
  /** The path that one writes and the other reads; empty for code. */
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Middle of the label, and its width. */
  readonly labelAt: { readonly x: number; readonly y: number } | null;
  readonly labelWidth: number;
}
