/** Bad use, help, roots, and what is said beside the answer, through the real command line. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fastpipe, folder, PIPELINE, write } from "./fastpipe.ts";

describe("bad use", () => {
  it("is one line on stderr and exit code 2", async () => {
    const root = folder(PIPELINE);
    for (const [args, message] of [
      [["statsu"], /: unknown command `statsu`; did you mean status\?; see `fastpipe --help`$/m],
      [["help", "statsu"], /: unknown command `statsu`; see `fastpipe --help`; did you mean status\?$/m],
      [["status", "--bogus"], /: unknown option `--bogus`; see `fastpipe status --help`$/m],
      [["explain"], /: missing required argument `stages`; see `fastpipe explain --help`$/m],
      [["record", "--duration"], /: option `--duration <seconds>` argument missing; see `fastpipe record --help`$/m],
      [
        ["check", "--format", "yaml"],
        /: option `--format <format>` can't be `yaml`: use text, github, sarif, markdown; see `fastpipe check --help`$/m,
      ],
      [
        ["diff", "train", "clean_dat"],
        /: no tracked entry `clean_dat` in \S+train; did you mean func:utils\.clean_data\?$/m,
      ],
      [
        ["diff", "train", "zzz"],
        /: no tracked entry `zzz` in \S+train; `fastpipe manifest src\/pipeline\.py::train` lists/,
      ],
      [["status", "--root", "x".repeat(300)], /x: no such folder/],
      [["status", "--root", "pyproject.toml/x"], /: no such folder/],
      [["status", "--root", path.join(root, "gone")], /gone: no such folder/],
      [["status", "--root", path.join(root, "pyproject.toml")], /pyproject\.toml: not a folder/],
      [["status", "--level", "loose"], /strict, semantic, behavioral/],
      [["status", "--color", "pink"], /auto, always, never/],
      [["manifest", "a.py::b", "c.py::d"], /: too many arguments for `manifest`: expected 1, got 2; see/],
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
    const help = (await fastpipe(root, ["--help"])).out;
    expect(help).toContain("explain <stages...>");
    expect((await fastpipe(root, ["help"])).out).toBe(help);
    expect((await fastpipe(root, ["help", "check"])).out).toBe((await fastpipe(root, ["check", "--help"])).out);
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

  it("keeps a stage on its line, whatever it is called and why it was accepted", async () => {
    const names = ["two\\nlines", "日本語", "ascii"];
    const stages = names.map((name, i) => `@stage(name="${name}")\ndef s${i}():\n    return 1\n`);
    const root = folder({ "a.py": `from fastpipe import stage\n\n${stages.join("\n")}` });
    await fastpipe(root, ["record", "--all"]);
    write(root, { "a.py": `from fastpipe import stage\n\n${stages.join("\n").replace("return 1", "return 2")}` });
    await fastpipe(root, ["accept", "two\nlines", "--reason", "one\n  and two"]);
    expect((await fastpipe(root, ["status"])).out.replace(/20..-.*/g, "AT")).toBe(
      [
        "✓ accepted  two\\nlines  one and two  AT",
        "✓ fresh     日本語                   AT",
        "✓ fresh     ascii                    AT",
        "0 of 3 stages stale",
        "",
      ].join("\n"),
    );
    expect((await fastpipe(root, ["explain", "ascii"])).out).toContain("Reason: its one tracked entry has not changed");
    write(root, { "a.py": 'from fastpipe import stage\n\n@stage(name="")\ndef s():\n    return 1\n' });
    expect((await fastpipe(root, ["status"])).out).toContain("○ new     a.s");
  });

  it("speaks of settings that lead to nothing", async () => {
    const root = folder({
      ...PIPELINE,
      "pyproject.toml":
        '[tool.fastpipe]\nsource-roots = ["src", "lib"]\nwatch = ["utils:load", "utils:laod", "nowhere:load"]\n',
    });
    const idle = [
      "fastpipe: pyproject.toml:2: source-roots: there is no folder `lib`",
      "fastpipe: pyproject.toml:3: watch: there is no function `utils:laod`, so nothing is followed",
      "fastpipe: pyproject.toml:3: watch: there is no function `nowhere:load`, so nothing is followed",
      "",
    ].join("\n");
    for (const args of [["status"], ["check"], ["record", "--all"]])
      expect((await fastpipe(root, args)).err).toBe(idle);
    expect((await fastpipe(root, ["doctor"])).out).toContain("leads to nothing: pyproject.toml:2: source-roots: ");
  });

  it("speaks of files that hide stages", async () => {
    const root = folder({ ...PIPELINE, "src/hidden.py": "from fastpipe import stage\n@stage()\ndef s(:\n" });
    const ran = await fastpipe(root, ["status"]);
    expect(ran.code).toBe(0);
    expect(ran.err).toMatch(/^fastpipe: src\/hidden\.py:3: .*; stages in this file are not listed\n$/);
  });
});
