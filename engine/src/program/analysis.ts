/**
 * Everything derived from one state of the files: resolver, graph, digests, effects. Thrown away as a whole when a change
 * can reach it; holds nothing that the files do not determine.
 */
import { Digests } from "../fingerprint/digests.ts";
import { Effects } from "../fingerprint/effects.ts";
import { DefinitionGraph, isNameNode, type NodeId, nameNode } from "../graph/definitions.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import { Resolver } from "../resolve/references.ts";
import { interfaceText, nameText } from "../summary/compare.ts";
import type { ModuleSummary } from "../summary/types.ts";
import { ValueReader } from "./declarations.ts";
import type { Files } from "./files.ts";
import { MethodIndex, WriteIndex } from "./indices.ts";
import type { Config } from "./types.ts";

export class Analysis {
  readonly files: Files;
  readonly resolver: Resolver;
  readonly graph: DefinitionGraph;
  readonly digests: Digests;
  readonly effects: Effects;
  readonly values: ValueReader;
  readonly methods: MethodIndex;
  readonly writes: WriteIndex;

  /** `before`: an analysis whose resolver, graph and digests still hold, as far as they were not made to forget. */
  constructor(files: Files, config: Config, stageDecorators: ReadonlySet<string>, before: Analysis | null = null) {
    this.files = files;
    this.resolver = before?.resolver ?? new Resolver(files, files.finder());
    this.graph =
      before?.graph ?? new DefinitionGraph(files, this.resolver, (dotted) => marksStage(stageDecorators, dotted));
    this.digests = before?.digests ?? new Digests(files, this.graph, this.resolver, config.level);
    this.effects = new Effects(files, this.graph, this.resolver);
    this.methods = new MethodIndex(files);
    this.writes = new WriteIndex(files, this.graph, this.resolver);
    this.values = new ValueReader(files, this.graph, this.resolver, (file, piece) =>
      this.digests.piece(file, piece, 0),
    );
    // Nested definitions are summarised on demand: the same content under other numbers of chains.
    files.onRemade = (file) => {
      this.resolver.forget(file);
      this.graph.forget(file);
    };
  }

  /**
   * Takes in that a file has another summary. True when what other files see of it is the same: then only its own
   * references, its changed definitions and what reaches these are worked out again. False: nothing can be kept.
   */
  takeIn(file: string, before: ModuleSummary, after: ModuleSummary): boolean {
    if (interfaceText(before) !== interfaceText(after)) return false;
    const changed = new Set<NodeId>();
    for (const own of after.names.values()) {
      const old = before.names.get(own.name);
      if (old && nameText(before, old) === nameText(after, own)) continue;
      changed.add(nameNode(file, own.name));
    }
    // Whole modules and nested definitions are few: any change counts for all of the file's.
    for (const id of this.graph.known(file)) if (!isNameNode(id)) changed.add(id);
    this.digests.forget(this.graph.dependents(changed));
    this.resolver.forget(file);
    this.graph.forget(file, changed);
    return true;
  }
}
