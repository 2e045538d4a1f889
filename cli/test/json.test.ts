/**
 * The published JSON schemas (schemas/) against what the real command line says: every command's `--json` output is valid,
 * says nothing that its schema does not name, and between them the outputs have every property and every state, kind and
 * change that the schemas name.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { batch, fastpipe, folder, write } from "./fastpipe.ts";

const FOLDER = fileURLToPath(new URL("../../schemas", import.meta.url));

interface Schema {
  [keyword: string]: unknown;
}

/** All but that of the settings, which is no answer. */
const schemas = new Map<string, Schema>(
  readdirSync(FOLDER)
    .filter((name) => name !== "settings.schema.json")
    .map((name) => [name.replace(".schema.json", ""), JSON.parse(readFileSync(path.join(FOLDER, name), "utf8"))]),
);

/** Places in schemas that some output had: a property, or a value of an enumeration. */
const seen = new Set<string>();
const named = new Set<string>();

const ajv = new Ajv2020({ strict: true, strictTypes: false });
ajv.addKeyword({
  keyword: "seenAs",
  validate: (place: string, value: unknown) => {
    seen.add(place);
    if (typeof value === "string" || typeof value === "boolean") seen.add(`${place}=${value}`);
    return true;
  },
});

/**
 * A schema that takes nothing unnamed: readers have to bear new properties, the command line must not invent any. Every
 * property notes that it was seen.
 */
function closed(schema: unknown, place: string, open = false): unknown {
  if (Array.isArray(schema)) return schema.map((each) => closed(each, place, open));
  if (typeof schema !== "object" || schema === null) return schema;
  const { properties, $defs, ...rest } = schema as Record<string, unknown>;
  const result: Schema = {};
  for (const [keyword, value] of Object.entries(rest)) {
    result[keyword] = ["items", "anyOf", "allOf"].includes(keyword) ? closed(value, place, keyword === "allOf") : value;
  }
  if ($defs !== undefined) {
    result.$defs = Object.fromEntries(
      // Open, since they are also parts of others; closed again where they are used.
      Object.entries($defs as Schema).map(([name, each]) => [name, closed(each, `${place}/${name}`, true)]),
    );
  }
  if (properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(properties as Schema).map(([name, each]) => {
        const own = `${place}/${name}`;
        named.add(own);
        return [name, { ...(closed(each, own) as Schema), seenAs: own }];
      }),
    );
  }
  if (Array.isArray(rest.enum)) {
    for (const value of rest.enum) named.add(`${place}=${value}`);
    result.seenAs = place;
  }
  if (!open && (properties !== undefined || "$ref" in rest)) result.unevaluatedProperties = false;
  return result;
}

for (const [name, schema] of schemas) ajv.addSchema(closed(schema, name) as Schema);

/** Fails unless a value is what the schema says. */
function hold(name: string, value: unknown): void {
  const validate = ajv.getSchema(`${schemas.get(name)!.$id}`)!;
  expect(validate(value), `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)?.slice(0, 2000)}`).toBe(true);
}

/** The answer of a command, held to its schema. */
async function answer(root: string, name: string, args: readonly string[], code = 0): Promise<unknown> {
  const ran = await fastpipe(root, args);
  expect(ran, ran.err).toMatchObject({ code });
  expect(ran.out.trimEnd().split("\n")).toHaveLength(1);
  const value = JSON.parse(ran.out);
  hold(name, value);
  return value;
}

/** A project with an entry, a notice and a state of each kind. */
const PROJECT = {
  "pyproject.toml": `[tool.fastpipe]\nwatch = ["src_less:watched"]\n`,
  ".venv/pyvenv.cfg": "",
  "rules.sql": "select 1\n",
  "requirements.txt": "pandas==2.2.0\n",
  "src_less.py": "def watched():\n    return 1\n",
  "helpers.py": `LIMIT = 3
TABLE = make()


def make():
    return {}


def clean(x):
    return x + LIMIT


def renamed(x):
    return x


class Model:
    def fit(self):
        return 1


def set_state():
    global STATE
    STATE = 2


STATE = 1
`,
  "models.py": "class Other:\n    def fit_all(self):\n        return 2\n",
  "needs.py": "from fastpipe import stage\nfrom dep import f\n\n\n@stage()\ndef needing():\n    return f()\n",
  "dep.py": "def f():\n    return 1\n",
  "broken.py": "from fastpipe import stage\n\n\n@stage()\ndef hidden():\n    return 1\n",
  "pipeline.py": `import importlib
import json
from fastpipe import stage
import helpers
import whole
from helpers import nowhere


@stage(deps=["raw.csv"], outs=["clean.csv"], code_files=["rules.sql"], package_deps=["pandas"])
def prepare(path, how, model):
    print(path)  # fastpipe: ignore
    eval(how)
    importlib.import_module(how)
    getattr(model, how)
    model.fit_all()
    nowhere(path)
    return helpers.clean(path), helpers.Model, vars(whole), helpers.STATE


@stage(deps=["clean.csv"])
def train(path):
    return helpers.renamed(path), helpers.LIMIT


@stage()
def gone(path):
    return 1


@stage()
def accepted(path):
    return helpers.TABLE
`,
  "whole.py": "A = 1\n",
};

describe("every answer is what its schema says", () => {
  it("through the life of a project", async () => {
    const root = folder(PROJECT);
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: root });
    git("init", "-q");
    git("add", "-A");
    git("commit", "-qm", "one");
    await answer(root, "status", ["status", "--json"]);
    await answer(root, "check", ["check", "--json"], 1);
    await answer(root, "doctor", ["doctor", "--json"]);
    await answer(root, "record", ["record", "--all", "--duration", "41.7", "--json"]);
    await answer(root, "manifest", ["manifest", "pipeline.py::prepare", "--json"]);
    await answer(root, "manifest", ["manifest", "pipeline.py::train", "--json", "--level", "behavioral"]);
    await answer(root, "manifest", ["manifest", "helpers.py::Model", "--json", "--level", "strict"]);
    await answer(root, "check", ["check", "--json", "--against", "git:HEAD"]);

    write(root, {
      "helpers.py": PROJECT["helpers.py"].replace("x + LIMIT", "x - LIMIT").replaceAll("renamed", "other_name"),
      "pipeline.py": PROJECT["pipeline.py"]
        .replace("helpers.renamed(path), helpers.LIMIT", "helpers.other_name(path), helpers.LIMIT")
        .replace(/@stage\(\)\ndef gone[\s\S]*?return 1\n/, "")
        .replace("return helpers.TABLE", "return helpers.LIMIT"),
      "models.py": "class Other:\n    def fit_all(self):\n        return 2\n",
      "needs.py": "from fastpipe import stage\nfrom dep import f\n\n\n@stage()\ndef needing():\n    return f()\n",
      "dep.py": "def f():\n    return 1\n",
      "broken.py": "from fastpipe import stage\n\n\n@stage()\ndef hidden(:\n",
    });
    await answer(root, "accept", ["accept", "accepted", "--reason", "same numbers", "--json"]);
    const lock = readFileSync(path.join(root, "fastpipe.lock"), "utf8");
    write(root, { "fastpipe.lock": lock.replace("how: recorded", "how: run") });
    await answer(root, "status", ["status", "--json"]);
    await answer(root, "check", ["check", "--json"], 1);
    await answer(root, "explain", ["explain", "prepare", "train", "hidden", "needing", "gone", "accepted", "--json"]);
    await answer(root, "diff", ["diff", "prepare", "--json"]);
    await answer(root, "dependents", ["dependents", "LIMIT", "--json"]);
    await answer(root, "dependents", ["dependents", "helpers.py::clean", "--all", "--json"]);
    await answer(root, "graph", ["graph", "--json"]);
    await answer(root, "graph", ["graph", "--format", "json", "--code"]);
    await answer(root, "doctor", ["doctor", "--root", root, "--json"]);
    await answer(folder({}), "doctor", ["doctor", "--json"]);
    const { versions } = (await answer(root, "history", ["history", "clean", "--json"])) as {
      versions: { recorded: string }[];
    };
    await answer(root, "history", ["history", "clean", "--show", versions[0].recorded, "--json"]);
    await answer(root, "explain", ["explain", "train", "--level", "strict", "--json"]);
    await answer(root, "record", ["record", "--prune", "--json"]);

    // Renamed and changed at once: the change tells where it was.
    write(root, { "helpers.py": PROJECT["helpers.py"].replaceAll("def clean", "def clean_all") });
    write(root, { "pipeline.py": PROJECT["pipeline.py"].replace("helpers.clean(path)", "helpers.clean_all(path), 2") });
    await answer(root, "status", ["status", "--json"]);
    await answer(root, "accept", ["accept", "prepare", "--entry", "clean_all", "--reason", "r", "--json"]);
    await answer(root, "accept", ["accept", "--revoke", "prepare", "--json"]);
    execFileSync("rm", ["-rf", path.join(root, ".git"), path.join(root, ".fastpipe")]);
    await answer(root, "diff", ["diff", "prepare", "--json"]);
  });

  it("line by line", async () => {
    const root = folder({ ...PROJECT, "bad.py": "def f(:\n", "nul.py": "\0" });
    const ran = await fastpipe(root, ["functions", "--json"]);
    expect(ran.code).toBe(0);
    for (const line of ran.out.trimEnd().split("\n")) hold("functions", JSON.parse(line));
    const { ask, end } = batch();
    const request = { root, target: "pipeline.py::prepare", level: null };
    for (const each of [
      request,
      { ...request, target: "pipeline.py::prepar" },
      { ...request, target: "bad.py::f" },
      "no JSON",
    ]) {
      hold("manifest-batch", await ask(each));
    }
    expect(await end()).toBe(0);
  });
});

describe("every schema", () => {
  it("is draft 2020-12, has a title, and is found under its own name", () => {
    for (const [name, schema] of schemas) {
      expect(schema).toMatchObject({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        $id: expect.stringMatching(new RegExp(`/schemas/${name}\\.schema\\.json$`)),
        title: expect.any(String),
        description: expect.any(String),
      });
    }
  });

  it("refuses what is not its own", () => {
    hold("record", { recorded: [], forgotten: [] });
    expect(() => hold("record", { recorded: [], forgotten: [], more: 1 })).toThrow(/unevaluated/);
    expect(() => hold("record", { recorded: [] })).toThrow(/forgotten/);
    expect(() => hold("graph", { nodes: [], edges: [{ from: "a", to: "b", path: 1 }] })).toThrow(/string/);
  });

  // Which codes an answer carries (and not the line on stderr) may change. A syntax error is a notice only beside a last
  // good version, which a process that has just begun does not have.
  const UNSEEN = /^common\/(?:problem\/code=|notice\/kind=syntax-error$)/;

  it("names nothing that no answer has", () => {
    expect([...named].filter((place) => !seen.has(place) && !UNSEEN.test(place))).toEqual([]);
  });
});
