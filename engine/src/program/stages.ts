/**
 * The stages of a project: found file by file, kept until their file, or what their decorators say, is another one. Works
 * out no manifest. Above 400 lines because what finds stages and what takes them back have to be read together.
 */
import type { GraphNode } from "../graph/graph.ts";
import { lineAt } from "../normalisation/file.ts";
import { type SummaryChange, same } from "../resolve/changes.ts";
import { PackedSummary } from "../summary/packed.ts";
import type { DecoratorSummary, DefinitionSummary } from "../summary/types.ts";
import type { Analysis, Impact } from "./analysis.ts";
import { Declaration, DecoratorPlace } from "./declarations.ts";
import { plainRange } from "./definitions.ts";
import type { Root } from "./manifest.ts";
import { stageFiles } from "./stageFiles.ts";
import type { Config, Stage, Target } from "./types.ts";

/** A stage with its node and what its decorator says. */
export interface StageRoot extends Root {
  readonly stage: Stage;
}

/** What one file has. */
interface FileStages {
  readonly own: readonly StageRoot[];
  /** Whether the file had a problem. */
  readonly isBroken: boolean;
  /** Functions, here or elsewhere, that it hands to what makes stages of them. */
  readonly handed: readonly Target[];
}

const NOTHING: FileStages = { own: [], handed: [], isBroken: false };

export class Stages {
  readonly #a: Analysis;
  #watch: Config["watch"];
  readonly #decorators: ReadonlySet<string>;
  /** Files that may hold stages; null before anybody asked, and where all have to be looked through again. */
  #files: Set<string> | null = null;
  #isListed = false;
  /** Those of them that the last look through all texts found. */
  #scanned: ReadonlySet<string> = new Set();
  /** Files in which stages are looked for that no decorator in them makes. */
  readonly #plainFiles = new Set<string>();
  /** Files found since through which others may get a stage decorator. */
  readonly #exporters = new Set<string>();
  readonly #byFile = new Map<string, FileStages>();
  /** By file and place: those of a file's own decorators stand together. */
  #all: StageRoot[] | null = null;
  #stages: readonly Stage[] | null = null;
  /** Places in `#all`. */
  #byId: ReadonlyMap<string, readonly number[]> | null = null;
  #byTarget: ReadonlyMap<string, number> | null = null;

  constructor(analysis: Analysis, config: Config, decorators: ReadonlySet<string>) {
    this.#a = analysis;
    this.#watch = config.watch;
    this.#decorators = decorators;
  }

  /** Whether all stages were asked for before. */
  get isListed(): boolean {
    return this.#isListed;
  }

  /** All stages, by file and place. Another list whenever there are others, or one of them is called otherwise. */
  all(): readonly StageRoot[] {
    if (this.#all === null) {
      this.#isListed = true;
      this.#all = this.#collect();
    }
    return this.#all;
  }

  stages(): readonly Stage[] {
    this.#stages ??= this.all().map(({ stage }) => stage);
    return this.#stages;
  }

  /** The stages of one id: more than one where names clash. */
  named(id: string): readonly Stage[] {
    const all = this.all();
    if (this.#byId === null) {
      const byId = new Map<string, number[]>();
      all.forEach((root, i) => {
        const same = byId.get(root.id);
        if (same) same.push(i);
        else byId.set(root.id, [i]);
      });
      this.#byId = byId;
    }
    return (this.#byId.get(id) ?? []).map((i) => all[i].stage);
  }

  /** The stage of a target; where the project's stages were not looked for yet, only its own file is. */
  at(target: Target): StageRoot | undefined {
    if (!this.isListed) return this.#own(target.file).find(({ stage }) => stage.qualname === target.qualname);
    return this.byKey(targetKey(target));
  }

  /** The stage of a target, as one text, where all were asked for. */
  byKey(key: string): StageRoot | undefined {
    const place = this.#places().get(key);
    return place === undefined ? undefined : this.all()[place];
  }

  /** Whether a target, as one text, is a stage. */
  isStage(key: string): boolean {
    return this.#places().has(key);
  }

  #places(): ReadonlyMap<string, number> {
    this.#byTarget ??= new Map(this.all().map(({ stage }, i) => [targetKey(stage), i]));
    return this.#byTarget;
  }

  /**
   * Takes in a change. `touched`: all files that have other content, came, or went, be they read before or not; `relisted`:
   * some did come or go.
   */
  update({ changes, moved, problems, declarations }: Impact, touched: readonly string[], relisted: boolean): void {
    let differs = relisted && this.#watch.length > 0;
    differs ||= touched.some(
      (file) => !changes.has(file) && !problems.has(file) && (this.#byFile.has(file) || this.#hasPlain(file)),
    );
    for (const file of new Set([...changes.keys(), ...moved.keys(), ...problems, ...declarations])) {
      const old = this.#byFile.get(file) ?? NOTHING;
      if (!moved.has(file) && !declarations.has(file) && this.#stand(file, old, changes.get(file))) continue;
      this.#byFile.delete(file);
      const now = this.#files?.has(file) === true ? this.#of(file) : NOTHING;
      differs ||= this.#hasPlain(file) || !this.#replace(old, now);
    }
    if (this.#files !== null) differs = this.#look(touched) || differs;
    this.#stages = null;
    if (!differs) return;
    this.#all = null;
    this.#byId = null;
    this.#byTarget = null;
  }

  /** Whether a file's stages are what they were: nothing with a decorator is another, nor what a name is bound to. */
  #stand(file: string, old: FileStages, change: SummaryChange | undefined): boolean {
    if (old.isBroken !== this.#a.isBroken(file) || this.#hasPlain(file)) return false;
    if (change === undefined) return true;
    const { before, after, header, names, facts, remade } = change;
    if (before === null || after === null || header || names.size > 0 || before.chains !== after.chains) return false;
    if (before.nested.length + after.nested.length > 0 || !same(before.stageCalls, after.stageCalls, Object.is))
      return false;
    const isDecorated = (name: string) =>
      [before, after].some((summary) => (summary.names.get(name)?.definition?.decorators.length ?? 0) > 0);
    for (const name of facts) if (isDecorated(name)) return false;
    for (const name of remade) if (isDecorated(name)) return false;
    return true;
  }

  /** Takes the functions that are watched like stages. */
  watch(watch: Config["watch"]): void {
    this.#watch = watch;
    this.#stages = null;
    this.#all = null;
    this.#byId = null;
    this.#byTarget = null;
  }

  /** Puts a file's stages in the place of those of before; false where they are not the same ones. */
  #replace(old: FileStages, now: FileStages): boolean {
    if (old === now) return true;
    const isSame =
      same(old.own, now.own, (x, y) => x.id === y.id && x.node === y.node) &&
      same(old.handed, now.handed, (x, y) => x.file === y.file && x.qualname === y.qualname);
    if (!isSame || this.#all === null) return isSame;
    const [first] = now.own;
    const start = first === undefined ? 0 : (this.#places().get(targetKey(first.stage)) ?? -1);
    for (let i = 0; i < now.own.length; i++) {
      // Named by its place, since another one has its name.
      if (this.#all[start + i]?.id !== now.own[i].id) return false;
      this.#all[start + i] = now.own[i];
    }
    return true;
  }

  /** Whether a file is asked for stages that no decorator in it makes. */
  #hasPlain(file: string): boolean {
    return this.#plainFiles.has(file);
  }

  /** Looks for stages in files that were not known to hold any; whether there may be others now. */
  #look(touched: readonly string[]): boolean {
    const files = this.#files as Set<string>;
    let differs = false;
    let looked = 0;
    for (const file of touched) {
      if (this.#scanned.has(file)) continue;
      if (!this.#a.files.isKnown(file)) {
        differs = files.delete(file) || differs;
        continue;
      }
      if (++looked > MOST_LOOKED || (this.#exports(file) && !this.#exporters.has(file))) {
        this.#exporters.add(file);
        this.#files = null;
        return true;
      }
      if (files.has(file) || !this.#mayHold(file)) continue;
      files.add(file);
      differs = this.#of(file) !== NOTHING || differs;
    }
    return differs;
  }

  /** Whether a file can hold stages, be it that a decorator of its is none yet. */
  #mayHold(file: string): boolean {
    return this.#a.files.scan(file).at || (this.#a.summary(file)?.stageCalls.length ?? 0) > 0;
  }

  /** Whether another file may get a stage decorator from this one. */
  #exports(file: string): boolean {
    const a = this.#a;
    const summary = a.summary(file);
    if (summary === null) return false;
    const leads = (dotted: string) =>
      [...this.#decorators].some((name) => name === dotted || name.startsWith(`${dotted}.`));
    for (const own of summary.names.values()) {
      if (own.constructed !== null && leads(own.constructed)) return true;
      if (own.imports.length === 0) continue;
      for (const target of a.resolver.named(file, own.name)) {
        if (target.kind === "external" && leads(target.dotted)) return true;
        if (target.kind !== "name") continue;
        const made = a.summary(target.file)?.names.get(target.name)?.constructed;
        if (made && leads(made)) return true;
      }
    }
    return summary.stars.some(({ level, module }) => {
      const found = a.resolver.module(file, { kind: "import", level, module, name: null, attrs: [] });
      return found === null ? leads(module) : found.file !== null;
    });
  }

  #own(file: string): readonly StageRoot[] {
    return this.#of(file).own;
  }

  #of(file: string): FileStages {
    let found = this.#byFile.get(file);
    if (found === undefined) {
      const own = this.#stagesIn(file);
      const handed = this.#handedOver(file);
      found = own.length + handed.length === 0 ? NOTHING : { own, handed, isBroken: this.#a.isBroken(file) };
      this.#byFile.set(file, found);
    }
    return found;
  }

  #collect(): StageRoot[] {
    this.#plainFiles.clear();
    if (this.#files === null) {
      this.#files = new Set(stageFiles(this.#a.files, this.#decorators));
      this.#scanned = new Set(this.#files);
    }
    const files = [...this.#files].sort();
    const out: StageRoot[] = [];
    const targets = new Set<string>();
    const plain = (target: Target) => {
      this.#plainFiles.add(target.file);
      if (targets.has(targetKey(target))) return;
      const definition = this.definition(target);
      if (definition === null) return;
      targets.add(targetKey(target));
      out.push(this.#root(definition.node, definition.summary, null));
    };
    for (const file of files) {
      for (const root of this.#own(file)) {
        out.push(root);
        targets.add(targetKey(root.stage));
      }
    }
    for (const file of files) for (const target of this.#of(file).handed) plain(target);
    for (const watched of this.#watch) {
      const target = this.#watched(watched);
      if (target) plain(target);
    }
    return this.#withUniqueIds(out);
  }

  /** Two stages of one id are told apart by their file, so that neither hides the other. */
  #withUniqueIds(roots: StageRoot[]): StageRoot[] {
    const count = new Map<string, number>();
    for (const { stage } of roots) count.set(stage.id, (count.get(stage.id) ?? 0) + 1);
    if (count.size === roots.length) return roots;
    return roots.map((root) => {
      if (count.get(root.stage.id) === 1) return root;
      const place = `${this.#a.resolver.finder.moduleName(root.stage.file)}.${root.stage.qualname}`;
      const id = place === root.stage.id ? `${place}@${root.stage.file}` : place;
      return { ...root, id, stage: renamed(root.stage, id) };
    });
  }

  #watched(entry: string): Target | null {
    const colon = entry.indexOf(":");
    const module = this.#a.resolver.finder.absolute(entry.slice(0, colon), "");
    return module?.file ? { file: module.file, qualname: entry.slice(colon + 1) } : null;
  }

  /** Functions that a file hands to what makes stages of them. */
  #handedOver(file: string): Target[] {
    const a = this.#a;
    const out: Target[] = [];
    for (const chain of a.summary(file)?.stageCalls ?? []) {
      for (const target of a.resolver.resolve(file, chain)) {
        if (target.kind !== "name" || target.attrs.length > 0) continue;
        if (a.graph.existing(target)?.definition?.kind === "func")
          out.push({ file: target.file, qualname: target.name });
      }
    }
    return out;
  }

  /** The stages of one file, in the order of its text. */
  #stagesIn(file: string): readonly StageRoot[] {
    const a = this.#a;
    const found: StageRoot[] = [];
    const summary = a.summary(file);
    if (summary === null) return found;
    const add = (node: () => GraphNode, definition: DefinitionSummary, owner: string | number) => {
      const [decorator] = definition.decorators.length === 0 ? [] : a.graph.stageDecorators(file, definition);
      if (decorator === undefined) return;
      const place = new DecoratorPlace(summary, owner, definition, definition.decorators.indexOf(decorator));
      found.push(this.#root(node(), definition, this.#declaration(file, decorator, place)));
    };
    for (const own of summary.names.values()) {
      if (own.definition) add(() => a.graph.named(file, own.name), own.definition, own.name);
    }
    summary.nested.forEach((nested, i) => {
      add(() => a.graph.nested(file, nested.qualname), nested, i);
    });
    return found.sort((x, y) => x.stage.start - y.stage.start);
  }

  /** The node and summary of a function or class; null where there is none. */
  definition(target: Target): { readonly node: GraphNode; readonly summary: DefinitionSummary } | null {
    const { file, qualname } = target;
    const own = this.#a.summary(file)?.names.get(qualname);
    if (own?.definition) return { node: this.#a.graph.named(file, own.name), summary: own.definition };
    let found: DefinitionSummary | null = null;
    this.#a.files.withNested(file);
    for (const nested of this.#a.summary(file)?.nested ?? []) if (nested.qualname === qualname) found = nested;
    return found === null ? null : { node: this.#a.graph.nested(file, qualname), summary: found };
  }

  /** `declaration`: null for a function that is watched, or handed to what makes stages. */
  #root(node: GraphNode, definition: DefinitionSummary, declaration: Declaration | null): StageRoot {
    const a = this.#a;
    const { file } = node;
    const values = declaration?.values;
    const strings = (name: "deps" | "outs") => {
      const found = (values?.get(name) ?? NO_VALUES).flatMap(([, value]) => a.values.strings(file, value));
      // A list that grew by `push` holds room for many more.
      return found.length === 0 ? NO_VALUES : found.slice();
    };
    const id = declaration?.name ?? `${a.resolver.finder.moduleName(file)}.${definition.qualname}`;
    const stage = this.#stage(id, { file, deps: strings("deps"), outs: strings("outs") }, definition);
    return { node, id, declaration, stage };
  }

  /** A stage; in a file that is being edited, its place is looked up when somebody asks. */
  #stage(
    id: string,
    { file, deps, outs }: Pick<Stage, "file" | "deps" | "outs">,
    definition: DefinitionSummary,
  ): Stage {
    const a = this.#a;
    const { qualname } = definition;
    const summary = a.summary(file);
    const lineNow = () => lineAt(a.summary(file)?.lineStarts ?? [0], definition.start) + 1;
    if (summary instanceof PackedSummary) {
      const { start, end } = definition.range;
      const nameRange = plainRange(definition.nameRange);
      return this.#withProblem({ id, file, qualname, line: lineNow(), nameRange, start, end, deps, outs });
    }
    return this.#withProblem({
      id,
      file,
      qualname,
      get line() {
        return lineNow();
      },
      get nameRange() {
        return plainRange(definition.nameRange);
      },
      get start() {
        return definition.range.start;
      },
      get end() {
        return definition.range.end;
      },
      deps,
      outs,
    });
  }

  #withProblem(stage: Stage): Stage {
    const a = this.#a;
    const { file } = stage;
    if (!a.isBroken(file)) return stage;
    // Why its file does not parse is found out when somebody asks.
    return Object.defineProperty(stage, "broken", { enumerable: true, get: () => a.problem(file) ?? undefined });
  }

  #declaration(file: string, decorator: DecoratorSummary, place: DecoratorPlace): Declaration {
    return new Declaration(this.#a.values, file, place, this.#decoratorName(file, decorator));
  }

  /** The dotted name by which a stage decorator is known: through the file's import, or where it resolves to. */
  #decoratorName(file: string, { chain: index }: DecoratorSummary): string {
    const summary = this.#a.summary(file);
    const chain = summary?.chains[index];
    if (chain?.kind !== "global") return "";
    for (const { level, module, name } of summary?.names.get(chain.name)?.imports ?? []) {
      if (level > 0) continue;
      return [module, ...(name === null ? [] : [name]), ...chain.attrs].join(".");
    }
    for (const target of this.#a.resolver.resolve(file, index)) if (target.kind === "external") return target.dotted;
    return "";
  }
}

const NO_VALUES: readonly never[] = [];

/** The same stage under another id, what is looked up when somebody asks included. */
function renamed(stage: Stage, id: string): Stage {
  const properties = { ...Object.getOwnPropertyDescriptors(stage), id: { value: id, enumerable: true } };
  return Object.defineProperties({}, properties) as Stage;
}

/** More files than this at a time are looked through by their text, with all others. */
const MOST_LOOKED = 50;

/** One text for a target. */
export function targetKey(target: Target): string {
  return `${target.file}\0${target.qualname}`;
}
