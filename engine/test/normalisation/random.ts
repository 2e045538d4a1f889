/**
 * Small random programs out of what the rules of M3.2 are about, so that many of them have equal fingerprints: whether
 * they then do the same is for CPython to say. Deterministic by seed; every program ends.
 */

/** Numbers below 1 by Mulberry32. */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Weighted = readonly (readonly [weight: number, make: () => string])[];

/** One program: a function `run(x, y)`. */
export class Writer {
  readonly #random: () => number;
  #loops = 0;
  #variables = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  program(): string {
    const body = this.#body(1, 1 + this.#below(3));
    return `def run(x, y):\n${body}\n`;
  }

  /** One expression in a function of its own: the way to meet the rules for expressions. */
  expressionProgram(): string {
    return `def run(x, y):\n    a, b = [2], "b"\n    return ${this.#expression(3)}\n`;
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)];
  }

  #weighted(choices: Weighted): string {
    let at = this.#random() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of choices) {
      at -= weight;
      if (at < 0) return make();
    }
    return choices[0][1]();
  }

  // ------------------------------------------------------------ statements

  #body(depth: number, count: number): string {
    const lines: string[] = [];
    for (let i = 0; i < count; i++) {
      lines.push(this.#statement(depth));
      // What follows is not reached: seldom of interest.
      if (/^ *(?:return|raise|break|continue)\b/.test(lines[i]) && this.#below(8) > 0) break;
    }
    return lines.join("\n");
  }

  #block(depth: number): string {
    return this.#body(depth + 1, 1 + this.#below(2));
  }

  #statement(depth: number): string {
    const indent = "    ".repeat(depth);
    const line = (text: string) => indent + text;
    const compound: Weighted =
      depth > 3
        ? []
        : [
            [3, () => this.#if(depth, indent)],
            [1, () => this.#for(depth, indent)],
            [2, () => this.#try(depth, indent)],
            [1, () => `${indent}with Loud("swallow")${this.#pick(["", " as a"])}:\n${this.#block(depth)}`],
            [0.5, () => `${indent}with x:\n${indent}    with y:\n${this.#body(depth + 2, 1)}`],
            [0.5, () => `${indent}with x, y:\n${this.#block(depth)}`],
            [0.3, () => `${indent}if ${this.#pick(["False", "0", "True", "1", "None"])}:\n${this.#block(depth)}`],
            [0.3, () => this.#inner(indent)],
          ];
    return this.#weighted([
      [5, () => line(`${this.#local()} = ${this.#expression(1)}`)],
      [3, () => line(`return ${this.#expression(1)}`)],
      [2, () => line(`${this.#local()} = ${this.#atom()}`)],
      [2, () => line(`return ${this.#pick(["a", "b", "None", "x"])}`)],
      [1, () => line("return")],
      [1, () => line(this.#pick(["pass", "...", "1", "'text'", "[1, 2]", "a", "x", "-1", "-x"]))],
      [1, () => line(`note(${this.#atom()})`)],
      [0.5, () => line(`${this.#local()} += ${this.#atom()}`)],
      [0.4, () => line(this.#pick(["del a", "del a, b", "del (a, b)", "del x"]))],
      [0.5, () => line(this.#pick(["raise ValueError", "raise KeyError(a)"]))],
      [0.15, () => line(this.#pick(["yield a", "yield", "b = yield x"]))],
      [0.1, () => line("global a")],
      [this.#loops > 0 ? 1 : 0, () => line(this.#pick(["break", "continue"]))],
      ...compound,
    ]);
  }

  #inner(indent: string): string {
    const body = this.#pick([`nonlocal a\n${indent}    a = 1`, "return a", "return b"]);
    return `${indent}def c():\n${indent}    ${body}`;
  }

  #if(depth: number, indent: string): string {
    const test = this.#pick(["x", "y", "a", "x == 1", "not x", "not x in y", "x not in y", this.#expression(1)]);
    const head = `${indent}if ${test}:\n${this.#block(depth)}`;
    switch (this.#below(4)) {
      case 0:
        return head;
      case 1:
        return `${head}\n${indent}elif y:\n${this.#block(depth)}\n${indent}else:\n${this.#block(depth)}`;
      case 2:
        return `${indent}if ${test}:\n${indent}    a = 1\n${indent}else:\n${indent}    ${this.#pick(["a", "b"])} = ${this.#atom()}`;
      default:
        return `${head}\n${indent}else:\n${this.#block(depth)}`;
    }
  }

  #for(depth: number, indent: string): string {
    this.#loops++;
    const body = this.#block(depth);
    this.#loops--;
    const orelse = this.#below(3) === 0 ? `\n${indent}else:\n${this.#block(depth)}` : "";
    return `${indent}for ${this.#local()} in ${this.#pick(["y", "(1, 2)", "{1: 2}.keys()", "{1: 2}", "range(2)"])}:\n${body}${orelse}`;
  }

  #try(depth: number, indent: string): string {
    const body = this.#block(depth);
    const type = this.#pick(["ValueError", "TypeError", "(ValueError, TypeError)", "OSError", "IOError", "Exception"]);
    const handler = `${indent}except ${type}${this.#pick(["", " as a", " as b"])}:\n${this.#block(depth)}`;
    // Leaving a loop from within `finally` is deprecated, and does not matter here.
    const loops = this.#loops;
    this.#loops = 0;
    const last = `${indent}finally:\n${this.#block(depth)}`;
    this.#loops = loops;
    switch (this.#below(4)) {
      case 0:
        return `${indent}try:\n${body}\n${last}`;
      case 1:
        return `${indent}try:\n${body}\n${handler}\n${indent}else:\n${this.#block(depth)}`;
      case 2:
        return `${indent}try:\n${body}\n${handler}\n${last}`;
      default:
        return `${indent}try:\n${body}\n${handler}`;
    }
  }

  #local(): string {
    return this.#pick(["a", "a", "b", "x"]);
  }

  // ----------------------------------------------------------- expressions

  #atom(): string {
    return this.#weighted([
      [4, () => this.#pick(["x", "y"])],
      [2, () => this.#pick(["a", "b"])],
      [3, () => this.#pick(["1", "2", "1.0", "True", "0", "-1", "'a'", "b'a'", "None", "()", "[]", "{}"])],
      [1, () => this.#pick(["note(1)", "note(x)", "next(y)", "list", "print"])],
    ]);
  }

  #expression(depth: number): string {
    if (depth === 0) return this.#atom();
    const inner = () => this.#expression(depth - 1);
    return this.#weighted([
      [2, () => this.#atom()],
      [
        4,
        () =>
          `${this.#pick(["list", "tuple", "set", "dict", "sorted", "list", "set", "str", "int", "any", "all"])}(${inner()})`,
      ],
      [
        2,
        () =>
          `${this.#pick(["list", "tuple", "set", "dict", "sorted"])}(${this.#comprehension(depth, "(", ")").slice(1, -1)})`,
      ],
      [1, () => `${this.#pick(["list", "tuple", "set", "dict", "str", "int"])}()`],
      [2, () => this.#display(inner)],
      [2, () => this.#comprehension(depth, "[", "]")],
      [1, () => this.#comprehension(depth, "{", "}")],
      [1, () => `{v: w for v, w in ${this.#pick(["y", "zip(x, y)", "zip(y, y)"])}}`],
      [1, () => `[(v, w) for v, w in ${this.#pick(["y", "zip(x, y)", "zip(y, y)"])}]`],
      [
        1,
        () => `list(map(lambda v: ${this.#pick(["v", "v + 1", "note(v)", "next(x)", "(lambda: v)()"])}, ${inner()}))`,
      ],
      [1, () => `${this.#pick(["not ", "-", "+", "~"])}${inner()}`],
      [2, () => `(${inner()} ${this.#pick(["+", "-", "*", "//", "%", "/", "==", "!=", "<", "and", "or"])} ${inner()})`],
      [
        2,
        () =>
          `(${inner()} ${this.#pick(["in", "not in", "is", "is not"])} ${this.#pick([inner(), "{1: 2}.keys()", "{1: 2}"])})`,
      ],
      [1, () => `not ${this.#atom()} ${this.#pick(["in", "not in", "is", "is not"])} ${this.#atom()}`],
      [2, () => this.#format()],
      [1, () => `${this.#pick(["'é'", "'a'", "x", 'f"{x}-"'])}.encode(${this.#pick(["", "'utf-8'", "'ascii'"])})`],
      [1, () => `dict(${this.#pick(["a", "b"])}=${inner()})`],
      [1, () => `${this.#pick(["any", "all"])}(v > 1 for v in ${this.#pick(["y", "range(3)"])})`],
      [1, () => `${this.#pick(["any", "all"])}([v > 1 for v in ${this.#pick(["y", "range(3)"])}])`],
    ]);
  }

  #display(inner: () => string): string {
    const items = [inner(), inner(), this.#pick(["1", "1", "True", "'a'"])].slice(this.#below(3));
    switch (this.#below(4)) {
      case 0:
        return `[${items.join(", ")}]`;
      case 1:
        return `(${items.join(", ")},)`;
      case 2:
        return `{${items.join(", ")}}`;
      default:
        return `{${items.map((item) => `${this.#pick(["1", "'a'", "True", "1", item])}: ${inner()}`).join(", ")}}`;
    }
  }

  #comprehension(depth: number, open: string, close: string): string {
    const variable = this.#pick(["v", "w"]);
    const element = this.#pick([
      variable,
      variable,
      `${variable} + 1`,
      `note(${variable})`,
      "next(x)",
      `(${variable}, 1)`,
    ]);
    const condition = this.#pick(["", "", "", ` if ${variable}`]);
    const source = this.#pick(["y", "x", "(1, 2)", this.#expression(Math.max(0, depth - 2))]);
    const nested = this.#below(9) === 0 ? ` for ${this.#variables++ % 2 === 0 ? "v" : "w"} in y` : "";
    return `${open}${element} for ${variable} in ${source}${condition}${nested}${close}`;
  }

  #format(): string {
    // A second name that is not bound fails after the first value was formatted, or before.
    const [a, b] = [this.#atom(), this.#pick(["x", "y", "1", "'a'", "[1]", "note(2)"])];
    return this.#pick([
      `f"{${a}}"`,
      `"{}".format(${a})`,
      `f"{${a}} {${b}}"`,
      `"{} {}".format(${a}, ${b})`,
      `"{0} {1}".format(${a}, ${b})`,
      `"{1} {0}".format(${a}, ${b})`,
      `"{a} {b}".format(a=${a}, b=${b})`,
      `"{a} {b}".format(b=${b}, a=${a})`,
      `"{}".format(${a}, ${b})`,
      `"{0}{0}".format(${a})`,
      `f"{${a}!r:>3}"`,
      `"{!r:>3}".format(${a})`,
      `"{:{}}".format(x, 3)`,
      'f"{x:{3}}"',
      '"{:3}".format(x)',
      'f"{x:3}"',
      '"{} {}".format(x)',
      "str(x)",
    ]);
  }
}
