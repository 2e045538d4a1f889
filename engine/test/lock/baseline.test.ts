/** The baselines that record and accept make, and what a baseline differs in. */
import { describe, expect, it } from "vitest";
import {
  diffManifest,
  formatLock,
  historyOf,
  objectPath,
  objectsOf,
  parseHistoryLine,
  parseLock,
} from "../../src/lock/index.ts";
import { acceptStage, baseline, hash, lock, manifest, recordStage } from "./locks.ts";

const AT = "2026-11-21T09:00:00Z";
const RUN = { how: "run", at: AT } as const;
const OLD = { "self:train": hash("train 1"), "func:m.f": hash("f 1"), "const:m.N": "1" };
const NEW = { "self:train": hash("train 1"), "func:m.f": hash("f 2"), "const:m.N": "2" };
const before = manifest("m.train", hash("old"), OLD);
const after = manifest("m.train", hash("new"), NEW);
const accept = { at: "2026-11-22T09:00:00Z", reason: "wording" };

describe("record", () => {
  it("takes manifest, place and time, and leaves other stages alone", () => {
    const other = baseline({ "self:x": hash("x") });
    const next = recordStage(lock({ "m.x": other }), after, { ...RUN, duration: 3 });
    expect(next.stages.get("m.x")).toBe(other);
    expect(next.stages.get("m.train")).toEqual({
      file: "pipeline.py",
      how: "run",
      at: AT,
      duration: 3,
      fingerprint: after.fingerprint,
      entries: new Map(Object.entries(NEW)),
    });
  });

  it("keeps the duration known so far, and forgets an acceptance", () => {
    const first = recordStage(lock({}), before, { ...RUN, duration: 7 });
    const second = recordStage(acceptStage(first, after, accept), after, { how: "recorded", at: accept.at });
    expect(second.stages.get("m.train")).toMatchObject({ how: "recorded", duration: 7, at: accept.at });
    expect(second.stages.get("m.train")).not.toHaveProperty("previous");
  });

  it("spells a level only where it is not the lock's", () => {
    const mixed = recordStage(lock({ "m.x": baseline({}) }), { ...after, level: "strict" }, RUN);
    expect(mixed.level).toBe("semantic");
    expect(mixed.stages.get("m.train")?.level).toBe("strict");
    const all = recordStage(mixed, { ...manifest("m.x", hash("x"), {}), level: "strict" }, RUN);
    expect(all.level).toBe("strict");
    expect([...all.stages.values()].map((each) => each.level)).toEqual([undefined, undefined]);
    expect(parseLock(formatLock(mixed))).toEqual({ ok: true, value: mixed });
  });
});

describe("accept", () => {
  const recorded = recordStage(lock({}), before, { ...RUN, duration: 7 });

  it("takes the whole manifest and keeps what it replaced", () => {
    const next = acceptStage(recorded, after, accept).stages.get("m.train");
    expect(next).toMatchObject({ how: "accepted", reason: "wording", fingerprint: after.fingerprint, duration: 7 });
    expect(next?.previous).toEqual(recorded.stages.get("m.train"));
  });

  it("of one entry of two moves that entry only, and the fingerprint stays", () => {
    const next = acceptStage(recorded, after, { ...accept, entryKeys: ["func:m.f"] }).stages.get("m.train")!;
    expect(next.fingerprint).toBe(before.fingerprint);
    expect(diffManifest(next, after).map((change) => change.key)).toEqual(["const:m.N"]);
    const both = acceptStage(acceptStage(recorded, after, { ...accept, entryKeys: ["func:m.f"] }), after, {
      ...accept,
      entryKeys: ["const:m.N"],
    });
    expect(both.stages.get("m.train")).toMatchObject({ fingerprint: after.fingerprint, how: "accepted" });
    expect(both.stages.get("m.train")?.previous).toEqual(recorded.stages.get("m.train"));
  });

  it("of an added or removed entry adds or removes it", () => {
    const { "const:m.N": _, ...less } = NEW;
    const changed = manifest("m.train", hash("third"), { ...less, "func:m.g": hash("g") });
    const one = acceptStage(recorded, changed, { ...accept, entryKeys: ["const:m.N"] }).stages.get("m.train")!;
    expect(diffManifest(one, changed).map((change) => change.key)).toEqual(["func:m.f", "func:m.g"]);
    const two = acceptStage(recorded, changed, { ...accept, entryKeys: ["func:m.g"] }).stages.get("m.train")!;
    expect(two.entries.get("func:m.g")).toBe(hash("g"));
  });

  it("twice keeps the baseline that ran; without one, it keeps none", () => {
    const third = manifest("m.train", hash("third"), { "self:train": hash("train 3") });
    const twice = acceptStage(acceptStage(recorded, after, accept), third, accept);
    expect(twice.stages.get("m.train")?.previous).toEqual(recorded.stages.get("m.train"));
    expect(acceptStage(lock({}), after, accept).stages.get("m.train")).not.toHaveProperty("previous");
  });

  it("keeps the level of what it replaced", () => {
    const strict = acceptStage(recorded, { ...after, level: "strict" }, accept);
    expect(strict.level).toBe("strict");
    expect(strict.stages.get("m.train")?.previous?.level).toBe("semantic");
    expect(parseLock(formatLock(strict))).toEqual({ ok: true, value: strict });
  });
});

describe("difference", () => {
  it("lists nearest first, removed last, with both values", () => {
    const now = manifest("m.train", hash("n"), {
      "self:train": hash("train 2"),
      "func:m.far": hash("far"),
      "const:m.N": "2",
    });
    const far = now.entries.map((e) => (e.key === "func:m.far" ? { ...e, via: ["func:m.a", "func:m.far"] } : e));
    expect(diffManifest(baseline(OLD), { ...now, entries: far })).toEqual([
      {
        key: "self:train",
        change: "changed",
        old: hash("train 1"),
        new: hash("train 2"),
        file: "pipeline.py",
        line: 1,
        via: [],
      },
      { key: "const:m.N", change: "changed", old: "1", new: "2", file: "pipeline.py", line: 3, via: ["const:m.N"] },
      {
        key: "func:m.far",
        change: "added",
        old: null,
        new: hash("far"),
        file: "pipeline.py",
        line: 2,
        via: ["func:m.a", "func:m.far"],
      },
      { key: "func:m.f", change: "removed", old: hash("f 1"), new: null, file: null, line: null, via: [] },
    ]);
  });

  it("tells a renamed definition from a new one, unless two could be it", () => {
    const moved = diffManifest(
      baseline({ "func:m.f": hash("f") }),
      manifest("m.t", hash("n"), { "func:n.g": hash("f") }),
    );
    expect(moved.find((change) => change.change === "added")?.movedFrom).toBe("func:m.f");
    const two = { "func:m.f": hash("f"), "func:m.e": hash("f") };
    const unclear = diffManifest(baseline(two), manifest("m.t", hash("n"), { "func:n.g": hash("f") }));
    expect(unclear.some((change) => change.movedFrom !== undefined)).toBe(false);
    const values = diffManifest(baseline({ "const:m.A": "1" }), manifest("m.t", hash("n"), { "const:m.B": "1" }));
    expect(values.some((change) => change.movedFrom !== undefined)).toBe(false);
  });
});

describe("objects and history", () => {
  it("names a place for hashes only", () => {
    expect(objectPath(hash("x"))).toMatch(/^\.fastpipe\/objects\/[0-9a-f]{2}\/[0-9a-f]{30}$/);
    expect(objectPath("0.5")).toBeNull();
    expect(objectPath("../../etc/passwd")).toBeNull();
  });

  it("keeps the text of hashed entries, and a line for what is new in a baseline", () => {
    const objects = objectsOf(after, (entry) => (entry.kind === "self" ? null : `text of ${entry.key}`));
    expect([...objects]).toEqual([[NEW["func:m.f"], "text of func:m.f"]]);
    expect(historyOf(baseline(OLD), after, AT).map((line) => [line.key, line.recorded])).toEqual([
      ["func:m.f", NEW["func:m.f"]],
      ["const:m.N", "2"],
    ]);
  });

  it("skips a history line that a crash cut short", () => {
    const [line] = historyOf(undefined, after, AT);
    expect(parseHistoryLine(JSON.stringify(line))).toEqual(line);
    for (const broken of ["", '{"at":"2', "null", "[]", '{"at":1}']) expect(parseHistoryLine(broken)).toBeNull();
  });
});
