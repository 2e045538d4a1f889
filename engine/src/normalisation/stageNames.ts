/** Which dotted names mark a stage: those of a list, and what is read from them (`airflow.decorators.task.branch`). */

/** `dotted` may hold `()` for an object made by a call (`joblib.Memory().cache`); the list is written without. */
export function marksStage(list: ReadonlySet<string>, dotted: string): boolean {
  const name = dotted.replaceAll("()", "");
  if (list.has(name)) return true;
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    if (list.has(name.slice(0, dot))) return true;
  }
  return false;
}
