/**
 * `fastpipe completion`: the script that makes a shell complete `fastpipe`, and the answers that the script asks for. What
 * there is to complete is read from the command line's own declarations and from the project; nothing is listed twice.
 * Answers nothing, rather than an error, where the project can't be read: a shell has no place to show one.
 */
import { LEVELS, type Lock, readStages, shortName, stageIds, status } from "@fastpipe/engine";
import type { Project } from "@fastpipe/host";
import type { Argument, Command, Option } from "commander";
import { Failure } from "../failure.ts";
import { Session, stageId } from "../session.ts";
import { SCRIPTS, SHELLS, type Shell } from "./completionScripts.ts";

/** A word that may stand next, and what it means. */
interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** The command line up to the word that is being written. */
interface Line {
  /** Null while the command itself is being written. */
  readonly command: Command | null;
  /** Arguments of the command, options left out. */
  readonly args: readonly string[];
  /** The option whose value is being written. */
  readonly option: Option | null;
  /** What is written of the current word, or of an option's value in it. */
  readonly word: string;
  /** What stands before that in the same word: `--level=`. */
  readonly before: string;
  /** What `--root` said. */
  readonly root: string | null;
  /** Only arguments may follow: `--` was said. */
  readonly optionsEnded: boolean;
}

/** Takes the declared command line; gives the command's body. */
export function completionOf(program: Command) {
  return async (session: Session, [shell, ...words]: readonly string[]): Promise<undefined> => {
    if (!(SHELLS as readonly string[]).includes(shell)) {
      throw new Failure(`no completion for \`${shell}\`: use ${SHELLS.join(", ")}`);
    }
    if (words.length === 0) {
      await session.output.write(SCRIPTS[shell as Shell]);
      return;
    }
    const line = readLine(program, words);
    const { options } = session;
    const asked = line.root === null ? session : new Session({ ...options, root: line.root });
    const found = candidates(program, asked, line);
    await session.output.write(found.map(({ word, meaning }) => `${word}\t${meaning}\n`).join(""));
  };
}

/** What may stand in place of the word that is being written. */
function candidates(program: Command, session: Session, line: Line): Candidate[] {
  const { command, option, word, before, optionsEnded } = line;
  if (option !== null) return matching(optionValues(session, option, line), word, before);
  if (word.startsWith("-") && !optionsEnded) {
    const options = [...(command ?? program).options, ...(command === null ? [] : program.options)];
    const flags = [...options, { long: "--help", description: "print help" }];
    return matching(
      flags.map(({ long, description }) => ({ word: long ?? "", meaning: description })),
      word,
    );
  }
  if (command?.name() === "help") return line.args.length === 0 ? commandNames(program, word) : [];
  return command === null ? commandNames(program, word) : argumentValues(session, line);
}

function commandNames(program: Command, word: string): Candidate[] {
  return matching(
    program.commands.map((each) => ({ word: each.name(), meaning: each.description() })),
    word,
  );
}

/** Reads all words; the last one is the one that is being written. */
function readLine(program: Command, words: readonly string[]): Line {
  let command: Command | null = null;
  let option: Option | null = null;
  let root: string | null = null;
  let optionsEnded = false;
  const args: string[] = [];
  const named = (name: string): Option | null => {
    const known = [...(command?.options ?? []), ...program.options];
    return known.find(({ long, short }) => long === name || short === name) ?? null;
  };
  for (const word of words.slice(0, -1)) {
    if (option !== null) {
      if (option.long === "--root") root = word;
      option = null;
    } else if (word === "--") optionsEnded = true;
    else if (word.startsWith("--root=")) root = word.slice("--root=".length);
    else if (word.startsWith("-") && !optionsEnded) option = named(word)?.required ? named(word) : null;
    else if (command === null) command = program.commands.find((each) => each.name() === word) ?? null;
    else args.push(word);
  }
  const word = words[words.length - 1];
  const assigned = optionsEnded || option !== null ? null : /^(--[\w-]+)=(.*)$/s.exec(word);
  const assignedTo = assigned === null ? null : named(assigned[1]);
  if (assigned !== null && assignedTo !== null) {
    return { command, args, option: assignedTo, word: assigned[2], before: `${assigned[1]}=`, root, optionsEnded };
  }
  return { command, args, option, word, before: "", root, optionsEnded };
}

/** Those that begin with what is written, each once. */
function matching(all: readonly Candidate[], word: string, before = ""): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const each of all) {
    if (each.word !== "" && each.word.startsWith(word)) found.set(each.word, { ...each, word: before + each.word });
  }
  return [...found.values()];
}

function optionValues(session: Session, { long, argChoices }: Option, line: Line): Candidate[] {
  if (argChoices !== undefined) return argChoices.map(plain);
  if (long === "--level") return LEVELS.map(plain);
  if (long === "--against") return ["lock", "git:HEAD"].map(plain);
  if (long === "--entry") return changedKeys(session, line.args);
  return [];
}

/** By the name that the command gives the argument. */
function argumentValues(session: Session, { command, args, word }: Line): Candidate[] {
  const declared: readonly Argument[] = command?.registeredArguments ?? [];
  const argument = declared[Math.min(args.length, declared.length - 1)];
  if (argument === undefined || (args.length >= declared.length && !argument.variadic)) return [];
  switch (argument.name()) {
    case "stage":
    case "stages":
      return stageNames(session, word, args);
    case "key":
      return matching(changedKeys(session, args), word);
    case "what":
      return word.includes("::") ? targets(session, word) : matching(trackedKeys(session), word);
    case "target":
      return targets(session, word);
    case "shell":
      return matching(SHELLS.map(plain), word);
    default:
      return [];
  }
}

const plain = (word: string): Candidate => ({ word, meaning: "" });

interface Seen {
  readonly project: Project;
  readonly lock: Lock;
}

/** The project, or null where it can't be read. */
function look(session: Session): Seen | null {
  try {
    const opened = session.open();
    return { project: opened.project, lock: opened.lock };
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** Ids; where none begins so, short names that only one stage has. Stages that are named already are left out. */
function stageNames(session: Session, word: string, args: readonly string[]): Candidate[] {
  const seen = look(session);
  if (seen === null) return [];
  const ids = stageIds(seen.project.program, seen.lock).filter((id) => !args.includes(id));
  const whole = matching(ids.map(plain), word);
  if (whole.length > 0) return whole;
  const short = ids.map(shortName);
  const unique = short.filter((name) => short.indexOf(name) === short.lastIndexOf(name));
  return matching(unique.map(plain), word);
}

/** Keys of the entries that differ, in the stages named or in all. */
function changedKeys(session: Session, names: readonly string[]): Candidate[] {
  const seen = look(session);
  if (seen === null) return [];
  const ids = names.length === 0 ? undefined : knownStages(seen, names);
  return status(seen.project.program, seen.lock, ids).stages.flatMap(({ stage, changed }) =>
    changed.map(({ key, change }) => ({ word: key, meaning: `${change} in ${stage}` })),
  );
}

function knownStages(seen: Seen, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    try {
      return [stageId(seen, name)];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  });
}

function trackedKeys(session: Session): Candidate[] {
  const seen = look(session);
  if (seen === null) return [];
  const keys = new Map<string, string>();
  for (const { manifest } of readStages(seen.project.program, seen.lock, null)) {
    for (const { key, file, line } of manifest?.entries ?? []) {
      if (/^(?:func|class|const|mod|file|package):/.test(key)) keys.set(key, `${file}:${line}`);
    }
  }
  return [...keys].sort().map(([word, meaning]) => ({ word, meaning }));
}

/** Files first; behind `::` what is defined in the file. */
function targets(session: Session, word: string): Candidate[] {
  const seen = look(session);
  if (seen === null) return [];
  const { program } = seen.project;
  const at = word.indexOf("::");
  if (at < 0)
    return matching(
      seen.project.discovery.files.map((file) => plain(`${file}::`)),
      word,
    );
  const file = word.slice(0, at);
  // An unknown name is answered by the names that the file has.
  const asked = program.manifest({ file, qualname: "" });
  const names = asked.ok ? [] : (asked.error.suggestions ?? []);
  return matching(
    names.map((name) => plain(`${file}::${name}`)),
    word,
  );
}
