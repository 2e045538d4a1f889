/**
 * Which words that concern few files a text says, and where: looked for once in a whole text, so that what asks for one of
 * them statement by statement and scope by scope need not look. Strings and comments count.
 */

/** What gets at namespaces, frames and names that the text does not show; parts of longer words are sorted out after. */
const REFLECTION = /locals|globals|vars|exec|eval|dir|modules|setattr|__dict__|_convert_/g;
/** Those of them that count as words only. */
const WORDS_ONLY = new Set(["vars", "exec", "eval", "dir"]);
const NAMESPACE = /\b(?:globals|locals|vars|exec|eval)\s*\(|\bmodules\s*\[\s*__name__/;
const NOWHERE: readonly number[] = [];

export class Words {
  readonly #text: string;
  readonly #whole: boolean;
  #exports: readonly number[] | null = null;
  #reflection: readonly number[] | null = null;
  #globals: boolean | null = null;
  #frames: boolean | null = null;

  /** `whole`: the text is a module's, and none of its statements will be parsed in another one. */
  constructor(text: string, whole: boolean) {
    this.#text = text;
    this.#whole = whole;
  }

  /** Whether a stretch of the text says `__all__`. */
  exportsIn(start: number, end: number): boolean {
    this.#exports ??= placesOf("__all__", this.#text);
    return isIn(this.#exports, start, end);
  }

  /** Whether a stretch of the text may get at the module's names as an object. */
  namespaceIn(start: number, end: number): boolean {
    return isIn(this.#reflections(), start, end) && NAMESPACE.test(this.#text.slice(start, end));
  }

  /**
   * Whether a stretch of the text may say `locals`, `globals`, `vars`, `exec`, `eval`, `dir`, `sys.modules`, `setattr`,
   * `f_locals`, `__dict__`, `_convert_`.
   */
  reflectionIn(start: number, end: number): boolean {
    return isIn(this.#reflections(), start, end);
  }

  /** The same of the whole module: where nothing in it says so, no name of it stands for one of them. */
  get moduleReflection(): boolean {
    return !this.#whole || this.#reflections().length > 0;
  }

  /** Whether the text may say `global`. */
  get globals(): boolean {
    this.#globals ??= this.#text.includes("global");
    return this.#globals;
  }

  /** Whether the text may say `f_locals`. */
  get frames(): boolean {
    this.#frames ??= this.#reflections().length > 0 && this.#text.includes("f_locals");
    return this.#frames;
  }

  #reflections(): readonly number[] {
    this.#reflection ??= reflectionsOf(this.#text);
    return this.#reflection;
  }
}

/** Where a word stands. */
function placesOf(word: string, text: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
  return places.length === 0 ? NOWHERE : places;
}

function reflectionsOf(text: string): readonly number[] {
  const places: number[] = [];
  REFLECTION.lastIndex = 0;
  for (let match = REFLECTION.exec(text); match !== null; match = REFLECTION.exec(text)) {
    const { index } = match;
    const [word] = match;
    if (!WORDS_ONLY.has(word) || !(isWord(text, index - 1) || isWord(text, index + word.length))) places.push(index);
  }
  return places.length === 0 ? NOWHERE : places;
}

/** Whether a unit of a text is one of a word, as regular expressions see it. */
function isWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** Whether one of the places, which ascend, is from `start` on and before `end`. */
function isIn(places: readonly number[], start: number, end: number): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] >= start) high = middle;
    else low = middle + 1;
  }
  return low < places.length && places[low] < end;
}
