/**
 * One project's state: the composition of everything to the left. The only mutable thing in the engine; all else is
 * values. A change takes back what it concerns and nothing else; what was taken back is worked out when it is asked for.
 * Above 400 lines because what a change takes back of each part has to be read together.
 */
import { STAGE_DECORATORS } from "../summary/stageDecorators.ts";
import { Analysis } from "./analysis.ts";
import { definitionAt, definitionInfo, dependentsIn, infoOf, nodeOfKey } from "./definitions.ts";
import { Files } from "./files.ts";
import { functionLines } from "./functions.ts";
import type { Root } from "./manifest.ts";
import { stageFiles } from "./stageFiles.ts";
import { type StageRoot, Stages, targetKey } from "./stages.ts";
import type {
  Change,
  Config,
  Counters,
  DefinitionInfo,
  Delta,
  EngineError,
  Entry,
  FunctionFileError,
  FunctionLine,
  Host,
  Manifest,
  Program,
  Result,
  Stage,
  Target,
  Tracked,
} from "./types.ts";
import { type View, Views } from "./views.ts";

/** A program over what `host` gives; reads nothing until it is asked something. */
export function createProgram(host: Host, config: Config): Program {
  return new IncrementalProgram(host, config);
}

/** All that is derived from the files, in the state of the last change. */
interface State {
  readonly analysis: Analysis;
  readonly stages: Stages;
  readonly views: Views;
}

class IncrementalProgram implements Program {
  readonly #host: Host;
  #config: Config;
  #files: Files;
  #state: State | null = null;
  /** What was last said of each stage whose manifest was asked for, by id. */
  readonly #said = new Map<string, string>();
  #revision = 0;
  /** The revision in which all stages were last asked for what they track. */
  #tracked = -1;
  #resolved = 0;
  #digested = 0;

  constructor(host: Host, config: Config) {
    this.#host = host;
    this.#config = config;
    this.#files = this.#newFiles();
  }

  get config(): Config {
    return this.#config;
  }

  get revision(): number {
    return this.#revision;
  }

  #newFiles(): Files {
    const files = new Files(this.#host, this.#config, this.#decorators());
    // Nested definitions are summarised on demand: the same content, with more in it.
    files.onRemade = (file) => this.#takeInSummaries([file]);
    return files;
  }

  #decorators(): ReadonlySet<string> {
    return new Set([...STAGE_DECORATORS, ...this.#config.stageDecorators]);
  }

  #current(): State {
    if (this.#state === null) {
      const analysis = new Analysis(this.#files, this.#config, this.#decorators());
      const stages = new Stages(analysis, this.#config, this.#decorators());
      this.#state = { analysis, stages, views: new Views(analysis, this.#host, this.#config.level) };
    }
    return this.#state;
  }

  // ---------------------------------------------------------------- changes

  applyChange(change: Change): Delta {
    const before = this.#state?.stages.isListed === true ? this.#state.stages.all() : null;
    const listed = this.#files.list();
    const searched = this.#files.searchVersion;
    const settings = change.config ? this.#configure(change.config) : Affected.Nothing;
    if (!this.#apply(change) && settings === Affected.Nothing) return { stages: [], stageListChanged: false };
    this.#revision++;
    const list = this.#files.list();
    const touched = new Set([...(change.disk ?? []), ...(change.buffers?.keys() ?? [])]);
    const different = list === listed ? [] : difference(listed, list);
    for (const file of different) touched.add(file);
    let concerned: Concerned | null = null;
    if (this.#state !== null) this.#files.finder();
    // The root as a package, other folders on the path: any module may be looked up elsewhere.
    const isElsewhere = different.includes(INIT) || this.#files.searchVersion !== searched;
    if (settings === Affected.Everything || isElsewhere) this.#forget();
    else {
      const outside = change.relist === true || (change.disk ?? []).length > 0;
      concerned = this.#takeIn([...touched], different, outside);
      if (settings === Affected.Watched) this.#state?.stages.watch(this.#config.watch);
    }
    return this.#delta(before, concerned);
  }

  /** Tells the files; whether any of that can make a difference. */
  #apply({ relist, disk, buffers }: Change): boolean {
    let differs = false;
    if (relist) {
      this.#files.relist();
      differs = true;
    }
    for (const file of disk ?? []) differs = this.#files.invalidate(file) || differs;
    for (const [file, text] of buffers ?? []) differs = this.#files.setBuffer(file, text) || differs;
    return differs;
  }

  /** Takes settings; what of all that is known does not follow from the files alone any more. */
  #configure(config: Config): Affected {
    const before = this.#config;
    this.#config = config;
    const isSame = (part: (config: Config) => unknown) => JSON.stringify(part(before)) === JSON.stringify(part(config));
    if (!isSame(({ level, stageDecorators }) => [level, stageDecorators])) {
      const open = [...this.#files.buffers()];
      this.#files = this.#newFiles();
      for (const [file, text] of open) this.#files.setBuffer(file, text);
      return Affected.Everything;
    }
    this.#files.configure(config);
    if (!isSame(({ sourceRoots, rootPackage }) => [sourceRoots, rootPackage ?? null])) return Affected.Everything;
    return isSame(({ watch }) => watch) ? Affected.Nothing : Affected.Watched;
  }

  /** Takes in that files have other content; `different`: those that came or went. */
  #takeIn(files: readonly string[], different: readonly string[], outside: boolean): Concerned {
    if (this.#state === null) return { views: new Set(), files: new Set() };
    const { analysis, stages, views } = this.#state;
    const impact = analysis.update(files, segmentsOf(different), packagesOf(different));
    const concerned = views.update(impact, outside);
    if (impact !== null) stages.update(impact, files, different.length > 0);
    return { views: concerned, files: impact?.problems ?? new Set() };
  }

  /** Takes in that summaries were made anew from the same texts. */
  #takeInSummaries(files: readonly string[]): void {
    if (this.#state === null) return;
    const { analysis, stages, views } = this.#state;
    const impact = analysis.update(files, new Set());
    views.update(impact, false);
    if (impact !== null) stages.update(impact, [], false);
  }

  #forget(): void {
    this.#resolved += this.#state?.analysis.resolver.resolved ?? 0;
    this.#digested += this.#state?.analysis.digests.digested ?? 0;
    this.#state = null;
  }

  /** What a change did to stages that were listed before; `concerned` null: anything may be another. */
  #delta(before: readonly StageRoot[] | null, concerned: Concerned | null): Delta {
    if (before === null) return { stages: [], stageListChanged: true };
    const { stages } = this.#current();
    const changed = new Set<string>();
    const after = stages.all();
    let stageListChanged = false;
    if (after !== before) {
      const now = new Set(after.map(({ id }) => id));
      const old = new Set(before.map(({ id }) => id));
      for (const id of now) if (!old.has(id)) changed.add(id);
      for (const id of old) {
        if (now.has(id)) continue;
        changed.add(id);
        this.#said.delete(id);
      }
      stageListChanged = changed.size > 0 || before.length !== after.length;
      this.#dropGone(before, after);
      const nodes = new Map(before.map(({ id, node }) => [id, node]));
      for (const { id, node } of after) {
        const was = nodes.get(id);
        if (was !== undefined && was.id !== node.id) changed.add(id);
      }
    }
    const { views, files } = concerned ?? { views: NO_VIEWS, files: null };
    for (const view of views) if (this.#said.has(view.root.id)) this.#compare(stages.byKey(view.key), changed, view);
    if (files === null || files.size > 0) {
      for (const root of after) if (files === null || files.has(root.stage.file)) this.#compare(root, changed);
    }
    return { stages: [...changed], stageListChanged };
  }

  /** Forgets what was known of stages that are no more. */
  #dropGone(before: readonly StageRoot[], after: readonly StageRoot[]): void {
    const present = new Set(after.map(({ stage }) => targetKey(stage)));
    for (const { stage } of before) {
      const key = targetKey(stage);
      if (!present.has(key)) this.#state?.views.drop(key);
    }
  }

  /** Adds a stage whose manifest was asked for where it says something else now. */
  #compare(root: StageRoot | undefined, changed: Set<string>, view: View | null = null): void {
    const said = root && this.#said.get(root.id);
    if (root === undefined || said === undefined) return;
    const { analysis, views } = this.#current();
    let now = BROKEN;
    if (!analysis.isBroken(root.stage.file)) {
      // The view of before is that of this very stage: no need to look it up.
      const result = view?.root === root ? views.tracked(view) : this.tracked(root.stage);
      if (result.ok) now = result.value.fingerprint;
    }
    this.#said.set(root.id, now);
    if (now !== said) changed.add(root.id);
  }

  // ---------------------------------------------------------------- stages

  stages(): readonly Stage[] {
    return this.#current().stages.stages();
  }

  *readAhead(): Iterable<void> {
    const { analysis, stages } = this.#current();
    const roots = stages.all().map(({ node }) => node);
    yield;
    yield* analysis.readAhead(roots);
  }

  stageFiles(): readonly string[] {
    return stageFiles(this.#files, this.#decorators());
  }

  stagesNamed(id: string): readonly Stage[] {
    return this.#current().stages.named(id);
  }

  // ------------------------------------------------------------- manifests

  manifest(target: Target): Result<Manifest, EngineError> {
    const tracked = this.tracked(target);
    return tracked.ok ? { ok: true, value: tracked.value.manifest } : tracked;
  }

  tracked(target: Target): Result<Tracked, EngineError> {
    const { analysis, stages, views } = this.#current();
    const root = stages.at(target);
    const result =
      this.#problemOf(target.file) ?? this.#trackedOf(views, target, root ?? this.#plainRoot(analysis, target));
    if (root !== undefined) this.#said.set(root.id, result.ok ? result.value.fingerprint : BROKEN);
    return result;
  }

  #trackedOf(views: Views, target: Target, root: Root | null): Result<Tracked, EngineError> {
    if (root === null) return { ok: false, error: this.#unknown(target) };
    return views.tracked(views.of(targetKey(target), root, "stage" in root));
  }

  #problemOf(file: string): { readonly ok: false; readonly error: EngineError } | null {
    if (!this.#files.isKnown(file)) {
      const bytes = file.endsWith(".py") ? this.#host.readFile(file) : null;
      if (bytes === null) {
        return { ok: false, error: { code: "no-such-file", message: `no Python file ${file}`, file } };
      }
    }
    const error = this.#current().analysis.problem(file);
    return error === null ? null : { ok: false, error };
  }

  #plainRoot(analysis: Analysis, target: Target): Root | null {
    if (!this.#files.isKnown(target.file) && analysis.summary(target.file) === null) return null;
    const definition = this.#current().stages.definition(target);
    if (definition === null) return null;
    const id = `${analysis.resolver.finder.moduleName(target.file)}.${target.qualname}`;
    return { node: definition.node, id, declaration: null };
  }

  #unknown({ file, qualname }: Target): EngineError {
    const summary = this.#current().analysis.summary(file);
    const suggestions = [...(summary?.names.values() ?? [])].filter((own) => own.definition).map((own) => own.name);
    for (const nested of summary?.nested ?? []) suggestions.push(nested.qualname);
    return { code: "no-such-definition", message: `no function or class ${qualname} in ${file}`, file, suggestions };
  }

  // ---------------------------------------------------------------- the rest

  functions(): Iterable<FunctionLine | FunctionFileError> {
    return functionLines(this.#current().analysis, this.#config.level);
  }

  definitionAt(file: string, offset: number): DefinitionInfo | null {
    return definitionAt(this.#current().analysis, file, offset);
  }

  definition(key: string): DefinitionInfo | null {
    return definitionInfo(this.#current().analysis, key);
  }

  dependents(key: string): readonly string[] {
    return dependentsIn(this.#current().analysis, key);
  }

  stagesReaching(key: string): readonly Stage[] {
    const { analysis, stages, views } = this.#current();
    const node = nodeOfKey(analysis, key);
    if (node === null) return [];
    this.#trackAll();
    const reaching = new Set<View>(views.reaching(node));
    return stages.stages().filter((stage) => {
      const view = views.peek(targetKey(stage));
      return view !== undefined && reaching.has(view);
    });
  }

  trackedIn(file: string): readonly DefinitionInfo[] {
    const { analysis, stages, views } = this.#current();
    this.#trackAll();
    const found: DefinitionInfo[] = [];
    for (const node of views.reachedIn(file, (key) => stages.isStage(key))) {
      const info = node.definition && infoOf(analysis, node.definition);
      if (info) found.push(info);
    }
    return found;
  }

  /** Works out what all stages track, once for a state. */
  #trackAll(): void {
    if (this.#tracked === this.#revision) return;
    for (const stage of this.stages()) this.tracked(stage);
    this.#tracked = this.#revision;
  }

  source(entry: Pick<Entry, "file" | "ranges">): string | null {
    const text = this.#files.isKnown(entry.file) ? this.#files.source(entry.file) : this.#files.text(entry.file);
    return text === null ? null : entry.ranges.map((range) => text.slice(range.start, range.end)).join("\n");
  }

  text(file: string): string | null {
    return this.#files.text(file);
  }

  problem(file: string): EngineError | null {
    return this.#files.problem(file);
  }

  rest(): void {
    this.#files.rest();
    this.#state?.analysis.rest();
  }

  counters(): Counters {
    return {
      parsedFiles: this.#files.parsed,
      parsedStatements: this.#files.parsed,
      boundStatements: this.#files.parsed,
      hashedDefinitions: this.#files.hashed,
      resolvedReferences: this.#resolved + (this.#state?.analysis.resolver.resolved ?? 0),
      digestedComponents: this.#digested + (this.#state?.analysis.digests.digested ?? 0),
    };
  }
}

/** What may be another after a change. */
interface Concerned {
  readonly views: ReadonlySet<View>;
  /** Files whose stages may be broken now, or no more. */
  readonly files: ReadonlySet<string>;
}

const NO_VIEWS: ReadonlySet<View> = new Set();

/** What settings have a say in. */
const enum Affected {
  Nothing,
  /** Which functions are watched. */
  Watched,
  Everything,
}

const INIT = "__init__.py";

/** Folders that are packages now, or no more. */
function packagesOf(different: readonly string[]): readonly string[] {
  return different.filter((file) => file.endsWith(`/${INIT}`)).map((file) => file.slice(0, -INIT.length));
}

/** Said of a stage that has no manifest. */
const BROKEN = "broken";

/** Files that are in one list only. */
function difference(before: readonly string[], after: readonly string[]): string[] {
  const old = new Set(before);
  const now = new Set(after);
  return [...before.filter((file) => !now.has(file)), ...after.filter((file) => !old.has(file))];
}

/** The names by which modules are looked for that may be found, or found no more, when these files come or go. */
function segmentsOf(files: readonly string[]): ReadonlySet<string> {
  const segments = new Set<string>();
  for (const file of files) for (const part of file.replace(/\.py$/, "").split("/")) segments.add(part);
  return segments;
}
