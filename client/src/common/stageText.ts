/** Whether a text speaks of stages, by a search alone. Pure. May say yes too often, never no where there is one. */
import { STAGE_PACKAGES } from "@fastpipe/shared";

const NAMES = STAGE_PACKAGES.join("|");
/** An import of one of them: `from` it, or among what an `import` names, which a backslash carries on to the next line. */
const IMPORTS = new RegExp(
  `(?:^|[;:])[ \\t]*(?:from[ \\t\\\\\\r\\n]+(?:${NAMES})\\b|import\\b(?:[^;#\\r\\n\\\\]|\\\\\\r?\\n){0,2000}?\\b(?:${NAMES})\\b)`,
  "m",
);

/** Whether a Python text imports something that makes stages. Without that in any file there is none. */
export function mayHoldStages(text: string): boolean {
  return IMPORTS.test(text);
}

/** Whether a `pyproject.toml` may have settings of ours, however its tables are written. */
export function mayHoldSettings(text: string): boolean {
  return text.includes("fastpipe");
}
