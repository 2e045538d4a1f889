/**
 * Failures that a user can do something about, as one line: what, where, what to do. Anything else that is thrown is an
 * internal error and said to be one.
 */

/** What an error of the engine or the host has in common. */
export interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly suggestions?: readonly string[];
}

/** Ends the command with exit code 2 and one line on stderr. */
export class Failure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem | string) {
    const full = typeof problem === "string" ? { message: problem } : problem;
    super(oneLine(full));
    this.problem = full;
  }
}

/** `file:line:column: message; did you mean a, b?` */
export function oneLine({ message, file, line, column, suggestions = [] }: Problem): string {
  const named = line === undefined && file !== undefined && message.includes(file);
  const place = named ? "" : [file, line, column].filter((part) => part !== undefined).join(":");
  const meant = suggestions.filter((each) => !message.includes(each)).slice(0, 3);
  const hint = meant.length === 0 ? "" : `; did you mean ${meant.join(", ")}?`;
  return `${place === "" ? "" : `${place}: `}${message.replace(/\s*\n\s*/g, " ")}${hint}`;
}
