/**
 * Proof that few changes are false alarms: of pairs of functions that CPython compiles to one code once locals are
 * numbered, how many level `semantic` holds equal. Pairs that the contract holds apart by name are counted aside.
 */
import {
  askAll,
  clock,
  every,
  linesByPlace,
  linesOf,
  Oracle,
  pythonFiles,
  type Report,
  type Settings,
} from "./corpus.ts";

interface Answer {
  readonly error?: string;
  readonly base: string;
  readonly variants: readonly {
    readonly text: string;
    readonly pairs: readonly {
      readonly kind: string;
      readonly places: readonly (readonly [qualname: string, before: number, after: number])[];
    }[];
  }[];
}

/** What M3.2 calls "never equal, whatever a linter says", though this compiler makes one code of it. */
const HELD_APART: ReadonlySet<string> = new Set([
  "nested conditions merged",
  "conditions nested",
  "%-formatting as an f-string",
]);

/** Share of the pairs that have to be held equal. */
const REQUIRED = 0.95;

export async function equivalence(settings: Settings, rounds = 6): Promise<Report> {
  const files = every(pythonFiles(settings.corpus), settings.sample);
  const oracle = new Oracle(settings.python, "equal_code.py");
  const over = clock(settings.seconds);
  const kinds = new Map<string, { pairs: number; equal: number }>();
  const failures: string[] = [];
  let pairs = 0;
  let equal = 0;
  let apart = 0;
  const request = (file: string) => ({ file, seed: settings.seed, rounds });
  for await (const [, answer] of askAll<string, Answer>(oracle, files, request)) {
    if (over()) break;
    if (answer.error !== undefined) continue;
    const base = linesByPlace(linesOf(answer.base, "semantic"));
    if (base === null) continue;
    for (const variant of answer.variants) {
      const now = linesByPlace(linesOf(variant.text, "semantic"));
      if (now === null) continue;
      for (const { kind, places } of variant.pairs) {
        if (HELD_APART.has(kind)) {
          apart++;
          continue;
        }
        const count = kinds.get(kind) ?? { pairs: 0, equal: 0 };
        kinds.set(kind, count);
        pairs++;
        count.pairs++;
        const isEqual = places.every(
          ([qualname, before, after]) =>
            base.get(`${qualname}@${before}`)?.hash === now.get(`${qualname}@${after}`)?.hash,
        );
        if (!isEqual) continue;
        equal++;
        count.equal++;
      }
    }
  }
  oracle.end();
  const share = equal / Math.max(1, pairs);
  if (pairs > 0 && share < REQUIRED)
    failures.push(`only ${(100 * share).toFixed(2)} % of ${pairs} pairs are held equal`);
  return {
    suite: "equivalence",
    checked: pairs,
    failures,
    figures: {
      "held equal": `${equal} (${(100 * share).toFixed(2)} %)`,
      "held apart by the contract": apart,
      ...Object.fromEntries(
        [...kinds]
          .filter(([, count]) => count.equal < count.pairs)
          .sort(([, a], [, b]) => b.pairs - b.equal - (a.pairs - a.equal))
          .map(([kind, count]) => [kind, `${count.equal}/${count.pairs}`]),
      ),
    },
  };
}
