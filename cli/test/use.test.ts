/** Bad use, help, roots, and what is said beside the answer, through the real command line. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

describe("bad use", () => {
  it("is one line on stderr and exit code 2", async () => {
    const root = folder(PIPELINE);
    for (const [args, message] of [
      [["statsu"], /unknown command 'statsu'.*status/],
      [["status", "--bogus"], /unknown option '--bogus'/],
      [["explain"], /missing required argument 'stages'; see fastpipe explain --help$/m],
      [["check", "--format", "yaml"], /text, github, sarif, markdown; see fastpipe check --help$/m],
      [["status", "--root", path.join(root, "gone")], /gone: no such folder/],
      [["status", "--root", path.join(root, "pyproject.toml")], /pyproject\.toml: not a folder/],
      [["status", "--level", "loose"], /strict, semantic, behavioral/],
      [["status", "--color", "pink"], /auto, always, never/],
      [["manifest", "a.py::b", "c.py::d"], /too many arguments/],
    ] as const) {
      const ran = await fastpipe(root, args);
      expect(ran).toMatchObject({ code: 2, out: "" });
      expect(ran.err).toMatch(message);
      expect(ran.err).toMatch(/^fastpipe: [^\n]+\n$/);
    }
    write(root, { "pyproject.toml": "[tool.fastpipe]\n\nlevl = 'strict'\n" });
    expect((await fastpipe(root, ["status"])).err).toMatch(/^fastpipe: pyproject\.toml:3: unknown setting `levl`/);
  });

  it("shows help and version, and help where nothing was said", async () => {
    const root = folder({});
    expect(await fastpipe(root, ["--version"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect((await fastpipe(root, ["--help"])).out).toContain("explain <stages...>");
    expect(await fastpipe(root, ["status", "--help"])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/--exit-code[\s\S]*--json/),
    });
    expect(await fastpipe(root, [])).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("Usage: fastpipe"),
    });
  });

  it("takes the nearest root upward, or the current folder", async () => {
    const root = folder({
      ...PIPELINE,
      "nested/fastpipe.lock": "version: 1\nlevel: semantic\nstages: {}\n",
      "nested/a.py": "x = 1\n",
    });
    expect((await fastpipe(root, ["status"], { cwd: path.join(root, "src") })).out).toContain("3 new");
    expect((await fastpipe(root, ["status"], { cwd: path.join(root, "nested") })).out).toBe("no stages found\n");
    expect((await fastpipe(root, ["-v", "status"])).err).toContain(`root ${root}`);
    expect(readFileSync(path.join(root, "nested/fastpipe.lock"), "utf8")).toContain("stages: {}");
  });

  it("speaks of files that hide stages", async () => {
    const root = folder({ ...PIPELINE, "src/hidden.py": "from fastpipe import stage\n@stage()\ndef s(:\n" });
    const ran = await fastpipe(root, ["status"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/^fastpipe: src\/hidden\.py:3: .*; stages in this file are not listed\n$/);
  });
});
