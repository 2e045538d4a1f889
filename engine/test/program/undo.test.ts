/** Taking an update of the lock back: to the byte, all or nothing, and never over what somebody else wrote. */
import { describe, expect, it } from "vitest";
import { accept, createProgram, formatLock, type LockUpdate, record, revoke, undo, undoOf } from "../../src/index.ts";
import { AT, ok, PREPROCESS, refused, TRAIN, World } from "./world.ts";

/** Does an update, and gives the way back. */
function done(world: World, update: LockUpdate) {
  const way = undoOf(world.lock, update);
  world.lock = update.lock;
  return way;
}

describe("undo", () => {
  it("brings the lock back to the byte: record, accept, revoke", () => {
    const world = new World();
    world.lock = ok(record(world.program, world.lock, [PREPROCESS], { at: AT, duration: 41.7 })).lock;
    const before = formatLock(world.lock);
    const ways = [
      done(world, ok(record(world.program, world.lock, [PREPROCESS, TRAIN], { at: "2027-01-01T00:00:00Z" }))),
    ];
    world.write("config.py", "THRESHOLD = 0.9\n");
    ways.push(done(world, ok(accept(world.program, world.lock, [PREPROCESS], { at: AT, reason: "same" }))));
    ways.push(done(world, ok(revoke(world.lock, [PREPROCESS]))));
    for (const way of ways.reverse()) world.lock = ok(undo(world.lock, way)).lock;
    expect(formatLock(world.lock)).toBe(before);
  });

  it("takes no part of it back where one stage was recorded again since", () => {
    const world = new World();
    const way = done(world, ok(record(world.program, world.lock, [PREPROCESS, TRAIN], { at: AT })));
    world.lock = ok(record(world.program, world.lock, [TRAIN], { at: "2027-01-01T00:00:00Z" })).lock;
    expect(refused(undo(world.lock, way)).message).toContain(`\`${TRAIN}\` was recorded or accepted again since`);
  });

  it("knows a baseline again when the lock has another level meanwhile", () => {
    const world = new World();
    const way = done(world, ok(record(world.program, world.lock, [PREPROCESS], { at: AT })));
    const strict = createProgram(world.host, { ...world.program.config, level: "strict" });
    world.lock = ok(record(strict, world.lock, [TRAIN], { at: AT })).lock;
    const { lock } = ok(undo(world.lock, way));
    expect([...lock.stages.keys()]).toEqual([TRAIN]);
    expect(lock.level).toBe("strict");
  });
});
