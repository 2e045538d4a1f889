/**
 * Random small programs full of what scoping is about, from a seed: nested definitions, comprehensions, declarations, type
 * parameters, annotations, patterns, over a handful of names that therefore meet all the time. They parse; whether they
 * bind is the question.
 *
 * Comprehensions are generator expressions only: what CPython 3.12 and newer inlines (PEP 709) leaks names into symtable's
 * answer for its neighbours, in ways that are no rule of the language.
 */

const NAMES = ["x", "y", "z", "T", "__p", "__class__", "super"];

/** One program. The same seed gives the same text. */
export function randomProgram(seed: number): string {
  return new Generator(seed).program();
}

class Generator {
  #state: number;
  #lines: string[] = [];
  #budget = 0;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 2654435761) >>> 0;
  }

  program(): string {
    this.#budget = 4 + this.#below(22);
    if (this.#chance(12)) this.#lines.push("from __future__ import annotations");
    while (this.#budget > 0) this.#statement(0, false);
    return `${this.#lines.join("\n")}\n`;
  }

  #below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  #chance(oneIn: number): boolean {
    return this.#below(oneIn) === 0;
  }

  #name(): string {
    // The last ones are rare.
    return NAMES[this.#chance(5) ? this.#below(NAMES.length) : this.#below(4)];
  }

  #expr(depth = 0): string {
    if (depth > 2) return this.#name();
    const sub = () => this.#expr(depth + 1);
    switch (this.#below(26)) {
      case 0:
        return `(lambda ${this.#parameters(depth, false)}: ${sub()})`;
      case 1:
      case 2:
        return `(${sub()} for ${this.#target()} in ${sub()})`;
      case 3:
        return `(${sub()} for ${this.#target()} in ${sub()} if ${sub()})`;
      case 4:
        return `(${sub()} for ${this.#target()} in ${sub()} for ${this.#target()} in ${sub()})`;
      case 5:
        return this.#chance(4) ? `(${this.#name()} := ${sub()})` : this.#name();
      case 6:
        return `f"{${this.#name()}:{${sub().replaceAll('"', "'")}}}"`;
      case 7:
        return `${this.#name()}.${this.#name()}`;
      case 8:
        return `${this.#name()}(${sub()}, ${this.#name()}=${sub()})`;
      case 9:
        return `(${sub()} if ${sub()} else ${sub()})`;
      case 10:
        return this.#chance(12) ? `(yield ${sub()})` : `(${sub()}, ${sub()})`;
      case 11:
        return this.#chance(12) ? `(await ${sub()})` : `{${sub()}}`;
      case 12:
        return this.#chance(16) ? `(${sub()} async for ${this.#target()} in ${sub()})` : `${this.#name()}[${sub()}:]`;
      default:
        return this.#name();
    }
  }

  /** Mostly the same name, as alternatives need. */
  #capture(): string {
    return this.#chance(8) ? this.#name() : "y";
  }

  #target(): string {
    switch (this.#below(12)) {
      case 0:
        return `${this.#name()}, *${this.#name()}`;
      case 1:
        return `${this.#name()}.a`;
      case 2:
        return `${this.#name()}[${this.#name()}]`;
      default:
        return this.#name();
    }
  }

  #parameters(depth: number, annotated: boolean): string {
    const names = ["x", "y", "T", "__p"].slice(this.#below(3), 4 - this.#below(3));
    if (this.#chance(60)) names.push(names[0] ?? "x");
    return names
      .map((name, i) => {
        const annotation = annotated && this.#chance(3) ? `: ${this.#expr(2)}` : "";
        const value = i === names.length - 1 && this.#chance(3) ? `=${this.#expr(depth + 1)}` : "";
        return `${name}${annotation}${value}`;
      })
      .join(", ");
  }

  #typeParameters(): string {
    if (!this.#chance(5)) return "";
    const bound = this.#chance(3) ? `: ${this.#expr(1)}` : "";
    const value = this.#chance(3) ? ` = ${this.#expr(1)}` : "";
    return `[${this.#name()}${bound}${value}${this.#chance(4) ? `, *${this.#name()} = x` : ""}]`;
  }

  #block(indent: number, inFunction: boolean): void {
    const count = 1 + this.#below(3);
    for (let i = 0; i < count; i++) this.#statement(indent + 1, inFunction);
  }

  #statement(indent: number, inFunction: boolean) {
    this.#budget--;
    const say = (text: string) => this.#lines.push("    ".repeat(indent) + text);
    const nests = indent < 4 && this.#budget > 0;
    const kind = this.#below(nests ? 34 : 20);
    switch (kind) {
      case 0:
        if (this.#chance(3)) return say(`${this.#chance(4) ? "nonlocal" : "global"} ${this.#name()}`);
        return say(`from m import ${this.#name()}`);
      case 1:
        if (indent > 0 && this.#chance(5)) return say(`nonlocal ${this.#name()}`);
        return say(`del ${this.#name()}`);
      case 2:
        return say(`${this.#name()}: ${this.#expr(1)}${this.#chance(2) ? ` = ${this.#expr()}` : ""}`);
      case 3:
        return say(`import ${this.#name()}.b${this.#chance(2) ? ` as ${this.#name()}` : ""}`);
      case 4:
        return say(`type ${this.#name()}${this.#typeParameters()} = ${this.#expr(1)}`);
      case 5:
        return say(inFunction ? `return ${this.#expr()}` : "pass");
      case 6:
        return say(`${this.#name()} += ${this.#expr()}`);
      case 20:
      case 21:
      case 22:
      case 23:
      case 24:
        if (this.#chance(4)) say(`@${this.#expr(1)}`);
        say(
          `${this.#chance(6) ? "async " : ""}def ${this.#name()}${this.#typeParameters()}(${this.#parameters(0, true)})` +
            `${this.#chance(4) ? ` -> ${this.#expr(1)}` : ""}:`,
        );
        return this.#block(indent, true);
      case 25:
      case 26:
      case 27:
        say(`class ${this.#name()}${this.#typeParameters()}(${this.#expr(1)}):`);
        return this.#block(indent, false);
      case 28:
        say(`for ${this.#target()} in ${this.#expr()}:`);
        return this.#block(indent, inFunction);
      case 29:
        say(`if ${this.#expr()}:`);
        this.#block(indent, inFunction);
        say("else:");
        return this.#block(indent, inFunction);
      case 30:
        say("try:");
        this.#block(indent, inFunction);
        say(`except ${this.#name()} as ${this.#name()}:`);
        return this.#block(indent, inFunction);
      case 31:
        say(`with ${this.#expr()} as ${this.#target().replace(/, .*/, "")}:`);
        return this.#block(indent, inFunction);
      case 32:
        say(`match ${this.#expr()}:`);
        say(`    case [${this.#capture()}, *_] | {"k": ${this.#capture()}} if ${this.#expr()}:`);
        return this.#block(indent + 1, inFunction);
      case 33:
        say(`while ${this.#expr()}:`);
        return this.#block(indent, inFunction);
      default:
        return say(`${this.#chance(2) ? `${this.#target()} = ` : ""}${this.#expr()}`);
    }
  }
}
