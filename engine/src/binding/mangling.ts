/**
 * Private name mangling (`_Py_Mangle` in Python/symtable.c): `__x` inside class `C` is `_C__x`.
 * symtable mangles the names of scopes; attribute names, keywords of calls and imported names mangle by the same rule.
 */

/** Leading underscores stripped; null when nothing is left, and then nothing is mangled. */
export function strippedClassName(name: string): string | null {
  let at = 0;
  while (at < name.length && name.charCodeAt(at) === 95) at++;
  return at === name.length ? null : name.slice(at);
}

/**
 * `name` as it is stored inside the class.
 * @param className the class' name, with or without its leading underscores (`Scope.mangleWith`); null outside of classes.
 */
export function mangle(name: string, className: string | null): string {
  if (className === null || name.charCodeAt(0) !== 95 || name.charCodeAt(1) !== 95) return name;
  if (name.endsWith("__") || name.includes(".")) return name;
  const stripped = strippedClassName(className);
  return stripped === null ? name : `_${stripped}${name}`;
}
