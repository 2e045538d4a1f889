/**
 * Small programs and their scopes, in the order in which one would explain Python's rules. The suite checks them against
 * the engine and, all of them, against CPython 3.14.
 *
 * A scope is written as `name: x local, y free`, below its path; `local` and the like are symtable's resolution.
 */

/** One program that binds. `scopes`: path of a scope to its names. */
export interface ScopeCase {
  readonly title: string;
  readonly source: string;
  readonly scopes: Readonly<Record<string, string>>;
}

export const SCOPE_CASES: readonly ScopeCase[] = [
  {
    title: "a function binds its parameters and what it assigns; everything else is global",
    source: "def f(a, /, b, *c, d=X, **e):\n    r = a + LIMIT\n    return r\n",
    scopes: { top: "X global, f local", f: "LIMIT global, a local, b local, c local, d local, e local, r local" },
  },
  {
    title: "a name assigned anywhere in a function is local everywhere in it",
    source: "def f():\n    print(x)\n    if 0:\n        x = 1\n",
    scopes: { top: "f local", f: "print global, x local" },
  },
  {
    title: "an inner function makes the outer local a cell",
    source: "def f(x):\n    def g():\n        return x\n    return g\n",
    scopes: { top: "f local", f: "g local, x cell", "f.g": "x free" },
  },
  {
    title: "a free name passes through the functions in between",
    source: "def f(x):\n    def g():\n        def h():\n            return x\n",
    scopes: { top: "f local", f: "g local, x cell", "f.g": "h local, x free", "f.g.h": "x free" },
  },
  {
    title: "methods skip the class scope",
    source: "x = 1\nclass C:\n    x = 2\n    def m(self):\n        return x\n",
    scopes: { top: "C local, x local", C: "m local, x local", "C.m": "self local, x global" },
  },
  {
    title: "a class in a function: its own x is its business, the method sees the function's",
    source: "def f(x):\n    class C:\n        x = x\n        def m(self):\n            return x\n",
    scopes: { top: "f local", f: "C local, x cell", "f.C": "m local, x local", "f.C.m": "self local, x free" },
  },
  {
    title: "global reaches over the functions around",
    source:
      "def f():\n    x = 1\n    def g():\n        global x\n        x = 2\n        def h():\n            return x\n",
    scopes: { top: "f local, x explicit", f: "g local, x local", "f.g": "h local, x explicit", "f.g.h": "x global" },
  },
  {
    title: "nonlocal binds in the function around",
    source: "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n += 1\n",
    scopes: { top: "f local", f: "g local, n cell", "f.g": "n free" },
  },
  {
    title: "a class may declare nonlocal",
    source: "def f():\n    n = 0\n    class C:\n        nonlocal n\n        n = 1\n",
    scopes: { top: "f local", f: "C local, n cell", "f.C": "n free" },
  },
  {
    title: "defaults and decorators are read outside",
    source: "class C:\n    d = 1\n    @d\n    def f(self, a=d, *, b=d): pass\n",
    scopes: { top: "C local", C: "d local, f local", "C.f": "a local, b local, self local" },
  },
  {
    title: "a comprehension has its own scope; its first iterable is read outside",
    source: "def f(rows):\n    return [r for r in rows if r in keep for c in r]\n",
    scopes: { top: "f local", f: "rows local", "f.listcomp": ".0 local, c local, keep global, r local" },
  },
  {
    title: "a comprehension in a class sees the class only in its first iterable",
    source: "class C:\n    xs = 1\n    ys = [x + n for x in xs]\n    n = 2\n",
    scopes: { top: "C local", C: "n local, xs local, ys local", "C.listcomp": ".0 local, n global, x local" },
  },
  {
    title: "the kinds of comprehension, in order",
    source: "a = {i for i in x}, {i: j for i, j in x}, (i for i in x)\n",
    scopes: {
      top: "a local, x global",
      setcomp: ".0 local, i local",
      dictcomp: ".0 local, i local, j local",
      genexpr: ".0 local, i local",
    },
  },
  {
    title: "a walrus in a comprehension binds in the function around",
    source: "def f(xs):\n    any((hit := x) for x in xs)\n    return hit\n",
    scopes: { top: "f local", f: "any global, hit cell, xs local", "f.genexpr": ".0 local, hit free, x local" },
  },
  {
    title: "a walrus in nested comprehensions too",
    source: "def f(xs):\n    return [[y := x for x in r] for r in xs], y\n",
    scopes: {
      top: "f local",
      f: "xs local, y cell",
      "f.listcomp": ".0 local, r local, y free",
      "f.listcomp.listcomp": ".0 local, x local, y free",
    },
  },
  {
    title: "a walrus in a comprehension at module level is global",
    source: "found = [last := x for x in xs]\n",
    scopes: { top: "found local, last explicit, xs global", listcomp: ".0 local, last explicit, x local" },
  },
  {
    title: "a walrus in a lambda is the lambda's",
    source: "f = lambda: (n := 1)\n",
    scopes: { top: "f local", lambda: "n local" },
  },
  {
    title: "super() and __class__ reach the class",
    source:
      "class C:\n    def m(self):\n        return super().m()\n    def n(self):\n        return lambda: __class__\n",
    scopes: {
      top: "C local",
      C: "m local, n local",
      "C.m": "__class__ free, self local, super global",
      "C.n": "__class__ free, self local",
      "C.n.lambda": "__class__ free",
    },
  },
  {
    title: "super outside of functions implies nothing",
    source: "super\nclass C:\n    super\n",
    scopes: { top: "C local, super global", C: "super global" },
  },
  {
    title: "private names are mangled with the class' name, without its leading underscores",
    source: "class __C:\n    __x = 1\n    def m(self, __y, __z__):\n        def __f(): return __x, self.__x\n",
    scopes: {
      top: "__C local",
      __C: "_C__x local, m local",
      "__C.m": "_C__f local, _C__y local, __z__ local, self cell",
      "__C.m.__f": "_C__x global, self free",
    },
  },
  {
    title: "a class of underscores mangles nothing, also inside another class",
    source: "class C:\n    class __:\n        __x = 1\n    __y = 2\n    import __m, __p.q\n",
    scopes: { top: "C local", C: "_C__m local, _C__p local, _C__y local, __ local", "C.__": "__x local" },
  },
  {
    title: "imports bind the first part, or the alias",
    source: "import a.b, c.d as e\nfrom m import x, y as z\nfrom n import *\n",
    scopes: { top: "a local, e local, x local, z local" },
  },
  {
    title: "everything that binds",
    source: [
      "def f(o):",
      "    for a, *b in o: pass",
      "    with o as c, o as (d, o.attr): pass",
      "    try: pass",
      "    except o as e: pass",
      "    o[g] = h = 1",
      "    del i",
      "    j += 1",
      "    (k) = (l := 2)",
      "    m: int",
      "    (n): int",
      "    import p",
      "    class Q: pass",
    ].join("\n"),
    scopes: {
      top: "f local",
      f: "Q local, a local, b local, c local, d local, e local, g global, h local, i local, j local, k local, l local, m local, o local, p local",
      "f.__annotate__": "",
      "f.Q": "",
    },
  },
  {
    title: "captures of a match bind; dotted names and class patterns do not",
    source: [
      "def f(v):",
      "    match v:",
      "        case [a, *b] | {'k': a, **b}: pass",
      "        case K(c, key=d) if g(d): pass",
      "        case pkg.CONST as e: pass",
      "        case _: pass",
    ].join("\n"),
    scopes: {
      top: "f local",
      f: "K global, a local, b local, c local, d local, e local, g global, pkg global, v local",
    },
  },
  {
    title: "f-strings are read like any expression, their format too",
    source: 'def f(a):\n    return f"{a:{w}} {(lambda: a)()!r}"\n',
    scopes: { top: "f local", f: "a cell, w global", "f.lambda": "a free" },
  },
  {
    title: "annotations of a signature are read beside the function",
    source: "T = int\ndef f(a: T, *b: 'T') -> R: pass\n",
    scopes: { top: "T local, f local, int global", __annotate__: "R global, T global", f: "a local, b local" },
  },
  {
    title: "an annotation in a class sees the class, one in its method's signature too",
    source: "def o(T):\n    class C:\n        T = int\n        x: T\n        def m(self, a: T): pass\n",
    scopes: {
      top: "o local",
      o: "C local, T local",
      "o.C": "T local, int global, m local, x local",
      "o.C.__annotate__": "T global",
      "o.C.__annotate__#2": "T global",
      "o.C.m": "a local, self local",
    },
  },
  {
    title: "annotations in a function are never evaluated: they make the name local and read nothing",
    source: "def f():\n    x: Undefined\n    y: [i for i in (lambda: k)()] = x\n",
    scopes: {
      top: "f local",
      f: "x local, y local",
      "f.__annotate__": "",
      "f.__annotate__.lambda": "k global",
      "f.__annotate__.listcomp": ".0 local, i local",
    },
  },
  {
    title: "from __future__ import annotations: no annotation scope is part of the tree",
    source: "from __future__ import annotations\ndef f(x):\n    y = 1\n    def g(a: y) -> x: pass\nb: int = 1\n",
    scopes: { top: "annotations local, b local, f local", f: "g local, x local, y local", "f.g": "a local" },
  },
  {
    title: "type parameters live in a scope of their own around the function",
    source: "def f[T: (int, B), *Ts = X, **P = Y](a: T, b=D) -> Ts:\n    return T\n",
    scopes: {
      top: "D global, f local",
      f: "P local, T cell, Ts cell",
      "f.T": "B global, int global",
      "f.Ts": "X global",
      "f.P": "Y global",
      "f.__annotate__": "T free, Ts free",
      "f.f": "T free, a local, b local",
    },
  },
  {
    title: "bases of a generic class are read in its type parameter scope",
    source: "class C[T](Base[T], key=lambda: T):\n    def m[U](self) -> T: return U\n",
    scopes: {
      top: "C local",
      C: "Base global, T cell",
      "C.lambda": "T free",
      "C.C": "T free, __type_params__ local, m local",
      "C.C.m": "T free, U cell",
      "C.C.m.__annotate__": "T free",
      "C.C.m.m": "U free, self local",
    },
  },
  {
    title: "only the type parameters are mangled around a generic class",
    source: "class C[__T](__Base): __x: __T\n",
    scopes: {
      top: "C local",
      C: "_C__T cell, __Base global",
      "C.C": "_C__T free, _C__x local, __type_params__ local",
      "C.C.__annotate__": "_C__T free",
    },
  },
  {
    title: "the value of a type alias is read lazily, in its own scope; in a class it sees the class",
    source: "type A[T] = dict[str, T]\nclass C:\n    X = int\n    type B = list[X]\n",
    scopes: {
      top: "A local, C local",
      A: "T cell",
      "A.A": "T free, dict global, str global",
      C: "B local, X local, int global",
      "C.B": "X global, list global",
    },
  },
  {
    title: "async functions, loops, comprehensions",
    source:
      "async def f(xs):\n    async for x in xs: await x\n    async with xs as y: pass\n    return [await z async for z in y]\n",
    scopes: { top: "f local", f: "x local, xs local, y local", "f.listcomp": ".0 local, z local" },
  },
  {
    title: "elif, else and finally arms all count",
    source:
      "if a:\n    x = 1\nelif b:\n    y = 1\nelse:\n    z = 1\ntry:\n    p = 1\nexcept* E as q:\n    r = 1\nelse:\n    s = 1\nfinally:\n    t = 1\n",
    scopes: {
      top: "E global, a global, b global, p local, q local, r local, s local, t local, x local, y local, z local",
    },
  },
];
