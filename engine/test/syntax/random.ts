/**
 * Source texts made up from a seed: mutations of real statements, and soups of tokens of one area of the grammar.
 *
 * The same seed always gives the same texts, on any machine.
 */

/** A linear congruential generator: values in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

const words = (text: string): string[] => text.split("¦");

const INSERTED = words(
  '(¦)¦[¦]¦{¦}¦,¦:¦=¦==¦:=¦*¦**¦.¦->¦@¦if¦else¦for¦in¦not¦is¦lambda¦yield¦await¦async¦def¦class¦return¦pass¦import¦from¦as¦with¦try¦except¦finally¦while¦del¦global¦match¦case¦type¦_¦x¦1¦1.5¦"s"¦f"{x}"¦b"q"¦None¦True¦...¦;¦\n¦\n    ¦ ¦\\\n¦#c¦+¦-¦~¦/¦%¦<¦>¦!=¦|¦&¦print¦x y¦elif¦raise¦assert¦!¦$¦?¦0777¦1__0¦"¦\'¦"""¦f"{¦t"{x}"¦nonlocal¦break¦continue¦or¦and¦+=¦\t',
);

/** One or two tokens of `source` deleted, inserted, replaced or swapped. */
export function mutate(source: string, random: () => number): string {
  const tokens = source.match(/\s+|\w+|[^\w\s]/gu) ?? [];
  const pick = (): string => INSERTED[Math.floor(random() * INSERTED.length)];
  const rounds = random() < 0.8 ? 1 : 2;
  for (let round = 0; round < rounds; round++) {
    const i = Math.floor(random() * tokens.length);
    const what = random();
    if (what < 0.35) tokens.splice(i, 1);
    else if (what < 0.75) tokens.splice(i, 0, (random() < 0.3 ? " " : "") + pick() + (random() < 0.6 ? " " : ""));
    else if (what < 0.9) tokens[i] = pick();
    else {
      const j = Math.floor(random() * tokens.length);
      [tokens[i], tokens[j]] = [tokens[j], tokens[i]];
    }
  }
  return tokens.join("");
}

interface Soup {
  readonly starts: readonly string[];
  readonly parts: readonly string[];
  readonly ends: readonly string[];
  readonly length: number;
}

const FIELDS = words(
  '{¦}¦{{¦}}¦{x}¦{y!r}¦{z:>10}¦{a=}¦{b = !s:x}¦!r¦!¦:¦=¦x¦\\¦\n¦\\N{EN DASH}¦ ¦#c¦lambda x: 1¦(¦)¦[¦]¦\\x41¦\\u00e9¦\\ud800¦\\{¦\\}¦é¦😀¦{f"{x}"}¦{{}}¦{x:{y}}¦{x:{y}z}¦{x:{y!r:>{w}}}¦{ {1:2} }¦{*a, b}¦{yield}¦{a:=5}¦{(a:=5)}¦{x!r:}¦{x:}¦\r\n¦\r¦\\\n¦%¦{x!=y}¦{x==y}¦{x:%H:%M}¦{d["a"]}¦{d[\'a\']}¦{x:\\n}¦{"""a"""}¦{x:"}¦{\nx\n}¦{x # c\n}¦{x=:y}¦{x=!r:^20}¦{lambda x: 1}¦{(lambda x: 1)}¦{not x}¦{await y}¦{x if y else z}¦{*a}¦{**a}¦{x,}¦{}¦{ }¦{!r}¦{:x}¦{=}¦{x y}¦{x!}¦{x!z}¦{x! r}¦{x!r }¦\t',
);
const ESCAPES = words(
  "\\¦x¦4¦u¦U¦N¦{¦}¦0¦7¦8¦a¦n¦\n¦\r¦\r\n¦é¦😀¦\\ud83d¦\\ude00¦\\x¦\\N{DASH}¦\\N{SPACE}¦\\N{bullet}¦\\777¦\\400¦\\U0001F600¦\\U00110000¦\\u00e9¦ ",
);

/** Areas of the grammar, each with what its texts are put together from. */
export const SOUPS: Readonly<Record<string, Soup>> = {
  "f-strings": {
    starts: words('f"¦f\'¦F"""¦rf"""¦fr\'¦x = f"¦u"w" f"'),
    parts: FIELDS,
    ends: words('"¦\'¦"""¦" "a"¦""" b"x"¦" f"b{c}"'),
    length: 6,
  },
  "t-strings": {
    starts: words('t"¦t\'¦T"""¦rt"""¦tr\''),
    parts: FIELDS,
    ends: words('"¦\'¦"""¦" "a"¦" t"b{c}"'),
    length: 5,
  },
  numbers: {
    starts: [""],
    parts: words("0¦1¦9¦7¦8¦_¦.¦e¦E¦j¦J¦x¦X¦o¦b¦f¦a¦+¦-¦if¦in¦or¦and¦l¦00¦__¦n¦ "),
    ends: [""],
    length: 7,
  },
  escapes: {
    starts: words('"¦\'¦"""¦b"¦r"¦u"¦U"¦Br"¦rb"""'),
    parts: ESCAPES,
    ends: words('"¦\'¦"""¦" "a"¦" b"b"'),
    length: 6,
  },
  indentation: {
    starts: [""],
    parts: words(
      ' ¦\t¦  ¦    ¦\f¦\n¦\r\n¦\r¦\\\n¦x¦if x:¦if x:\n¦pass¦else:¦#c¦y = 1¦\n\n¦(¦)¦def f():¦"""¦for a in b:¦        ¦\\¦class A:¦return¦ \\\n ',
    ),
    ends: ["", "\n"],
    length: 14,
  },
  identifiers: {
    starts: [""],
    parts: words("a¦_¦1¦é¦ﬁ¦ª¦·¦€¦ℵ¦𝐝𝐞𝐟¦＿¦‿¦१¦𐒠¦\u200b¦\u00a0¦\u2028¦\x0b¦\x85¦\u0301¦K¦ſ¦文¦℘¦゛¦\x1c¦\x7f¦.¦ = ¦x"),
    ends: [""],
    length: 4,
  },
  patterns: {
    starts: ["match x:\n case "],
    parts: words(
      'a¦_¦b.c¦1¦-1¦+1¦1j¦1+2j¦-1-2j¦2.5¦"s"¦f"x"¦b"q"¦None¦True¦(¦)¦[¦]¦{¦}¦,¦:¦*a¦*_¦**k¦**_¦|¦ as x¦ as _¦A(¦a=¦if x¦ ¦,¦)¦]¦}¦"k": ¦None: ¦-1: ¦a.b: ¦x.y(',
    ),
    ends: [": pass"],
    length: 6,
  },
  parameters: {
    starts: words("def f(¦lambda ¦async def f("),
    parts: words("a¦b¦=1¦=¦*¦**¦/¦,¦,¦,¦*args¦**kw¦: int¦: *T¦a=1¦b¦(c)¦ "),
    ends: words("): pass¦: 0¦) -> x: pass"),
    length: 7,
  },
  arguments: {
    starts: words("f(¦class A(¦x[¦@f("),
    parts: words("a¦b¦a=1¦b=2¦,¦,¦,¦*a¦**k¦x for x in y¦a:=1¦(a:=1)¦:¦1¦yield¦lambda: 0¦a.b=1¦True=1¦*¦**¦=¦if¦else¦ "),
    ends: words(")¦): pass¦]¦)\ndef g(): pass"),
    length: 7,
  },
  assignments: {
    starts: [""],
    parts: words(
      'a¦b¦(a)¦(a, b)¦[a, b]¦a.b¦a[0]¦f()¦1¦"s"¦*a¦(*a)¦(*a, b)¦()¦[]¦a+b¦a if b else c¦lambda: a¦(yield)¦yield¦await a¦None¦...¦{}¦{a}¦-a¦not a¦a<b¦x for x in y¦(x for x in y)¦[x for x in y]¦f"{a}"¦a and b¦(a:=1)¦ = ¦ = ¦ = ¦ = ¦ += ¦: ¦, ¦ ¦ := ¦; ',
    ),
    ends: words("1¦a¦¦yield x¦*a, b"),
    length: 9,
  },
  statements: {
    starts: words(
      "with ¦async with ¦for ¦del ¦import ¦from ¦except ¦global ¦raise ¦assert ¦return ¦while ¦if ¦type X¦class C¦def f",
    ),
    parts: words(
      "a¦b¦(a)¦(a, b)¦(¦)¦,¦)¦ as ¦ as x¦,¦,¦ in ¦.¦a.b¦a[0]¦f()¦*a¦*¦import¦from¦if¦else¦[T]¦[T: int]¦[*T]¦[**P]¦[T=int]¦[*T=*x]¦=¦==¦:=¦x¦(a as b)¦(a as b, c)¦(yield)¦1¦[a, b]¦()¦and¦...",
    ),
    ends: words(": pass¦¦\n¦:\n  pass¦ = 1"),
    length: 7,
  },
  tokens: { starts: [""], parts: INSERTED.flatMap((word) => [word, `${word} `]), ends: [""], length: 9 },
};

/** `count` texts of one area. */
export function soup(area: string, count: number, seed: number): string[] {
  const { starts, parts, ends, length } = SOUPS[area];
  const random = generator(seed);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)];
  return Array.from({ length: count }, () => {
    let text = pick(starts);
    for (let n = 1 + Math.floor(random() * length); n > 0; n--) text += pick(parts);
    return text + pick(ends);
  });
}
