/** Projects on disk. */
import { openProject, type Project, type ProjectOptions } from "../common/project.ts";
import { NodeFiles } from "./nodeFiles.ts";

export { type DiskChange, NodeFiles } from "./nodeFiles.ts";
export { findRoot } from "./root.ts";

/** Opens the project whose root is this absolute path. */
export function openFolder(root: string, options: ProjectOptions = {}): Project {
  return openProject(new NodeFiles(root), options);
}
