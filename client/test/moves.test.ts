/** Arrow keys in the graph: along the edges, to the nearest above and below, and every stage can be reached. */
import type { GraphPictureEdge, GraphPictureNode } from "@fastpipe/shared";
import { describe, expect, it } from "vitest";
import { nextNode } from "../src/webview/moves.ts";

const node = (id: string, column: number, row: number): GraphPictureNode => ({
  id,
  label: id,
  kind: "stage",
  state: "fresh",
  detail: "",
  x: column * 200,
  y: row * 60,
  width: 140,
  height: 42,
  uri: null,
  line: 1,
  expanded: false,
});
const edge = (from: string, to: string): GraphPictureEdge => ({
  from,
  to,
  label: "",
  points: [],
  labelAt: null,
  labelWidth: 0,
});
const nodes = [node("load", 0, 0), node("weather", 0, 1), node("clean", 1, 0), node("join", 2, 1), node("alone", 0, 2)];
const edges = [edge("load", "clean"), edge("clean", "join"), edge("weather", "join"), edge("join", "join")];
const press = (id: string, key: string) => {
  const next = nextNode({ nodes, edges }, nodes.find((each) => each.id === id)!, key);
  return next === undefined ? "no move" : (next?.id ?? null);
};

describe("moving about in the graph", () => {
  it("goes with the data to the right and against it to the left", () => {
    expect(press("load", "ArrowRight")).toBe("clean");
    expect(press("clean", "ArrowRight")).toBe("join");
    expect(press("join", "ArrowLeft")).toBe("clean");
    expect(press("join", "ArrowRight")).toBeNull();
  });

  it("goes up and down to what is nearest, its own column first", () => {
    expect(press("load", "ArrowDown")).toBe("weather");
    expect(press("weather", "ArrowDown")).toBe("alone");
    expect(press("alone", "ArrowUp")).toBe("weather");
    expect(press("load", "ArrowUp")).toBeNull();
  });

  it("reaches every stage from any other", () => {
    for (const { id } of nodes) {
      const seen = new Set([id]);
      for (const at of seen) {
        for (const key of ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]) {
          const next = press(at, key);
          if (next !== null) seen.add(next);
        }
      }
      expect([id, seen.size]).toEqual([id, nodes.length]);
    }
  });

  it("leaves other keys alone", () => {
    expect(press("load", "a")).toBe("no move");
    expect(press("clean", "Home")).toBe("load");
    expect(press("clean", "End")).toBe("alone");
  });
});
