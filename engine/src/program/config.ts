/**
 * `pyproject.toml` → the settings that change a fingerprint (M7). Text in, settings or one error with its line out;
 * a misspelt or mistyped setting is an error, because ignoring it would change fingerprints silently. Never reads a file.
 */
import { parse as parseToml, TomlError } from "smol-toml";
import { inferSourceRoots, type Layout, normalRoot, orderSourceRoots, rootPackage, type Table } from "./sourceRoots.ts";
import { type Config, type EngineError, LEVELS, type Level, type Result } from "./types.ts";

export { inferSourceRoots, type Layout };

export const CONFIG_FILE = "pyproject.toml";

/** Names in `[tool.fastpipe]`. */
export const SETTINGS: readonly string[] = ["level", "exclude", "stage-decorators", "watch", "source-roots"];

/** The settings of a project without `pyproject.toml`. */
export const DEFAULT_CONFIG: Config = {
  level: "semantic",
  sourceRoots: [""],
  rootPackage: null,
  stageDecorators: [],
  watch: [],
  exclude: [],
};

const DOTTED = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;
const WATCHED = /^[\p{L}_][\p{L}\p{N}_.]*:[\p{L}_<][\p{L}\p{N}_.<>]*$/u;

/**
 * Takes the text of `pyproject.toml` (null: there is none) and a look at which folders and files exist, for source roots
 * that build back ends find by themselves (`src/`). Gives the settings, or the first problem with its line.
 */
export function parseConfig(pyproject: string | null, layout: Layout): Result<Config, EngineError> {
  if (pyproject === null) {
    const sourceRoots = inferSourceRoots({}, layout);
    return { ok: true, value: { ...DEFAULT_CONFIG, sourceRoots, rootPackage: rootPackage(layout) } };
  }
  let document: Table;
  try {
    document = parseToml(pyproject.charCodeAt(0) === 0xfeff ? pyproject.slice(1) : pyproject) as Table;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = error.message.split("\n", 1)[0].replace(/^Invalid TOML document: /, "");
    return failure(`not valid TOML: ${message}`, error.line);
  }
  const tool = document.tool;
  const table = isTable(tool) ? tool.fastpipe : undefined;
  if (table !== undefined && !isTable(table))
    return failure("`tool.fastpipe` must be a table", lineOfSetting(pyproject, null));
  return readTable(table ?? {}, document, pyproject, layout);
}

/** Whether a `pyproject.toml` has a `[tool.fastpipe]` table; a file that is not TOML counts when its text names one. */
export function hasFastpipeTable(pyproject: string): boolean {
  try {
    const tool = (parseToml(pyproject) as Table).tool;
    return isTable(tool) && tool.fastpipe !== undefined;
  } catch {
    return /^\s*\[\s*tool\s*\.\s*fastpipe\s*[\].]/m.test(pyproject);
  }
}

function readTable(table: Table, document: Table, text: string, layout: Layout): Result<Config, EngineError> {
  for (const name of Object.keys(table)) {
    if (!SETTINGS.includes(name)) {
      return failure(`unknown setting \`${name}\` (known: ${SETTINGS.join(", ")})`, lineOfSetting(text, name));
    }
  }
  const level = table.level ?? DEFAULT_CONFIG.level;
  if (typeof level !== "string" || !(LEVELS as readonly string[]).includes(level)) {
    return failure(`level must be one of ${LEVELS.join(", ")}; found ${show(level)}`, lineOfSetting(text, "level"));
  }
  const lists = new Map<string, readonly string[]>();
  for (const [name, valid, what] of [
    ["exclude", (item: string) => item !== "", "globs such as `legacy/**`"],
    ["stage-decorators", (item: string) => DOTTED.test(item), "dotted names such as `prefect.task`"],
    ["watch", (item: string) => WATCHED.test(item), "names such as `pkg.mod:func`"],
    ["source-roots", (item: string) => normalRoot(item) !== null, "folders below the root such as `src`"],
  ] as const) {
    const value = table[name];
    if (value === undefined) continue;
    const found = Array.isArray(value) ? value.find((item) => typeof item !== "string" || !valid(item)) : value;
    if (!Array.isArray(value) || found !== undefined) {
      return failure(`${name} must be a list of ${what}; found ${show(found)}`, lineOfSetting(text, name));
    }
    lists.set(name, value as string[]);
  }
  const roots = lists.get("source-roots");
  return {
    ok: true,
    value: {
      level: level as Level,
      sourceRoots: roots === undefined ? inferSourceRoots(document, layout) : orderSourceRoots(roots),
      rootPackage: rootPackage(layout),
      stageDecorators: lists.get("stage-decorators") ?? [],
      watch: lists.get("watch") ?? [],
      exclude: lists.get("exclude") ?? [],
    },
  };
}

/**
 * The line that sets `name` of `[tool.fastpipe]` (null: the table itself). The TOML reader keeps no places, so this looks
 * for the header and the key as they are usually written; where it finds neither, line 1.
 */
export function lineOfSetting(text: string, name: string | null): number {
  const lines = text.split(/\r\n?|\n/);
  let header = 0;
  let table = "";
  for (let index = 0; index < lines.length; index++) {
    const head = /^\s*\[\[?([^\]]*)\]/.exec(lines[index]);
    if (head !== null) {
      table = head[1].replace(/["'\s]/g, "");
      if (table === "tool.fastpipe") header = index + 1;
      continue;
    }
    const key = /^\s*([\w"'.\s-]+?)\s*=/.exec(lines[index]);
    if (key === null) continue;
    const path = `${table}.${key[1].replace(/["'\s]/g, "")}`.replace(/^\./, "");
    if (path === "tool.fastpipe" || path === "tool.fastpipe.") header = index + 1;
    if (name !== null && (path === `tool.fastpipe.${name}` || path.startsWith(`tool.fastpipe.${name}.`)))
      return index + 1;
  }
  return header || 1;
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : isTable(value) ? "a table" : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function failure(message: string, line: number): Result<Config, EngineError> {
  return { ok: false, error: { code: "bad-setting", message, file: CONFIG_FILE, line } };
}
