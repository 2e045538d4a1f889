/** The proofs by name: each takes a corpus and gives a report. `npm run prove` and the tests beside run them. */
import type { Report, Settings } from "./corpus.ts";
import { determinism } from "./determinism.ts";
import { equivalence } from "./equivalence.ts";
import { history } from "./history.ts";
import { incremental } from "./incremental.ts";
import { modules } from "./modules.ts";
import { mutants } from "./mutants.ts";
import { notices } from "./notices.ts";
import { partition } from "./partition.ts";
import { resolution } from "./resolution.ts";
import { rewrites } from "./rewrites.ts";

export { standardLibrary } from "./corpus.ts";

export const SUITES: Readonly<Record<string, (settings: Settings) => Promise<Report>>> = {
  partition,
  mutants,
  rewrites,
  equivalence,
  resolution,
  modules,
  history,
  incremental,
  determinism,
  notices,
};
