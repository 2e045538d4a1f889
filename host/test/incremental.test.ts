/**
 * After any run of changes on disk, a project that polled along the way says what a freshly opened one says. Files that do
 * not parse are left out: those keep their last good version, which only who was there before knows.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { emptyLock, status } from "@fastpipe/engine";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openProject, type Project } from "../src/common/index.ts";
import { NodeFiles } from "../src/node/index.ts";
import { folder, write } from "./folder.ts";

const PIPELINE = `from fastpipe import stage
from lib.a import f
import lib.b as b

@stage(code_files=["q.sql"], package_deps=["pandas"])
def s():
    return f() + b.K
`;
const CONTENTS: Readonly<Record<string, readonly string[]>> = {
  "p.py": [PIPELINE, PIPELINE.replace("b.K", "b.g()")],
  "lib/__init__.py": ["", "from .b import g\n"],
  "lib/a.py": ["def f():\n    return 1\n", "def f():\n    return 2\n", "from .b import g as f\n"],
  "lib/b.py": ["K = 1\ndef g():\n    return K\n", "K = 2\ndef g():\n    return K\n", "K = 1\n"],
  "lib/a/__init__.py": ["def f():\n    return 3\n"],
  "src/lib/a.py": ["def f():\n    return 4\n"],
  "q.sql": ["select 1\n", "select 2\n"],
  "requirements.txt": ["pandas==1.0\n", "pandas==2.0\n"],
  ".gitignore": ["", "b.py\n", "/lib/a\n"],
  "pyproject.toml": [
    "",
    '[tool.fastpipe]\nlevel = "strict"\n',
    '[tool.fastpipe]\nexclude = ["lib/a.py"]\n',
    "[tool.fastpipe]\nlevel = 1\n",
  ],
};
const FOLDERS = ["lib", "lib/a", "src", "away"];

type Step = (root: string) => void;

const writing: fc.Arbitrary<Step> = fc
  .constantFrom(...Object.keys(CONTENTS))
  .chain((name) => fc.constantFrom(...CONTENTS[name]).map((content) => [name, content] as const))
  .map(([name, content]) => (root) => {
    // A file in the place of a folder that a path needs.
    if (!existsSync(path.join(root, name, ".."))) mkdirSync(path.join(root, name, ".."), { recursive: true });
    writeFileSync(path.join(root, name), content);
  });
const removing: fc.Arbitrary<Step> = fc
  .constantFrom(...Object.keys(CONTENTS).slice(1), ...FOLDERS)
  .map((name) => (root) => rmSync(path.join(root, name), { recursive: true, force: true }));
const moving: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...FOLDERS))
  .map(([from, to]) => (root) => {
    if (
      existsSync(path.join(root, from)) &&
      !existsSync(path.join(root, to)) &&
      !to.startsWith(`${from}/`) &&
      existsSync(path.join(root, to, ".."))
    ) {
      renameSync(path.join(root, from), path.join(root, to));
    }
  });

function answers({ program, config, configProblem, discovery }: Project): unknown {
  const stages = status(program, emptyLock(config.level)).stages;
  const manifests = ["p.py::s", "lib/a.py::f", "lib/b.py::g"].map((target) => {
    const [file, qualname] = target.split("::");
    return program.manifest({ file, qualname });
  });
  return { configProblem, files: discovery.files, stages, manifests };
}

it("equals a fresh look", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 5, arbitrary: writing }, removing, moving), { minLength: 1, maxLength: 12 }),
      (steps) => {
        const root = folder({});
        write(root, Object.fromEntries(Object.entries(CONTENTS).map(([name, [first]]) => [name, first])));
        rmSync(path.join(root, "lib/a"), { recursive: true });
        const files = new NodeFiles(root, {});
        let project = openProject(files);
        answers(project);
        for (const step of steps) {
          step(root);
          const { disk, relist, packages } = files.poll();
          // The engine keeps versions of packages; other ones need another program.
          if (packages) project = openProject(files);
          else project.applyChange({ disk, relist });
          const fresh = openProject(new NodeFiles(root, {}));
          if (fresh.configProblem === null) expect(answers(project)).toEqual(answers(fresh));
        }
      },
    ),
    { numRuns: 60 },
  );
});
