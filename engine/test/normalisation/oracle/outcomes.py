"""What programs do: reads a JSON list of {"variants": [source], "probes": [expression]} on stdin, runs every variant in a
namespace of its own, and writes for each the outcomes of the probes: what it returned or raised, what it logged and what
it printed. Knows nothing of Fastpipe."""
import asyncio
import contextlib
import io
import json
import re
import sys
import warnings

PRELUDE = '''
LOG = []

def note(value):
    """Has an effect, so that its calls can be counted and their order seen."""
    LOG.append(value)
    return value

def wait(coroutine):
    return asyncio.run(coroutine)

def drain(iterator):
    """All that an iterator gives, and how it ends."""
    out = []
    while True:
        try:
            out.append(next(iterator))
        except StopIteration as end:
            return out, end.value

class Stream:
    """An iterator whose text and hash are always the same."""
    def __init__(self, items):
        self.items = iter(items)
    def __iter__(self):
        return self
    def __next__(self):
        return next(self.items)
    def __repr__(self):
        return "<stream>"
    def __hash__(self):
        return 7

class Loud:
    """Says when it is compared, formatted, called for its truth, its length or an attribute."""
    def __init__(self, name="it"):
        self.__dict__["name"] = name
    def __repr__(self):
        return f"<{self.name}>"
    def __eq__(self, other):
        note(("eq", self.name))
        return False
    def __ne__(self, other):
        note(("ne", self.name))
        return False
    def __hash__(self):
        note(("hash", self.name))
        return 1
    def __bool__(self):
        note(("bool", self.name))
        return True
    def __format__(self, spec):
        note(("format", self.name, spec))
        return self.name
    def __getattr__(self, attr):
        if attr.startswith("__"):
            raise AttributeError(attr)
        note(("attr", self.name, attr))
        return self
    def __getitem__(self, key):
        note(("item", self.name, key))
        if key == 3:
            raise IndexError
        return key
    def __call__(self, *args, **kwargs):
        note(("call", self.name))
        return self
    def __lt__(self, other):
        note(("lt", self.name))
        return True
    def __neg__(self):
        note(("neg", self.name))
        return self
    def __contains__(self, item):
        note(("contains", self.name))
        return item == 1
    def __enter__(self):
        note(("enter", self.name))
        return self
    def __exit__(self, *error):
        note(("exit", self.name, error[0] and error[0].__name__))
        return self.name == "swallow"

class Keyed:
    """Has `keys` that have nothing to do with what it contains."""
    def keys(self):
        return [1, 2]
    def __contains__(self, item):
        return False
    def __iter__(self):
        return iter([7])
'''


# Where an object lies says nothing about it.
ADDRESS = " at 0x[0-9a-f]+"
SETTING = compile(PRELUDE, "<prelude>", "exec")


def outcome(source, probe):
    space = {"asyncio": asyncio, "__name__": "probed"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(SETTING, space)
        try:
            exec(compile(source, "<variant>", "exec"), space)
            value = repr(eval(compile(probe, "<probe>", "eval"), space))
        except BaseException as error:
            value = f"raised {type(error).__name__}"
    return [re.sub(ADDRESS, "", text) for text in (value, repr(space["LOG"]), printed.getvalue())]


def main():
    warnings.simplefilter("ignore")
    cases = json.load(sys.stdin)
    json.dump(
        [[[outcome(source, probe) for probe in case["probes"]] for source in case["variants"]] for case in cases],
        sys.stdout,
    )


main()
