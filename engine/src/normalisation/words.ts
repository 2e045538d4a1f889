/**
 * Which words that concern few files a text says: looked for once in a whole text, so that what asks for one of them
 * statement by statement and scope by scope need not look. Over-approximates: strings and comments count.
 */

/** What gets at namespaces, frames and names that the text does not show. */
const REFLECTION = /locals|globals|\bvars\b|\bexec\b|\beval\b|\bdir\b|modules|setattr|__dict__|_convert_/;

const EXPORTS = /__all__/g;
const NAMESPACE = /\b(?:globals|locals|vars|exec|eval)\s*\(|\bmodules\s*\[\s*__name__/g;

export class Words {
  readonly #text: string;
  readonly #whole: boolean;
  #exports: readonly number[] | null = null;
  #namespace: readonly number[] | null = null;
  #globals: boolean | null = null;
  #frames: boolean | null = null;
  #reflection: boolean | null = null;

  /** `whole`: the text is a module's, and none of its statements will be parsed in another one. */
  constructor(text: string, whole: boolean) {
    this.#text = text;
    this.#whole = whole;
  }

  /** Whether a stretch of the text says `__all__`. */
  exportsIn(start: number, end: number): boolean {
    this.#exports ??= this.#text.includes("__all__") ? placesOf(EXPORTS, this.#text) : NOWHERE;
    return isIn(this.#exports, start, end);
  }

  /** Whether a stretch of the text may get at the module's names as an object. */
  namespaceIn(start: number, end: number): boolean {
    this.#namespace ??= this.reflection ? placesOf(NAMESPACE, this.#text) : NOWHERE;
    return isIn(this.#namespace, start, end);
  }

  /** Whether the text may say `global`. */
  get globals(): boolean {
    this.#globals ??= this.#text.includes("global");
    return this.#globals;
  }

  /** Whether the text may say `f_locals`. */
  get frames(): boolean {
    this.#frames ??= this.#text.includes("f_locals");
    return this.#frames;
  }

  /**
   * Whether the text may say `locals`, `globals`, `vars`, `exec`, `eval`, `dir`, `sys.modules`, `setattr`, `f_locals`,
   * `__dict__`, `_convert_`.
   */
  get reflection(): boolean {
    this.#reflection ??= REFLECTION.test(this.#text);
    return this.#reflection;
  }

  /** The same of the whole module: where nothing in it says so, no name of it stands for one of them. */
  get moduleReflection(): boolean {
    return !this.#whole || this.reflection;
  }
}

const NOWHERE: readonly number[] = [];

/** Where the matches of an expression start and end, one after the other. */
function placesOf(expression: RegExp, text: string): readonly number[] {
  const places: number[] = [];
  for (const match of text.matchAll(expression)) places.push(match.index, match.index + match[0].length);
  return places.length === 0 ? NOWHERE : places;
}

function isIn(places: readonly number[], start: number, end: number): boolean {
  let low = 0;
  let high = places.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle * 2] >= start) high = middle;
    else low = middle + 1;
  }
  return low * 2 < places.length && places[low * 2 + 1] <= end;
}
