"""Runs the pipeline: ``python -m gridcast [--list] [STAGE ...]``, from the project's folder."""

from __future__ import annotations

import argparse
import time
from graphlib import TopologicalSorter
from typing import Callable, NamedTuple

from fastpipe import Declaration, declaration

from gridcast import prepare, publish, train


class Stage(NamedTuple):
    function: Callable[..., None]
    declared: Declaration

    def run(self) -> None:
        """Call the stage with the paths that it declares."""
        self.function(*self.declared.deps, *self.declared.outs)


def stages() -> dict[str, Stage]:
    """All stages by name, each after those whose files it reads."""
    found: dict[str, Stage] = {}
    for module in (prepare, train, publish):
        for name, value in vars(module).items():
            declared = declaration(value)
            if declared is not None:
                found[name] = Stage(value, declared)

    maker = {out: name for name, stage in found.items() for out in stage.declared.outs}
    needs = {name: [maker[dep] for dep in stage.declared.deps if dep in maker] for name, stage in found.items()}
    return {name: found[name] for name in TopologicalSorter(needs).static_order()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="gridcast", description=__doc__)
    parser.add_argument("--list", action="store_true", help="only say which stages there are, in order")
    parser.add_argument("stages", nargs="*", metavar="STAGE", help="run only these (default: all)")
    options = parser.parse_args()

    known = stages()
    unknown = sorted(set(options.stages) - set(known))
    if unknown:
        parser.error(f"no such stage: {', '.join(unknown)} (there are: {', '.join(known)})")
    for name, stage in known.items():
        if options.stages and name not in options.stages:
            continue
        if options.list:
            print(name)
            continue
        started = time.perf_counter()
        stage.run()
        print(f"{name:16} {time.perf_counter() - started:6.3f} s   {', '.join(stage.declared.outs)}")


if __name__ == "__main__":
    main()
