"""Pairs and triples of functions that are, or are nearly, one tree: M3.1 in small. Read as text; never run."""
import functools
from dataclasses import dataclass
from functools import wraps
import typing as t


def a1():
    x: int
    return [x for _ in y]


def a2():
    return [x for _ in y]


def a3():
    x: int

    def inner():
        return x

    return inner


def a4():
    def inner():
        return x

    return inner


def a5():
    x: int

    def inner(x):
        return x

    return inner


def a6():
    def inner(x):
        return x

    return inner


def a7():
    x: int
    x = 1
    return x


def a8():
    x = 1
    return x


def a9():
    x: int = 1
    return x


def a10():
    x: int

    class C:
        y = x

    return C


def a11():
    class C:
        y = x

    return C


def a12():
    (x): int
    return x


def a13():
    (x): int = 1
    return x


def a14():
    x.y: int = 1


def a15():
    x.y = 1


def a16():
    x.y: int


def a17():
    x[0]: int


def a18():
    x[0]


def a19(x):
    x: int
    return x


def a20(x):
    return x


def a21():
    x: int
    del x


def a22():
    del x


def a23():
    x: int
    import x
    return x


def a24():
    import x
    return x


def a25():
    if z:
        x: int


def a26():
    if z:
        pass


def a27():
    for _ in z:
        pass
    else:
        x: int


def a28():
    for _ in z:
        pass


def a29():
    for _ in z:
        pass
    else:
        pass


def a30():
    x: int
    lambda: x


def a31():
    lambda: x


def a32():
    x: int


def a33():
    """Text."""
    x: int


def a34():
    pass


def a35():
    "a"
    "b"


def a36():
    "b"


def a37():
    f"a"


def a38():
    b"a"


def a39():
    ("a")


def a40():
    "a" "b"


def a41():
    "a"
    pass


def a42():
    pass
    pass


def a43():
    "a" + "b"


def a44():
    ...


class B1:
    x: int

    def m(self):
        class Inner:
            """Doc."""

        return Inner

    def n(self):
        class Inner:
            pass

        return Inner

    def o(self):
        class Inner:
            x: int

        return Inner

    @property
    def p(self) -> int:
        return 1

    @property
    def q(self) -> str:
        return 1

    @q.setter
    def q(self, value: int):
        self.x = value

    @q.setter
    def q(self, value: str):
        self.x = value

    @q.setter
    def q(self, value):
        self.x = value

    @property.setter.other
    def q(self, value: str):
        self.x = value


def c1():
    from functools import wraps as w

    def deco(f):
        @w(f)
        def inner(a: int):
            return a

        return inner

    return deco


def c2():
    from functools import wraps as w

    def deco(f):
        @w(f)
        def inner(a: str):
            return a

        return inner

    return deco


def c3(w):
    def deco(f):
        @w(f)
        def inner(a: int):
            return a

        return inner

    return deco


def c4(w):
    def deco(f):
        @w(f)
        def inner(a: str):
            return a

        return inner

    return deco


def c5(wraps):
    @wraps(1)
    def inner(a: int):
        return a

    return inner


def c6(wraps):
    @wraps(1)
    def inner(a: str):
        return a

    return inner


def c7(property):
    class C:
        @property
        def inner(a: int):
            return a

    return C


def c8(property):
    class C:
        @property
        def inner(a: str):
            return a

    return C


@functools.lru_cache(None)
def d1(a: int):
    return a


@functools.lru_cache(None)
def d1(a: str):
    return a


@t.no_type_check
def d1(a: int):
    return a


@t.no_type_check
def d1(a):
    return a


@dataclass
def d1(a: int):
    return a


@dataclass
def d1(a):
    return a


@(yes := functools).cache
def d1(a: int):
    return a


@[functools][0].cache
def d1(a: int):
    return a


@[functools][0].cache
def d1(a):
    return a


def e1():
    x = "\ud83d\ude00"
    y = 1e400, 0x10, 1_000, 0o17, 0b1, 1., 1e0, 10j


def e2():
    x = "\U0001f600"
    y = 1e999, 16, 1000, 15, 1, 1.0, 1.0, 10.0j


def e3():
    x = "😀"
    y = 1e999, 16, 1000, 15, 1, 1.0, 1.0, 10.0j


def e4():
    x = '\N{GRINNING FACE}'
    y = (1e999), 16, 1000, 15, 1, 1.0, 1.0, 10.0j,


def f1(x):
    return f"{x!r:>{w}}" f"a{x=}" "b" rf"\d"


def f2(x):
    return f'{x!r:>{w}}ax={x!r}b\\d'


def f3(x):
    return f"{x!r:>{w}}ax={x}b\\d"


def f4(x):
    return f"{x!r:>{w}}a{x = }b\\d"


def g1(a, /, b, *, c=1, **d: int) -> None:
    return a[:], a[::], f(a, *b, c=1), f(a, c=1, *b)


def g2(a, /, b, *, c=1, **d):
    return a[::], a[:], f(a, *b, c=1), f(a, *b, c=1)


def g3(a, /, b, *, c=1, **d):
    return a[::None], a[:], f(a, *b, c=1), f(a, *b, c=1)


def h1(v):
    with (a, b):
        pass
    with a as b, c:
        pass
    match v:
        case a, b:
            pass


def h2(v):
    with a, b:
        pass
    with (a as b, c):
        pass
    match v:
        case [a, b]:
            pass


def h3(v):
    with (a, b) as c:
        pass
    with (a as b, c):
        pass
    match v:
        case (a, b):
            pass


async def i1():
    async with a:
        return [x async for x in y]


def i2():
    with a:
        return [x for x in y]


def j1(x):
    if x:
        return 1
    elif y:
        return 2
    else:
        return 3


def j2(x):
    if x:
        return 1
    else:
        if y:
            return 2
        else:
            return 3


def k1(a):
    return (a < b) < c, a < b < c, not a, (not a), -1, - 1, -(1), +1


def k2(a):
    return (a < b) < c, (a < b < c), (not a), not a, (-1), -1, -1, +1


if __name__ == "__main__":

    def main():
        def inner():
            return 1

        return inner

    def a1():
        return 1


if z:

    def k2(a):
        return 3


def bound_only_for_an_inner_function():
    table: int

    def fill():
        nonlocal table
        table = 1

    fill()
    return table


def bound_only_for_an_inner_function_otherwise():
    table: str

    def fill():
        nonlocal table
        table = 1

    fill()
    return table
