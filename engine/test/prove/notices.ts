/**
 * How quiet the engine is on ordinary code (manifest §5): every n-th function of a corpus is looked at as if it were a stage;
 * all notices that these manifests have, each counted once, against all definitions that they track.
 */
import { clock, corpusProgram, every, type Report, type Settings } from "./corpus.ts";

/** Definitions for each notice, at least. */
const REQUIRED = 20;
/** Functions asked about, at most. */
const STAGES = 400;

export async function notices(settings: Settings): Promise<Report> {
  const program = corpusProgram(settings.corpus, "semantic");
  const over = clock(settings.seconds);
  const functions = [...program.functions()].flatMap((line) =>
    !("error" in line) && line.kind === "function" ? [line] : [],
  );
  const step = Math.max(settings.sample, Math.floor(functions.length / STAGES), 1);
  const tracked = new Set<string>();
  const told = new Map<string, string>();
  let stages = 0;
  for (const { file, qualname } of every(functions, step)) {
    if (over()) break;
    const manifest = program.manifest({ file, qualname });
    if (!manifest.ok) continue;
    stages++;
    for (const entry of manifest.value.entries) {
      // A stage's own key does not say its file.
      tracked.add(entry.kind === "self" ? `${entry.file} ${entry.key}` : entry.key);
    }
    for (const { kind, file: where, line, text, fix } of manifest.value.untracked) {
      // A manifest says once, at the nearest call, that some classes may be meant: the others are the same notice.
      told.set(kind === "method-call" ? `${where} ${fix}` : `${kind} ${where}:${line} ${text}`, kind);
    }
  }
  const kinds = new Map<string, number>();
  for (const kind of told.values()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const each = tracked.size / Math.max(1, told.size);
  const isLoud = told.size > 0 && each < REQUIRED;
  return {
    suite: "notices",
    checked: stages,
    failures: isLoud ? [`a notice for every ${each.toFixed(1)} tracked definitions`] : [],
    figures: {
      "tracked definitions": tracked.size,
      notices: told.size,
      "definitions for each notice": each.toFixed(1),
      ...Object.fromEntries(kinds),
    },
  };
}
