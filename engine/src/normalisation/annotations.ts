/**
 * When a function's annotations are behaviour (M3.4): a decorator may read them, unless it is known not to.
 */

const SILENT = new Set([
  "builtins.staticmethod",
  "builtins.classmethod",
  "builtins.property",
  "functools.singledispatch",
  "functools.singledispatchmethod",
]);
const SILENT_MODULES = ["functools.", "contextlib.", "abc.", "typing.", "typing_extensions."];

/** Whether a decorator with this dotted name (null: unknown) leaves annotations unread. */
export function decoratorIgnoresAnnotations(dotted: string | null): boolean {
  return (
    dotted !== null &&
    !dotted.includes("()") &&
    (SILENT.has(dotted) || SILENT_MODULES.some((prefix) => dotted.startsWith(prefix)))
  );
}
