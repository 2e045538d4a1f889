/**
 * One project's state: the composition of everything to the left. The only mutable thing in the engine; all else is
 * values. A change that leaves a file's summary as it was leaves everything as it was.
 */

import { type NodeId, nameNode, nestedNode } from "../graph/definitions.ts";
import { lineAt } from "../normalisation/file.ts";
import { STAGE_DECORATORS } from "../summary/stageDecorators.ts";
import type { DefinitionSummary, ModuleSummary } from "../summary/types.ts";
import { Analysis } from "./analysis.ts";
import { type Declaration, declarationOf } from "./declarations.ts";
import { definitionAt, definitionInfo, dependentsIn } from "./definitions.ts";
import { Files } from "./files.ts";
import { functionLines } from "./functions.ts";
import { manifestOf } from "./manifest.ts";
import { stageFiles } from "./stageFiles.ts";
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
} from "./types.ts";

/** A program over what `host` gives; reads nothing until it is asked something. */
export function createProgram(host: Host, config: Config): Program {
  return new IncrementalProgram(host, config);
}

interface StageRoot {
  readonly stage: Stage;
  readonly node: NodeId;
  readonly declaration: Declaration | null;
}

class IncrementalProgram implements Program {
  readonly #host: Host;
  #config: Config;
  #files: Files;
  #analysis: Analysis | null = null;
  #stages: readonly StageRoot[] | null = null;
  readonly #manifests = new Map<string, Result<Manifest, EngineError>>();
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

  #newFiles(): Files {
    return new Files(this.#host, this.#config, this.#decorators());
  }

  #decorators(): ReadonlySet<string> {
    return new Set([...STAGE_DECORATORS, ...this.#config.stageDecorators]);
  }

  #current(): Analysis {
    this.#analysis ??= new Analysis(this.#files, this.#config, this.#decorators());
    return this.#analysis;
  }

  applyChange(change: Change): Delta {
    const before = this.#snapshot();
    const touched = new Set([...(change.disk ?? []), ...(change.buffers?.keys() ?? [])]);
    const known = new Map([...touched].map((file) => [file, this.#files.settled(file)]));
    const list = this.#files.list();
    let dirty = false;
    if (change.config) {
      const buffers = [...this.#files.buffers()];
      this.#config = change.config;
      this.#files = this.#newFiles();
      for (const [file, text] of buffers) this.#files.setBuffer(file, text);
      dirty = true;
    }
    if (change.relist) {
      this.#files.relist();
      dirty = true;
    }
    for (const file of change.disk ?? []) dirty = this.#files.invalidate(file) || dirty;
    for (const [file, text] of change.buffers ?? []) dirty = this.#files.setBuffer(file, text) || dirty;
    if (!dirty) return { stages: [], stageListChanged: false };
    const same = !change.config && this.#files.list() === list && this.#takeIn(known);
    this.#forget(same);
    return this.#delta(before);
  }

  /** Whether all that the changed files are to others is as it was; then the analysis has taken their content in. */
  #takeIn(known: ReadonlyMap<string, ModuleSummary | null>): boolean {
    if (this.#analysis === null) return false;
    for (const [file, before] of known) {
      const after = this.#files.settled(file);
      if (before === after) continue;
      if (before === null || after === null || !this.#analysis.takeIn(file, before, after)) return false;
    }
    return true;
  }

  #forget(keep: boolean): void {
    const before = this.#analysis;
    if (before && keep) this.#analysis = new Analysis(this.#files, this.#config, this.#decorators(), before);
    else {
      this.#resolved += before?.resolver.resolved ?? 0;
      this.#digested += before?.digests.digested ?? 0;
      this.#analysis = null;
    }
    this.#stages = null;
    this.#manifests.clear();
  }

  /** What was last said of each stage; empty when nothing was asked yet. */
  #snapshot(): ReadonlyMap<string, string> | null {
    if (this.#stages === null) return null;
    return new Map(this.#stages.map((root) => [root.stage.id, this.#signature(root)]));
  }

  #signature(root: StageRoot): string {
    const made = this.#manifests.get(targetKey({ file: root.stage.file, qualname: root.stage.qualname }));
    const state = made === undefined ? "" : made.ok ? made.value.fingerprint : made.error.message;
    return `${root.stage.file}\0${root.stage.qualname}\0${root.stage.broken?.message ?? ""}\0${state}`;
  }

  #delta(before: ReadonlyMap<string, string> | null): Delta {
    if (before === null) return { stages: [], stageListChanged: true };
    const roots = this.#roots();
    for (const root of roots) this.manifest({ file: root.stage.file, qualname: root.stage.qualname });
    const changed: string[] = [];
    const now = new Set<string>();
    for (const root of roots) {
      now.add(root.stage.id);
      if (before.get(root.stage.id) !== this.#signature(root)) changed.push(root.stage.id);
    }
    let stageListChanged = roots.length !== before.size;
    for (const id of before.keys()) {
      if (now.has(id)) continue;
      changed.push(id);
      stageListChanged = true;
    }
    return { stages: changed, stageListChanged };
  }

  // ---------------------------------------------------------------- stages

  stages(): readonly Stage[] {
    return this.#roots().map((root) => root.stage);
  }

  stageFiles(): readonly string[] {
    return stageFiles(this.#files, this.#decorators());
  }

  #roots(): readonly StageRoot[] {
    this.#stages ??= this.#findStages();
    return this.#stages;
  }

  #findStages(): readonly StageRoot[] {
    const a = this.#current();
    const out: StageRoot[] = [];
    const files = stageFiles(this.#files, this.#decorators());
    for (const file of files) out.push(...this.#stagesIn(file));
    for (const file of files) for (const target of this.#handedOver(file)) this.#addPlain(out, target);
    for (const watched of this.#config.watch) {
      const target = this.#watched(watched);
      if (target) this.#addPlain(out, target);
    }
    return withUniqueIds(out, a);
  }

  /** A function that is a stage without a decorator: watched, or handed to what makes stages. */
  #addPlain(out: StageRoot[], target: Target): void {
    if (out.some(({ stage }) => stage.file === target.file && stage.qualname === target.qualname)) return;
    const definition = this.#definitionNode(target);
    if (definition) out.push(this.#stageRoot(target.file, definition.id, definition.summary, null));
  }

  /** Functions that a file hands to what makes stages of them. */
  #handedOver(file: string): Target[] {
    const a = this.#current();
    const out: Target[] = [];
    for (const chain of a.files.summary(file)?.stageCalls ?? []) {
      for (const target of a.resolver.resolve(file, chain)) {
        if (target.kind !== "name" || target.attrs.length > 0) continue;
        const node = a.graph.node(a.graph.nodeOf(target) ?? "");
        if (node?.kind === "func") out.push({ file: target.file, qualname: target.name });
      }
    }
    return out;
  }

  /** The stages of one file, in the order of its text. */
  #stagesIn(file: string): StageRoot[] {
    const found: StageRoot[] = [];
    const summary = this.#files.summary(file);
    for (const own of summary?.names.values() ?? []) {
      if (own.definition) this.#addStage(found, file, nameNode(file, own.name), own.definition);
    }
    for (const nested of summary?.nested ?? []) this.#addStage(found, file, nestedNode(file, nested.qualname), nested);
    return found.sort((x, y) => x.stage.start - y.stage.start);
  }

  #watched(entry: string): Target | null {
    const colon = entry.indexOf(":");
    const module = this.#files.finder().absolute(entry.slice(0, colon), "");
    return module?.file ? { file: module.file, qualname: entry.slice(colon + 1) } : null;
  }

  #addStage(out: StageRoot[], file: string, node: NodeId, definition: DefinitionSummary): void {
    const a = this.#current();
    const [decorator] = a.graph.stageDecorators(file, definition);
    if (!decorator) return;
    const chain = a.files.summary(file)?.chains[decorator.chain];
    const dotted = chain?.kind === "global" ? stageName(a, file, decorator.chain, chain.name, chain.attrs) : "";
    out.push(this.#stageRoot(file, node, definition, declarationOf(a.values, file, decorator, dotted)));
  }

  #stageRoot(file: string, node: NodeId, definition: DefinitionSummary, declaration: Declaration | null): StageRoot {
    const a = this.#current();
    const lineStarts = a.files.summary(file)?.lineStarts ?? [0];
    const problem = this.#files.problem(file);
    const strings = (name: "deps" | "outs") =>
      (declaration?.values.get(name) ?? []).flatMap(([, value]) => a.values.strings(file, value));
    return {
      node,
      declaration,
      stage: {
        id: declaration?.name ?? `${a.resolver.finder.moduleName(file)}.${definition.qualname}`,
        file,
        qualname: definition.qualname,
        line: lineAt(lineStarts, definition.start) + 1,
        nameRange: definition.nameRange,
        start: definition.range.start,
        end: definition.range.end,
        ...(problem === null ? {} : { broken: problem }),
        deps: strings("deps"),
        outs: strings("outs"),
      },
    };
  }

  // ------------------------------------------------------------- manifests

  manifest(target: Target): Result<Manifest, EngineError> {
    const key = targetKey(target);
    let made = this.#manifests.get(key);
    if (made === undefined) {
      made = this.#manifest(target);
      this.#manifests.set(key, made);
    }
    return made;
  }

  #manifest(target: Target): Result<Manifest, EngineError> {
    const { file, qualname } = target;
    if (!this.#files.isKnown(file)) {
      const bytes = file.endsWith(".py") ? this.#host.readFile(file) : null;
      if (bytes === null) {
        return { ok: false, error: { code: "no-such-file", message: `no Python file ${file}`, file } };
      }
    }
    const problem = this.#files.problem(file);
    if (problem !== null) return { ok: false, error: problem };
    const a = this.#current();
    // One definition is asked for: where the project's stages were not looked for yet, its own file is enough.
    const roots = this.#stages ?? this.#stagesIn(file);
    const root = roots.find((item) => item.stage.file === file && item.stage.qualname === qualname);
    if (root)
      return manifestOf(a, this.#host, this.#config.level, {
        node: root.node,
        id: root.stage.id,
        declaration: root.declaration,
      });
    const definition = this.#definitionNode(target);
    if (definition === null) {
      const names = this.#files.withNested(file);
      const suggestions = [...(names?.names.values() ?? [])].filter((own) => own.definition).map((own) => own.name);
      for (const nested of names?.nested ?? []) suggestions.push(nested.qualname);
      return {
        ok: false,
        error: {
          code: "no-such-definition",
          message: `no function or class ${qualname} in ${file}`,
          file,
          suggestions,
        },
      };
    }
    return manifestOf(a, this.#host, this.#config.level, {
      node: definition.id,
      id: `${a.resolver.finder.moduleName(file)}.${qualname}`,
      declaration: null,
    });
  }

  #definitionNode(target: Target): { id: NodeId; summary: DefinitionSummary } | null {
    const summary = this.#files.summary(target.file);
    const own = summary?.names.get(target.qualname);
    if (own?.definition) return { id: nameNode(target.file, own.name), summary: own.definition };
    let found: DefinitionSummary | null = null;
    for (const nested of this.#files.withNested(target.file)?.nested ?? [])
      if (nested.qualname === target.qualname) found = nested;
    return found === null ? null : { id: nestedNode(target.file, target.qualname), summary: found };
  }

  // ---------------------------------------------------------------- the rest

  functions(): Iterable<FunctionLine | FunctionFileError> {
    return functionLines(this.#current(), this.#config.level);
  }

  definitionAt(file: string, offset: number): DefinitionInfo | null {
    return definitionAt(this.#current(), file, offset);
  }

  definition(key: string): DefinitionInfo | null {
    return definitionInfo(this.#current(), key);
  }

  dependents(key: string): readonly string[] {
    return dependentsIn(this.#current(), key);
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

  counters(): Counters {
    return {
      parsedFiles: this.#files.parsed,
      parsedStatements: this.#files.parsed,
      boundStatements: this.#files.parsed,
      hashedDefinitions: this.#files.hashed,
      resolvedReferences: this.#resolved + (this.#analysis?.resolver.resolved ?? 0),
      digestedComponents: this.#digested + (this.#analysis?.digests.digested ?? 0),
    };
  }
}

function targetKey(target: Target): string {
  return `${target.file}\0${target.qualname}`;
}

/** The dotted name by which a stage decorator is known: through the file's import, or where it resolves to. */
function stageName(a: Analysis, file: string, index: number, name: string, attrs: readonly string[]): string {
  for (const binding of a.files.summary(file)?.names.get(name)?.imports ?? []) {
    if (binding.level > 0) continue;
    return [binding.module, ...(binding.name === null ? [] : [binding.name]), ...attrs].join(".");
  }
  for (const target of a.resolver.resolve(file, index)) if (target.kind === "external") return target.dotted;
  return "";
}

/** Two stages of one id are told apart by their file, so that neither hides the other. */
function withUniqueIds(roots: readonly StageRoot[], a: Analysis): readonly StageRoot[] {
  const count = new Map<string, number>();
  for (const { stage } of roots) count.set(stage.id, (count.get(stage.id) ?? 0) + 1);
  return roots.map((root) => {
    if (count.get(root.stage.id) === 1) return root;
    const id = `${a.resolver.finder.moduleName(root.stage.file)}.${root.stage.qualname}`;
    return { ...root, stage: { ...root.stage, id: id === root.stage.id ? `${id}@${root.stage.file}` : id } };
  });
}
