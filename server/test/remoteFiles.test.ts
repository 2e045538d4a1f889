/** Files of a server in a web worker: what is read ahead, what on demand, what is written where. */
import { openProject } from "@fastpipe/host";
import { beforeEach, describe, expect, it } from "vitest";
import { RemoteFiles, type RemotePort } from "../src/browser/remoteFiles.ts";

const STAGE = `from fastpipe import stage

@stage(code_files=["rules.sql"])
def load():
    return 1
`;

let far: Map<string, string>;
let asked: string[];
let files: RemoteFiles;

const port: RemotePort = {
  list: async () => [...far.keys()],
  async read(paths) {
    asked.push(...paths);
    return paths.map((path) => {
      const text = far.get(path);
      return text === undefined ? null : new TextEncoder().encode(text);
    });
  },
  async write(path, text) {
    far.set(path, text);
  },
};

beforeEach(async () => {
  far = new Map([
    ["pipeline.py", STAGE],
    ["rules.sql", "select 1\n"],
    ["data/large.csv", "1,2\n"],
    ["pyproject.toml", "[tool.fastpipe]\n"],
  ]);
  asked = [];
  files = new RemoteFiles("memory:/project", port);
  await files.refresh(null);
});

describe("remote files", () => {
  it("reads code and settings ahead, and nothing else", () => {
    expect(asked.sort()).toEqual(["pipeline.py", "pyproject.toml"]);
    expect(files.hasFile("data/large.csv")).toBe(true);
  });

  it("fetches what the engine asks for, and says when it is there", async () => {
    const fetched = new Promise<readonly string[]>((resolve) => files.onFetched(resolve));
    const project = openProject(files);
    const recorded = () => {
      const manifest = project.program.manifest({ file: "pipeline.py", qualname: "load" });
      return manifest.ok ? manifest.value.entries.find((entry) => entry.key === "file:rules.sql")?.hash : undefined;
    };
    const missing = recorded();
    expect(await fetched).toEqual(["rules.sql"]);
    await files.settled();
    project.applyChange({ disk: ["rules.sql"] });
    expect(recorded()).toMatch(/^[0-9a-f]{32}$/);
    expect(recorded()).not.toBe(missing);
    expect(asked).not.toContain("data/large.csv");
  });

  it("writes the lock and recorded sources to the far side, which never commits them", async () => {
    await files.refresh(["rules.sql"]);
    const project = openProject(files);
    expect((await project.record(["pipeline.load"], {})).ok).toBe(true);
    expect(far.get("fastpipe.lock")).toContain("pipeline.load:");
    expect(far.get(".fastpipe/.gitignore")).toBe("*\n");
    expect([...far.keys()].some((path) => path.startsWith(".fastpipe/objects/"))).toBe(true);
    const again = new RemoteFiles("memory:/project", port);
    await again.refresh(null);
    expect(await again.objects.history()).not.toEqual([]);
  });

  it("sees what changed on the far side", async () => {
    far.set("pipeline.py", STAGE.replace("1", "2"));
    await files.refresh(["pipeline.py"]);
    expect(new TextDecoder().decode(files.read("pipeline.py")!)).toContain("return 2");
    far.delete("pipeline.py");
    await files.refresh(null);
    expect(files.hasFile("pipeline.py")).toBe(false);
  });
});
