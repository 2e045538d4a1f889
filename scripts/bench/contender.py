"""One contender in Python (contenders.mjs): python3 contender.py KIND CORPUS.json, CORPUS.json an array of source texts.

Reading and decoding are done before the first round; a round is the work alone. Standard library only, but for peers that
are named; a peer that is not installed answers that.
"""

import ast
import gc
import json
import sys
import symtable
import time
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(10_000)


def texts():
    with open(sys.argv[2], encoding="utf-8") as file:
        return json.load(file)


def ast_parse():
    corpus = texts()

    def work():
        for text in corpus:
            ast.parse(text)

    return work


def symbol_tables():
    corpus = texts()

    def work():
        for text in corpus:
            symtable.symtable(text, "m.py", "exec")

    return work


KINDS = {"ast": ast_parse, "symtable": symbol_tables}


def main():
    work = KINDS[sys.argv[1]]()
    for _line in sys.stdin:
        if isinstance(work, str):
            print(json.dumps({"missing": work}), flush=True)
            continue
        gc.collect()
        start = time.perf_counter()
        work()
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


main()
