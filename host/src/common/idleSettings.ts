/**
 * Settings that are well-formed and lead to nothing: a watched function that is not there would never be said to change, and
 * nobody would know. Not errors, since the code may be on its way; to be said as warnings.
 */
import { CONFIG_FILE, type EngineError, lineOfSetting } from "@fastpipe/engine";
import { readText } from "./files.ts";
import type { Project } from "./project.ts";

/** One warning for each watched function and source root that is not found, with its line in `pyproject.toml`. */
export function idleSettings({ config, discovery, files, program }: Project): EngineError[] {
  // Asked with every answer of the editor: the disk only for what is not known.
  const exists = (folder: string) => discovery.folders.includes(folder) || files.hasFolder(folder);
  const roots = config.sourceRoots.filter((root) => root !== "" && !exists(root));
  const stages = config.watch.length === 0 ? [] : program.stages();
  const isFollowed = (entry: string) => {
    const colon = entry.indexOf(":");
    const path = entry.slice(0, colon).replaceAll(".", "/");
    const qualname = entry.slice(colon + 1);
    return stages.some((stage) => stage.qualname === qualname && isModule(stage.file, path));
  };
  const watched = config.watch.filter((entry) => !isFollowed(entry));
  if (roots.length === 0 && watched.length === 0) return [];
  const text = readText(files, CONFIG_FILE) ?? "";
  const warning = (setting: string, message: string): EngineError => {
    return { code: "bad-setting", message, file: CONFIG_FILE, line: lineOfSetting(text, setting) };
  };
  return [
    ...roots.map((root) => warning("source-roots", `source-roots: there is no folder \`${root}\``)),
    ...watched.map((entry) => warning("watch", `watch: there is no function \`${entry}\`, so nothing is followed`)),
  ];
}

/** Whether a file may be the module of a dotted name, as a path: below some root, or in a root that is a package itself. */
function isModule(file: string, path: string): boolean {
  const own = file.replace(/(?:\/__init__)?\.py$/, "");
  return own === path || own.endsWith(`/${path}`) || path.endsWith(`/${own}`);
}
