/**
 * Older versions of a project out of git: a revision's tree as a file layer, the baselines it would have, and recorded
 * sources that the object store does not have. Only reads the repository; runs `git`, and does without where there is none.
 */
import { execFileSync } from "node:child_process";
import path from "node:path";
import {
  type Baseline,
  CONFIG_FILE,
  type Config,
  emptyLock,
  type Level,
  type Lock,
  levelOf,
  type Program,
  parseLock,
  type Result,
  recorded,
  withBaselines,
} from "@fastpipe/engine";
import { LOCK_FILE } from "../common/files.ts";
import { MemoryFiles } from "../common/memory.ts";
import { PINNING_FILES } from "../common/packages.ts";
import { openProject, type ProjectError } from "../common/project.ts";

/** How many revisions to look at for one recorded text. */
const MOST_REVISIONS = 8;
/** How many versions of the lock to read for a history. */
const MOST_LOCKS = 100;

/** The folder whose revisions are meant. */
export interface Checkout {
  readonly root: string;
  /** Version of an installed distribution. Environments are not in git: the present one counts for every revision. */
  installedVersion(name: string): string | null;
}

/** `git version 2.43.0`, or null where there is no git. */
export function gitVersion(): string | null {
  return run(process.cwd(), ["--version"])?.toString().trim() ?? null;
}

/**
 * The lock that recording every stage at a revision would have made, at one level whatever the settings said then. Stages
 * that could not be read there have no baseline. The revision's own settings hold for the rest.
 */
export function lockAtRevision(
  checkout: Checkout,
  revision: string,
  options: { readonly level: Level },
): Result<Lock, ProjectError> {
  const { root } = checkout;
  const commit = commitOf(root, revision);
  if (commit === null) {
    const message =
      run(root, ["rev-parse", "--git-dir"]) === null
        ? `${revision} can't be looked up: ${gitVersion() === null ? "there is no `git` here" : `${root} is in no git repository`}`
        : `${revision} is no revision of the repository at ${root}: give a branch, tag or commit that is fetched`;
    return { ok: false, error: { code: "no-such-definition", message } };
  }
  const project = openProject(revisionFiles(checkout, commit), options);
  if (project.configProblem !== null) {
    const { message, ...rest } = project.configProblem;
    return { ok: false, error: { ...rest, message: `at ${revision}: ${message}` } };
  }
  const at = committed(root, commit);
  const baselines = new Map<string, Baseline>();
  const empty = emptyLock(options.level);
  for (const stage of project.program.stages()) {
    const manifest = project.program.manifest(stage);
    if (manifest.ok) baselines.set(stage.id, recorded(empty, manifest.value, { how: "recorded", at }));
  }
  return { ok: true, value: withBaselines(empty, baselines) };
}

/**
 * Looks for recorded texts of one stage in git: near the commits that brought its fingerprint into the lock, and near the
 * time it was recorded. A text counts only when its hash is the recorded one.
 */
export function gitSources(
  checkout: Checkout,
  config: Config,
  lock: Lock,
  stage: string,
): (key: string, hash: string) => string | null {
  const baseline = lock.stages.get(stage);
  if (baseline === undefined) return () => null;
  let candidates: readonly string[] | null = null;
  const programs = new Map<string, Program>();
  return (key, hash) => {
    candidates ??= candidateCommits(checkout.root, baseline);
    for (const commit of candidates) {
      const level = levelOf(lock, baseline);
      const program = programs.get(commit) ?? openProject(revisionFiles(checkout, commit), { level }).program;
      programs.set(commit, program);
      const text = sourceIn(program, stage, config, key, hash);
      if (text !== null) return text;
    }
    return null;
  };
}

function sourceIn(program: Program, id: string, config: Config, key: string, hash: string): string | null {
  // Where source roots moved since, keys are other keys.
  if (JSON.stringify(program.config.sourceRoots) !== JSON.stringify(config.sourceRoots)) return null;
  const stage = program.stages().find((each) => each.id === id);
  const manifest = stage && program.manifest(stage);
  if (!manifest?.ok) return null;
  const entry = manifest.value.entries.find((each) => each.key === key && each.hash === hash);
  return entry === undefined ? null : program.source(entry);
}

function candidateCommits(root: string, { fingerprint, at }: Baseline): string[] {
  const asked = [
    ["log", `-S${fingerprint}`, "--format=%H", `-n${MOST_REVISIONS / 2}`, "--", LOCK_FILE],
    ["rev-list", "-n1", `--before=${at}`, "HEAD"],
    ["rev-list", "--reverse", `--after=${at}`, "HEAD"],
    ["rev-parse", "--verify", "--quiet", "HEAD"],
  ];
  const commits = asked.flatMap((args) => lines(run(root, args)).slice(0, MOST_REVISIONS / 2));
  return [...new Set(commits)].slice(0, MOST_REVISIONS);
}

/** One committed version of the lock. */
export interface CommittedLock {
  readonly commit: string;
  readonly lock: Lock;
}

/** Versions of the lock in the history of the present commit, oldest first; ones that can't be read are left out. */
export function committedLocks(root: string): readonly CommittedLock[] {
  const commits = lines(run(root, ["log", "--format=%H", `-n${MOST_LOCKS}`, "--", LOCK_FILE])).reverse();
  const found: CommittedLock[] = [];
  for (const commit of commits) {
    const text = run(root, ["show", `${commit}:./${LOCK_FILE}`])?.toString();
    const parsed = text === undefined ? null : parseLock(text);
    if (parsed?.ok) found.push({ commit, lock: parsed.value });
  }
  return found;
}

interface TreeEntry {
  readonly mode: string;
  readonly object: string;
}

const LINK = "120000";

/** A revision's files below the root: Python, ignore files and settings at once, the rest when asked for. */
class RevisionFiles extends MemoryFiles {
  readonly #tree: ReadonlyMap<string, TreeEntry>;
  readonly #checkout: Checkout;

  constructor(checkout: Checkout, tree: ReadonlyMap<string, TreeEntry>) {
    const { root } = checkout;
    super({}, { root });
    this.#tree = tree;
    this.#checkout = checkout;
    const wanted = [...tree.keys()].filter(isReadAhead);
    const contents = blobs(
      root,
      wanted.map((file) => this.#objectOf(file)),
    );
    for (const file of wanted) {
      const content = contents.get(this.#objectOf(file) ?? "");
      if (content !== undefined) this.set(file, content);
    }
  }

  override read(file: string): Uint8Array | null {
    const known = super.read(file);
    const object = known === null ? this.#objectOf(file) : null;
    if (object === null) return known;
    return blobs(this.root, [object]).get(object) ?? null;
  }

  /** Pins are the revision's. */
  override packageVersion(name: string): string | null {
    return this.#checkout.installedVersion(name) ?? super.packageVersion(name);
  }

  /** The blob of a file, or of what a link leads to inside the tree. */
  #objectOf(file: string): string | null {
    let at = file;
    for (let hops = 0; hops < 8; hops++) {
      const entry = this.#tree.get(at);
      if (entry === undefined) return null;
      if (entry.mode !== LINK) return entry.object;
      const target = blobs(this.root, [entry.object]).get(entry.object)?.toString() ?? "";
      at = path.posix.join(path.posix.dirname(at), target);
    }
    return null;
  }
}

function isReadAhead(file: string): boolean {
  const name = path.posix.basename(file);
  return (
    name.endsWith(".py") ||
    name === ".gitignore" ||
    name === "pyvenv.cfg" ||
    [CONFIG_FILE, LOCK_FILE, ...PINNING_FILES].includes(file)
  );
}

function revisionFiles(checkout: Checkout, commit: string): MemoryFiles {
  const tree = new Map<string, TreeEntry>();
  const listing = run(checkout.root, ["ls-tree", "-r", "-z", commit])?.toString() ?? "";
  for (const line of listing.split("\0")) {
    const match = /^(\d+) blob ([0-9a-f]+)\t([\s\S]+)$/.exec(line);
    if (match !== null) tree.set(match[3], { mode: match[1], object: match[2] });
  }
  return new RevisionFiles(checkout, tree);
}

/** Contents by object name, all from one process: https://git-scm.com/docs/git-cat-file#_batch_output */
function blobs(root: string, objects: readonly (string | null)[]): Map<string, Buffer> {
  const wanted = [...new Set(objects)].filter((object) => object !== null);
  const found = new Map<string, Buffer>();
  if (wanted.length === 0) return found;
  const output = run(root, ["cat-file", "--batch"], wanted.map((object) => `${object}\n`).join(""));
  if (output === null) return found;
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const [object, type, size] = output.toString("latin1", at, end).split(" ");
    at = end + 1;
    if (type === "missing" || size === undefined) continue;
    found.set(object, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}

function commitOf(root: string, revision: string): string | null {
  return lines(run(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]))[0] ?? null;
}

function committed(root: string, commit: string): string {
  const seconds = Number(lines(run(root, ["show", "-s", "--format=%ct", commit]))[0] ?? 0);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function lines(output: Buffer | null): string[] {
  return (output?.toString() ?? "").split("\n").filter((line) => line !== "");
}

/** What git says, or null when it fails or is not there. */
function run(root: string, args: readonly string[], input?: string): Buffer | null {
  try {
    return execFileSync("git", args as string[], {
      cwd: root,
      input,
      maxBuffer: Number.POSITIVE_INFINITY,
      stdio: ["pipe", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0" },
    });
  } catch {
    return null;
  }
}
