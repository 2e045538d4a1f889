/** Projects on disk. */
import { openProject, type Project, type ProjectOptions } from "../common/project.ts";
import { sitePackages } from "./environment.ts";
import { NodeFiles, type NodeFilesOptions } from "./nodeFiles.ts";

export { keepAllocationsYoung } from "./collector.ts";
export { type Checkout, type CommittedLock, committedLocks, gitSources, gitVersion, lockAtRevision } from "./git.ts";
export { type DiskChange, NodeFiles, type NodeFilesOptions } from "./nodeFiles.ts";
export { findRoot } from "./root.ts";

/** Opens the project whose root is this absolute path. */
export function openFolder(root: string, options: ProjectOptions & NodeFilesOptions = {}): Project {
  return openProject(new NodeFiles(root, process.env, { cache: options.cache }), options);
}

/** Folders that versions of installed packages are read from, for this project in this process's environment. */
export function packageFolders(root: string): readonly string[] {
  return sitePackages(root, process.env);
}
