/**
 * Versions of distributions as text files tell them: names of `*.dist-info` folders, `uv.lock`, `poetry.lock`,
 * `requirements.txt`. Pure. Never asks an index, never runs Python.
 */

/** Files that pin versions, the most exact first. */
export const PINNING_FILES: readonly string[] = ["uv.lock", "poetry.lock", "requirements.txt"];

/** PEP 503: the name that two spellings of one distribution share. */
export function normalName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** Splits `pandas-2.1.0.dist-info` (PEP 376, PEP 427); null when a folder is no such thing. */
export function distInfo(folder: string): { readonly name: string; readonly version: string } | null {
  const match = /^(.+?)-([^-]+)\.dist-info$/.exec(folder);
  return match === null ? null : { name: normalName(match[1]), version: match[2] };
}

/** The version that a pinning file gives for a distribution, or null. */
export function pinnedVersion(file: string, text: string, name: string): string | null {
  const wanted = normalName(name);
  return file === "requirements.txt" ? fromRequirements(text, wanted) : fromLock(text, wanted);
}

/** `uv.lock` and `poetry.lock` are machine-written TOML: a `[[package]]` table with `name` and `version` on their own lines. */
function fromLock(text: string, wanted: string): string | null {
  for (const block of text.split(/^\[\[package\]\]\s*$/m).slice(1)) {
    const own = block.split(/^\[/m, 1)[0];
    const name = /^name = "([^"]+)"/m.exec(own);
    if (name === null || normalName(name[1]) !== wanted) continue;
    const version = /^version = "([^"]+)"/m.exec(own);
    if (version !== null) return version[1];
  }
  return null;
}

/** https://pip.pypa.io/en/stable/reference/requirements-file-format/ : only an exact pin says a version. */
function fromRequirements(text: string, wanted: string): string | null {
  for (const line of text.split(/\r\n?|\n/)) {
    const match = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*={2,3}\s*([^\s;#,\\]+)/.exec(line);
    if (match !== null && normalName(match[1]) === wanted) return match[2];
  }
  return null;
}
