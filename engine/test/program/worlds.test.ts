/**
 * Incremental equals fresh where modules depend on one another in every way that there is: re-exports, star imports,
 * registries, packages, attributes set from outside, choices, subclasses. After each edit of an interface, each file that
 * comes or goes, each broken text and each lock, all answers are those of a program that sees the state for the first time.
 */
import { describe, expect, it } from "vitest";
import {
  type Config,
  createProgram,
  DEFAULT_CONFIG,
  emptyLock,
  explain,
  type Lock,
  memoryHost,
  type Program,
  record,
  status,
} from "../../src/index.ts";
import { random } from "../prove/corpus.ts";

const CONFIG: Config = { ...DEFAULT_CONFIG, watch: ["lib.tools:clean", "lib:entry"] };
/** Settings that it may have now and then; the first is the one that it starts with. */
const CONFIGS: readonly Config[] = [
  CONFIG,
  { ...CONFIG, watch: [] },
  { ...CONFIG, watch: ["lib.tools:scale"], exclude: ["build"] },
  { ...CONFIG, sourceRoots: ["lib", ""] },
  { ...CONFIG, stageDecorators: ["deco.mark"] },
];

/** Texts that each file may have; the first is the one that it starts with, null stands for no file. */
const WORLD: Record<string, readonly (string | null)[]> = {
  "lib/__init__.py": [
    "from .tools import clean, scale\nfrom .registry import *\nentry = clean\n",
    "from .tools import clean\nfrom .shapes import scale\nentry = scale\n",
    "from .tools import *\nfrom .registry import REG, add\ndef entry(x):\n    return clean(x)\n",
    "from .registry import *\nfrom .tools import *\nfrom . import shapes\nentry = shapes.scale\n",
    "def __getattr__(name):\n    return name\n",
    "import os\nfrom .registry import *\nif os.name == 'nt':\n    from .tools import *\nelse:\n    from .shapes import *\nentry = scale\n",
    "import os\nfrom .registry import *\nscale = entry = os\nif os.name == 'posix':\n    from .shapes import *\n    from .tools import *\n",
    "from .registry import *\ntry:\n    from .fast import *\n    from .shapes import *\nexcept ImportError:\n    from .tools import *\nentry = scale\n",
    null,
  ],
  "lib/tools.py": [
    "import math\nLIMIT = 3\n\ndef clean(x):\n    return helper(x) + LIMIT\n\ndef helper(x):\n    return math.floor(x)\n\ndef scale(x):\n    return clean(x) * 2\n",
    "LIMIT = 3\n\ndef clean(x):\n    return helper(x) + LIMIT\n\ndef helper(x):\n    return abs(x)\n\ndef abs(x):\n    return x\n",
    "__all__ = ['clean']\nfrom .shapes import scale\n\ndef clean(x):\n    return scale(x)\n",
    "try:\n    from .fast import clean\nexcept ImportError:\n    def clean(x):\n        return x\n\ndef scale(x):\n    return x\n",
    "import pandas as pd\n\ndef clean(x):\n    return pd.concat(x)\n\ndef scale(x):\n    return x\n",
    "class clean:\n    def __init__(self, x):\n        self.x = x\n\n    def fit(self):\n        return eval('1')\n\nscale = clean(3)\n",
    "def clean(x):\n    return x\n\ndef scale(x):\n    x.fit()\n    return (\n",
    "'''Says so.'''\ndef clean(x):\n    return __doc__, __name__\n\ndef scale(x):\n    return clean.__doc__\n",
  ],
  "lib/registry.py": [
    "REG = {}\n\ndef add(f):\n    REG[f.__name__] = f\n    return f\n\ndef run(name):\n    return REG[name]\n",
    "REG = {}\n\ndef add(f):\n    return f\n\ndef run(name):\n    return REG[name]\n",
    "REG = []\n\ndef add(f):\n    keep(f)\n    return f\n\ndef keep(f):\n    REG.append(f)\n\ndef run(name):\n    return REG\n",
    "from .tools import LIMIT\nREG = {'x': LIMIT}\nadd = REG.setdefault\n\ndef run(name):\n    global REG\n    REG = {}\n    return REG\n",
    "class Registry:\n    def __init__(self):\n        self.kept = {}\n\n    def __call__(self, f):\n        self.kept[f.__name__] = f\n        return f\n\nREG = Registry()\nadd = REG\n\ndef run(name):\n    return REG.kept[name]\n",
    "class Registry:\n    def __call__(self, f):\n        return f\n\nREG = Registry()\nadd = REG\n\ndef run(name):\n    return REG.kept[name]\n",
    "from .shapes import Base\n\nclass Registry(Base):\n    pass\n\nadd = REG = Registry()\n\ndef run(name):\n    return add\n",
    "def make():\n    kept = {}\n\n    def put(f):\n        kept[f.__name__] = f\n        return f\n\n    return put, kept.get\n\nadd, REG = make()\n\ndef run(name):\n    return REG(name)\n",
    "def make():\n    kept = {}\n    return (lambda f: f), kept.get\n\nadd, REG = make()\n\ndef run(name):\n    return REG(name)\n",
    "from functools import singledispatch\n\n@singledispatch\ndef run(name):\n    return name\n\nREG = run\nadd = REG.register\n",
    "import logging\nREG = logging.getLogger('x')\n\ndef add(f):\n    REG.info(f)\n    return f\n\ndef run(name):\n    return REG\n",
  ],
  "lib/shapes.py": [
    "class Base:\n    kinds = []\n\n    def __init_subclass__(cls):\n        Base.kinds.append(cls)\n\n    def fit(self):\n        return self.kinds\n\ndef scale(x):\n    return Base.kinds, Base.__subclasses__()\n",
    "class Base:\n    def __call__(self, f):\n        self.last = f\n        return f\n\n    def fit(self):\n        return 3\n\ndef scale(x):\n    return Base()\n",
    "class Base:\n    def fit(self):\n        return 1\n\ndef scale(x):\n    return Base().fit() + x\n",
    "from .missing import Base\n\ndef scale(x):\n    return Base\n",
    "import lib.tools as tools\n\nclass Base:\n    pass\n\ntools.LIMIT = 5\n\ndef scale(x):\n    return tools\n",
    null,
  ],
  "lib/more.py": [
    "import random\nfrom .tools import clean\n\ndef settle(n):\n    random.seed(n)\n\nsettle(3)\n\ndef one():\n    return clean(1)\n",
    "import numpy as np\nfrom random import seed\nnumbers = np.random\nnumbers.seed(3)\nseed(3)\n\ndef one():\n    return 3\n",
    "import os\nfrom .registry import add\nos.environ['THREADS'] = '3'\nadd(3)\n\ndef one():\n    return 3\n",
    "from .registry import add\nfrom .shapes import Base\n\n@add\ndef one():\n    return 1\n\nclass Circle(Base):\n    def fit(self):\n        return 2\n",
    "from lib import add\nfrom lib import shapes\n\n@add\ndef one():\n    return two()\n\ndef two():\n    return 2\n\nclass Circle(shapes.Base):\n    pass\n",
    "import importlib\nfrom .registry import REG\nREG['y'] = importlib.import_module('lib.' + str(1))\n",
    "if __name__ == '__main__':\n    import lib.registry\n    REG = 1\n",
    null,
  ],
  "deco.py": [
    "from fastpipe import stage as mark\nLIMIT = 9\n",
    "def mark(**kw):\n    return lambda f: f\nLIMIT = 9\n",
    "import fastpipe\nmark = fastpipe.stage\nLIMIT = [1]\n",
    "from fastpipe import *\nmark = stage\nLIMIT = 'ten'\n",
  ],
  "main.py": [
    "from fastpipe import stage\nimport lib, lib.more\nfrom lib import clean, run\nfrom deco import LIMIT\n\n@stage(deps=['a.csv'], params={'limit': LIMIT})\ndef first(x):\n    return clean(x)\n\n@stage(code_deps=[lib.tools], outs=[f'{LIMIT}.csv'])\ndef second(x):\n    return run('one'), lib.scale(x)\n",
    "from fastpipe import stage\nfrom lib import *\nimport lib.more as more\n\n@stage(name='first')\ndef renamed(x):\n    return clean(x), more.one()\n\n@stage(code_deps=[more.one])\ndef second(x):\n    return entry(x)\n",
    "from deco import mark\nimport lib\n\n@mark(params=[lib.clean])\ndef first(x):\n    return lib\n\n@mark()\ndef third(x):\n    x.fit()\n    return getattr(lib, x)\n",
    "from fastpipe import stage\nimport lib.shapes\n\n@stage()\ndef first(x):\n    import lib.more\n    return lib.shapes.scale(lib.more.one)\n",
    "from fastpipe import stage\n\n@stage()\ndef first(x):\n    return clean(x\n",
  ],
  "lib/deep/__init__.py": [null, "", "from .. import tools\nfrom .leaf import near\n", "from .leaf import *\n"],
  "lib/deep/leaf.py": [
    "from ..tools import clean\nfrom . import side\nimport side as plain\n\ndef near(x):\n    return side.near(clean(x)), plain\n",
    "from . import near as other\nfrom .. import scale\nfrom .side import near\n\ndef far(x):\n    return near(x), other, scale, __name__\n",
  ],
  "lib/deep/side.py": [
    "def near(x):\n    return x\n",
    "from ..deep import leaf\n\ndef near(x):\n    return leaf, x\n",
    null,
  ],
  "jobs/__init__.py": [null, "", "from .job import nightly\n"],
  "jobs/job.py": [
    "from fastpipe import stage\nimport side\nimport lib.deep.leaf as leaf\nfrom jobs import side as beside\n\n@stage()\ndef nightly(x):\n    return side.near(x), leaf, beside\n",
    "from fastpipe import stage\nfrom lib.deep import near\nfrom . import side\n\n@stage()\ndef nightly(x):\n    return near(x), side\n",
  ],
  "jobs/side.py": ["def near(x):\n    return -x\n", null],
  "side.py": [
    "def near(x):\n    return +x\n",
    null,
    "import sys\nsys.path.insert(0, 'lib/deep')\n\ndef near(x):\n    return +x\n",
    "import sys, os\nFOLDER = 'lib'\nsys.path.append(FOLDER)\nimport tools\n\ndef near(x):\n    return tools.clean(x)\n",
  ],
  "other.py": [
    "from deco import mark\nfrom main import first\n\n@mark()\ndef late(x):\n    return first(x)\n",
    "from deco import mark\n\ndef late(x):\n    return x\n",
    null,
  ],
};

function answers(program: Program, lock: Lock): unknown {
  const stages = program.stages();
  return {
    stages: stages.map((stage) => ({ ...stage })),
    manifests: stages.map((stage) => program.manifest(stage)),
    status: status(program, lock),
    explained: stages.map((stage) => explain(program, lock, stage.id)),
    functions: [...program.functions()],
    users: program.dependents("func:lib.tools.clean"),
    reaching: program.stagesReaching("func:lib.tools.clean").map((stage) => stage.id),
  };
}

function run(seed: number, steps: number): { compared: number; stale: number } {
  const chance = random(seed);
  const below = (count: number) => Math.floor(chance() * count);
  const present = new Map<string, string>();
  for (const [file, [text]] of Object.entries(WORLD)) if (text !== null) present.set(file, text);
  const host = memoryHost(present);
  let config = CONFIG;
  const living = createProgram(host, config);
  const buffers = new Map<string, string>();
  let lock = emptyLock("semantic");
  let compared = 0;
  let stale = 0;
  for (let step = 0; step < steps; step++) {
    const names = Object.keys(WORLD);
    const file = names[below(names.length)];
    const text = WORLD[file][below(WORLD[file].length)];
    const typed = text !== null && chance() < 0.3 ? `# ${step}\n${text.replace(/\b3\b/, String(below(9)))}` : text;
    if (chance() < 0.04) {
      config = CONFIGS[below(CONFIGS.length)];
      living.applyChange({ config, relist: true });
    }
    const asked = chance() < 0.7 ? new Map(living.stages().map((stage) => [stage.id, living.manifest(stage)])) : null;
    if (typed === null || chance() < 0.3) {
      host.write(file, typed);
      buffers.delete(file);
    } else buffers.set(file, typed);
    const delta = buffers.has(file)
      ? living.applyChange({ buffers: new Map([[file, typed]]) })
      : living.applyChange({ disk: [file], buffers: new Map([[file, null]]), relist: true });
    // What is not told of is as it was.
    for (const [id, before] of asked ?? []) {
      if (delta.stages.includes(id)) continue;
      const [stage] = living.stagesNamed(id);
      const now = living.manifest(stage);
      expect(now.ok ? now.value.fingerprint : "broken", `seed ${seed}, step ${step}, ${id} after ${file}`).toBe(
        before.ok ? before.value.fingerprint : "broken",
      );
    }
    if (chance() < 0.2) {
      const whole = living.stages().filter((stage) => living.manifest(stage).ok);
      const recorded = record(
        living,
        lock,
        whole.map((stage) => stage.id),
        { at: "2026-11-20T15:00:00Z" },
      );
      if (recorded.ok) lock = recorded.value.lock;
    }
    if (chance() < 0.3) continue;
    const fresh = createProgram(host, config);
    fresh.applyChange({ buffers });
    const paths = [...new Set([...names, ...buffers.keys()])].filter((name) => fresh.text(name) !== null);
    // A fresh program knows no last good version.
    if (paths.some((name) => fresh.problem(name) !== null)) continue;
    const [a, b] = [answers(living, lock), answers(fresh, lock)];
    expect(a, `seed ${seed}, step ${step}, ${file}`).toEqual(b);
    compared++;
    stale += status(living, lock).stale;
  }
  return { compared, stale };
}

describe("incremental equals fresh, whatever modules do to one another", () => {
  it.each([11, 12, 13, 14, 15, 16, 17, 18])("seed %i", (seed) => {
    const { compared } = run(seed, Number(process.env.FASTPIPE_EDITS ?? 120));
    expect(compared).toBeGreaterThan(10);
  });
});
