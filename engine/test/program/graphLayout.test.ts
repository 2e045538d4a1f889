/** The picture of a graph: nothing lies over anything, the same graph gives the same places, size is no danger. */
import { describe, expect, it } from "vitest";
import { graphSvg, labelWidth, layoutGraph } from "../../src/index.ts";

interface Area {
  readonly what: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Stages where each reads what up to three before it write, `far` apart at most. */
function pipeline(size: number, far: number) {
  const nodes = Array.from({ length: size }, (_, i) => ({ id: `pkg.stage_${i}`, label: `pkg.stage_${i}` }));
  const edges = nodes.slice(1).flatMap(({ id }, i) =>
    Array.from({ length: 1 + (i % 3) }, (_, n) => ({
      from: `pkg.stage_${Math.max(0, i - ((n * 37 + i * 11) % far))}`,
      to: id,
      label: `data/stage_${i}/part_${n}.parquet`,
    })),
  );
  return { nodes, edges };
}

function areas(nodes: ReturnType<typeof pipeline>["nodes"], edges: ReturnType<typeof pipeline>["edges"]): Area[] {
  const layout = layoutGraph(nodes, edges);
  const boxes = [...layout.nodes].map(([what, box]) => ({ what, ...box }));
  const labels = layout.edges.flatMap(({ labelAt }, i) => {
    if (labelAt === null) return [];
    const width = labelWidth(edges[i].label);
    return [{ what: edges[i].label, x: labelAt.x - width / 2, y: labelAt.y - 7, width, height: 14 }];
  });
  return [...boxes, ...labels];
}

function overlapping(all: readonly Area[]): string[] {
  const found: string[] = [];
  for (const [i, a] of all.entries()) {
    for (const b of all.slice(i + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      if (!apart) found.push(`${a.what} over ${b.what}`);
    }
  }
  return found;
}

describe("the layout of a graph", () => {
  for (const [size, far] of [
    [12, 6],
    [60, 12],
    [200, 8],
  ]) {
    it(`lays nothing over anything: ${size} stages`, () => {
      const { nodes, edges } = pipeline(size, far);
      expect(overlapping(areas(nodes, edges))).toEqual([]);
    });
  }

  it("is the same for the same graph", () => {
    const { nodes, edges } = pipeline(40, 9);
    expect(layoutGraph(nodes, edges)).toEqual(layoutGraph(nodes, edges));
  });

  it("leaves on the right and arrives on the left", () => {
    const { nodes, edges } = pipeline(20, 5);
    const layout = layoutGraph(nodes, edges);
    for (const [i, { points }] of layout.edges.entries()) {
      const [from, to] = [layout.nodes.get(edges[i].from)!, layout.nodes.get(edges[i].to)!];
      expect(points[0].x).toBeCloseTo(from.x + from.width, 0);
      expect(points[points.length - 1].x).toBeCloseTo(to.x, 0);
    }
  });

  it("draws circles, a stage that reads itself, two paths between the same two", () => {
    const nodes = ["a", "b", "c"].map((id) => ({ id, label: id }));
    const edges = ["ab", "ab", "bc", "ca", "bb"].map(([from, to], n) => ({ from, to, label: `path${n}` }));
    expect(layoutGraph(nodes, edges).edges.every(({ points }) => points.length > 1)).toBe(true);
    expect(overlapping(areas(nodes, edges))).toEqual([]);
  });

  it("cuts a label that is too long, and gives wide characters their room", () => {
    const [long, wide] = [`data/${"x".repeat(200)}.csv`, "数据/清洗后.csv"];
    expect(labelWidth(long)).toBeLessThan(400);
    expect(labelWidth(wide)).toBeGreaterThan(labelWidth("xx/xxxxx.csv"));
    const node = (stage: string) => ({ stage, file: "a.py", line: 1, state: "stale" as const, deps: [], outs: [] });
    const svg = graphSvg({ nodes: [node("a"), node("b")], edges: [{ from: "a", to: "b", path: long }] });
    expect(svg).toContain("…");
    expect(svg).toContain(`${long}</title>`);
  });

  it("says a state in words and by a mark, not by colour alone", () => {
    const node = (stage: string, state: "stale" | "broken" | "new") => ({
      stage,
      file: "a.py",
      line: 1,
      state,
      deps: [],
      outs: [],
    });
    const svg = graphSvg({ nodes: [node("a", "stale"), node("b", "broken"), node("c", "new")], edges: [] });
    for (const text of ["●", ">stale<", "⚠", ">broken<", "○", ">never recorded<"]) expect(svg).toContain(text);
  });
});
