/**
 * Everything derived from one state of the files: resolver, graph, digests, effects. Thrown away as a whole when a change
 * can reach it; holds nothing that the files do not determine.
 */
import { Digests } from "../fingerprint/digests.ts";
import { Effects } from "../fingerprint/effects.ts";
import { DefinitionGraph } from "../graph/definitions.ts";
import { marksStage } from "../normalisation/stageNames.ts";
import { Resolver } from "../resolve/references.ts";
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

  constructor(files: Files, config: Config, stageDecorators: ReadonlySet<string>) {
    this.files = files;
    this.resolver = new Resolver(files, files.finder());
    this.graph = new DefinitionGraph(files, this.resolver, (dotted) => marksStage(stageDecorators, dotted));
    this.digests = new Digests(files, this.graph, this.resolver, config.level);
    this.effects = new Effects(files, this.graph, this.resolver);
    this.methods = new MethodIndex(files);
    this.writes = new WriteIndex(files, this.graph, this.resolver);
    this.values = new ValueReader(files, this.graph, this.resolver, (file, piece) =>
      this.digests.piece(file, piece, 0),
    );
  }
}
