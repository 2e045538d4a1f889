/**
 * State that decides results of code that does not name it: seeds, precision, the environment. A library draws its numbers
 * from the generator of another one; who calls it names neither.
 */

import { STANDARD_LIBRARY } from "../resolve/standardLibrary.ts";

/** Functions that set such state, by the names by which they are documented. */
const SETTERS: ReadonlySet<string> = new Set([
  "accelerate.utils.set_seed",
  "dotenv.load_dotenv",
  "jax.config.update",
  "keras.utils.set_random_seed",
  "lightning.seed_everything",
  "lightning.pytorch.seed_everything",
  "locale.setlocale",
  "numpy.random.seed",
  "numpy.random.set_state",
  "numpy.seterr",
  "os.putenv",
  "os.unsetenv",
  "pytorch_lightning.seed_everything",
  "random.seed",
  "random.setstate",
  "tensorflow.keras.utils.set_random_seed",
  "tensorflow.random.set_seed",
  "tensorflow.set_random_seed",
  "torch.cuda.manual_seed",
  "torch.cuda.manual_seed_all",
  "torch.manual_seed",
  "torch.random.manual_seed",
  "torch.set_default_dtype",
  "torch.set_float32_matmul_precision",
  "torch.use_deterministic_algorithms",
  "transformers.enable_full_determinism",
  "transformers.set_seed",
]);

/** What of the standard library depends on it. */
const READERS = ["locale", "os.environ", "os.getenv", "random"];
/** Objects on which such state is set. */
const OBJECTS = ["os.environ", "torch.backends"];
const LAST_PARTS: ReadonlySet<string> = new Set([...SETTERS].map((name) => name.slice(name.lastIndexOf(".") + 1)));

/** Whether calling what has this dotted name sets state that any code may depend on. */
export function isSetter(dotted: string): boolean {
  return SETTERS.has(dotted) || (isAmbient(dotted) && /\.(?:update|setdefault|pop|clear)$/.test(dotted));
}

/** Whether what is set on what has this dotted name is such state. */
export function isAmbient(dotted: string): boolean {
  return OBJECTS.some((name) => dotted === name || dotted.startsWith(`${name}.`));
}

/** Whether what has this dotted name may depend on such state: of the standard library little does, of packages any may. */
export function readsAmbient(dotted: string): boolean {
  const dot = dotted.indexOf(".");
  // What begins with an underscore belongs to the standard library, too.
  if (!dotted.startsWith("_") && !STANDARD_LIBRARY.has(dot < 0 ? dotted : dotted.slice(0, dot))) return true;
  return READERS.some((name) => dotted === name || dotted.startsWith(`${name}.`));
}

/** Whether a name may be the last part of a setter's: quick to ask of every reference. */
export function mayEndSetter(name: string): boolean {
  return LAST_PARTS.has(name);
}
