"""What ``@stage`` promises: the same function back, what was declared attached, and clear errors."""

from __future__ import annotations

import asyncio
import functools
import inspect
import json
import pathlib
import pickle
import unittest
from dataclasses import FrozenInstanceError

import fastpipe
from fastpipe import Declaration, declaration, stage


def helper(x: int) -> int:
    return x + 1


class Model:
    pass


@stage(outs=["module.csv"])
def at_module_level(x: int, *, y: int = 2) -> int:
    """Docs stay."""
    return x + y


class Transparent(unittest.TestCase):
    def test_gives_the_same_object_back(self) -> None:
        self.assertIs(stage(helper), helper)
        self.assertIs(stage(deps=["a.csv"])(helper), helper)

    def test_keeps_call_signature_docs_and_name(self) -> None:
        self.assertEqual(at_module_level(1, y=4), 5)
        self.assertEqual(list(inspect.signature(at_module_level).parameters), ["x", "y"])
        self.assertEqual(at_module_level.__doc__, "Docs stay.")
        self.assertEqual(at_module_level.__name__, "at_module_level")
        self.assertFalse(hasattr(at_module_level, "__wrapped__"))

    def test_stays_picklable(self) -> None:
        self.assertIs(pickle.loads(pickle.dumps(at_module_level)), at_module_level)

    def test_coroutine_functions_stay_coroutine_functions(self) -> None:
        @stage(outs=["a.csv"])
        async def fetch() -> int:
            return 3

        self.assertTrue(inspect.iscoroutinefunction(fetch))
        self.assertEqual(asyncio.run(fetch()), 3)

    def test_generators_stay_generators(self) -> None:
        @stage
        def rows():  # type: ignore[no-untyped-def]
            yield 1

        self.assertTrue(inspect.isgeneratorfunction(rows))

    def test_methods(self) -> None:
        class Pipeline:
            @stage(outs=["a"])
            def run(self) -> str:
                return "ran"

            @staticmethod
            @stage(outs=["b"])
            def load() -> str:
                return "loaded"

            @classmethod
            @stage(outs=["c"])
            def save(cls) -> str:
                return cls.__name__

        self.assertEqual((Pipeline().run(), Pipeline.load(), Pipeline.save()), ("ran", "loaded", "Pipeline"))
        declared = [declaration(f) for f in (Pipeline.run, Pipeline().run, Pipeline.load, Pipeline.save)]
        self.assertEqual([d and d.outs for d in declared], [("a",), ("a",), ("b",), ("c",)])

    def test_above_and_below_other_decorators(self) -> None:
        def logged(function):  # type: ignore[no-untyped-def]
            @functools.wraps(function)
            def wrapper(*args, **kwargs):  # type: ignore[no-untyped-def]
                return function(*args, **kwargs)

            return wrapper

        @stage(outs=["above"])
        @functools.lru_cache
        def above() -> int:
            return 1

        @logged
        @stage(outs=["below"])
        def below() -> int:
            return 2

        self.assertEqual((above(), below()), (1, 2))
        self.assertEqual(declaration(above), Declaration(outs=("above",)))
        self.assertEqual(declaration(below), Declaration(outs=("below",)))


class Declared(unittest.TestCase):
    def test_bare_and_empty_declare_nothing(self) -> None:
        @stage
        def bare() -> None: ...

        @stage()
        def empty() -> None: ...

        self.assertEqual(declaration(bare), Declaration())
        self.assertEqual(declaration(empty), Declaration())

    def test_everything(self) -> None:
        @stage(
            deps=["a.csv", pathlib.PurePosixPath("b") / "c.csv"],
            outs=("out.json",),
            params={"alpha": 0.5},
            name="train",
            code_deps=[helper, Model, json],
            code_files=["rules.sql"],
            package_deps=["pandas"],
        )
        def everything() -> None: ...

        self.assertEqual(
            declaration(everything),
            Declaration(
                deps=("a.csv", "b/c.csv"),
                outs=("out.json",),
                params={"alpha": 0.5},
                name="train",
                code_deps=(helper, Model, json),
                code_files=("rules.sql",),
                package_deps=("pandas",),
            ),
        )

    def test_params_by_name(self) -> None:
        @stage(params=["alpha", "beta"])
        def tuned() -> None: ...

        self.assertEqual(declaration(tuned), Declaration(params=("alpha", "beta")))

    def test_iterables_are_read_once_and_kept(self) -> None:
        deps = ["a"]
        mark = stage(deps=(d for d in deps))

        @mark
        def first() -> None: ...

        @mark
        def second() -> None: ...

        deps.append("late")
        self.assertEqual([declaration(f) for f in (first, second)], [Declaration(deps=("a",))] * 2)

    def test_is_frozen_hashable_and_reachable_as_an_attribute(self) -> None:
        declared = at_module_level.__fastpipe__  # type: ignore[attr-defined]
        self.assertIs(declared, declaration(at_module_level))
        with self.assertRaises(FrozenInstanceError):
            declared.outs = ()
        self.assertEqual(hash(declared), hash(Declaration(outs=("module.csv",))))
        hash(Declaration(params={"a": 1}))

    def test_not_a_stage(self) -> None:
        def plain() -> None: ...

        self.assertIsNone(declaration(plain))
        self.assertIsNone(declaration(print))
        self.assertIsNone(declaration(Model))


class Refused(unittest.TestCase):
    def refuses(self, pattern: str, *args: object, **kwargs: object) -> None:
        with self.assertRaisesRegex(TypeError, pattern):
            stage(*args, **kwargs)  # type: ignore[call-overload]

    def test_what_is_no_function(self) -> None:
        self.refuses("not classes: .* instead of Model", Model)
        self.refuses("not int objects", 3)
        self.refuses("not partial objects", functools.partial(helper, 1))
        self.refuses("not builtin_function_or_method objects", len)
        self.refuses("put it below @staticmethod", staticmethod(helper))
        self.refuses("put it below @classmethod", classmethod(helper))
        self.refuses(r"write @stage\(name='train'\)", "train")

    def test_a_lone_string_for_a_list(self) -> None:
        for argument in ("deps", "outs", "params", "code_files", "package_deps"):
            self.refuses(rf"{argument} is a list: write {argument}=\['a'\]", **{argument: "a"})
        self.refuses("deps is a list: write", deps=pathlib.PurePosixPath("a"))

    def test_wrong_items(self) -> None:
        self.refuses("deps holds paths, not int: 3", deps=[3])
        self.refuses("deps is a list, not int", deps=3)
        self.refuses("params holds strings, not int", params={1: "a"})
        self.refuses("package_deps holds strings, not module", package_deps=[json])
        self.refuses("code_deps holds functions, classes and modules, not str", code_deps=["helper"])
        self.refuses("name is a non-empty string", name="")
        self.refuses("name is a non-empty string", name=3)

    def test_unknown_arguments(self) -> None:
        self.refuses("dependencies", dependencies=["a"])


class Package(unittest.TestCase):
    def test_public_names(self) -> None:
        self.assertEqual(sorted(fastpipe.__all__), ["Declaration", "declaration", "stage"])

    def test_is_marked_as_typed(self) -> None:
        self.assertTrue((pathlib.Path(fastpipe.__file__).parent / "py.typed").is_file())


if __name__ == "__main__":
    unittest.main()
