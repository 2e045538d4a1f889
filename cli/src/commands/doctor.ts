/** `fastpipe doctor`: what Fastpipe sees of a project, for a bug report or a puzzled user. Reads, never changes. */
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { CONFIG_FILE, count, STORE_FOLDER } from "@fastpipe/engine";
import { idleSettings, LOCK_FILE, lockError } from "@fastpipe/host";
import { findRoot, gitVersion, openFolder, packageFolders } from "@fastpipe/host/node";
import { version } from "../../package.json";
import { oneLine } from "../failure.ts";
import { columns } from "../output.ts";
import { readLevel, type Session } from "../session.ts";

/** How many left-out paths to show in text. */
const MOST_SHOWN = 20;

export async function doctor(session: Session): Promise<undefined> {
  const root = session.root();
  const project = openFolder(root, { level: readLevel(session.options.level) });
  const { config, discovery, lock } = project;
  const exists = (name: string) => existsSync(path.join(root, name));
  const history = await project.files.objects.history();
  const facts = {
    fastpipe: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    git: gitVersion(),
    root,
    rootFound: session.options.root === undefined ? findRoot(process.cwd()) !== null : "given",
    settings:
      project.configProblem === null
        ? exists(CONFIG_FILE)
          ? CONFIG_FILE
          : "defaults"
        : oneLine(project.configProblem),
    config,
    lock: lock.ok
      ? exists(LOCK_FILE)
        ? count(lock.value.stages.size, "stage")
        : "none yet"
      : oneLine(lockError(lock.error)),
    store: exists(STORE_FOLDER) ? `${count(history.length, "version")} noted` : "none yet",
    cache: cacheState(path.join(root, STORE_FOLDER, "cache"), session.options.cache !== false),
    packages: packageFolders(root),
    files: discovery.files.length,
    stages: project.program.stages().length,
    problems: discovery.files.map((file) => project.program.problem(file)).filter((problem) => problem !== null),
    warnings: idleSettings(project),
    unreadable: discovery.unreadable,
    excluded: discovery.excluded,
  };
  if (session.json) {
    await session.writeJson(facts);
    return;
  }
  const list = (items: readonly string[]) => (items.length === 0 ? "none" : items.join(", "));
  const lines = columns([
    ["fastpipe", `${facts.fastpipe}, node ${facts.node}, ${facts.platform}, ${facts.git ?? "no git"}`],
    ["root", `${root}${facts.rootFound === false ? " (no lock, table or repository above: the current folder)" : ""}`],
    ["settings", facts.settings],
    ["level", config.level],
    ["source roots", list(config.sourceRoots.map((each) => each || "."))],
    ["stage decorators", list(config.stageDecorators)],
    ["watched", list(config.watch)],
    ["packages from", list(facts.packages)],
    [LOCK_FILE, facts.lock],
    ["object store", facts.store],
    ["cache", facts.cache],
    ["Python files", String(facts.files)],
    ["stages", String(facts.stages)],
  ]);
  for (const warning of facts.warnings) lines.push(`leads to nothing: ${oneLine(warning)}`);
  for (const folder of facts.unreadable) lines.push(`can't be read: ${folder || root}/`);
  for (const problem of facts.problems) lines.push(`can't be read: ${oneLine(problem)}`);
  if (discovery.excluded.length > 0) lines.push("left out:");
  for (const { path: left, why } of discovery.excluded.slice(0, MOST_SHOWN)) lines.push(`  ${left}  (${why})`);
  if (discovery.excluded.length > MOST_SHOWN)
    lines.push(`  and ${discovery.excluded.length - MOST_SHOWN} more (--json has them)`);
  await session.output.write(`${lines.join("\n")}\n`);
}

/** Whether what was read is kept for the next command, and how much of it there is. */
function cacheState(folder: string, wanted: boolean): string {
  if (!wanted) return "off (--no-cache)";
  if (process.env.FASTPIPE_NO_CACHE) return "off (FASTPIPE_NO_CACHE)";
  try {
    const sizes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).size);
    return `${Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1000)} kB in ${STORE_FOLDER}/cache`;
  } catch {
    return "none yet";
  }
}
