/**
 * What a benchmark says: rows with a figure, what is wanted of it, and ratios to peers; as a table for people and as JSON.
 * Measures nothing.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";

/** Best, median, p90, p99 and worst of numbers. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { best: sorted[0], median: at(0.5), p90: at(0.9), p99: at(0.99), worst: sorted[sorted.length - 1] };
}

/** Three digits, without a power of ten. */
export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

/** Rows of one run. */
export class Report {
  rows = [];

  /**
   * `suite`, `what` (one line), `value` with `unit`; `wanted` as text and `met` (true, false, or null where nothing is
   * wanted); `note` beside it; further figures in `data`.
   */
  add({ suite, what, value, unit, wanted = null, met = null, note = "", data = {} }) {
    this.rows.push({ suite, what, value, unit, wanted, met, note, data });
  }

  /** A figure that has to be at most (or, with `least`, at least) something. */
  limit({ most, least, ...row }) {
    const met = most !== undefined ? row.value <= most : row.value >= least;
    const wanted = most !== undefined ? `≤ ${most} ${row.unit}` : `≥ ${least} ${row.unit}`;
    this.add({ ...row, wanted, met });
  }

  /** Something that could not be measured here, and why. */
  missing(suite, what, why) {
    this.add({ suite, what, value: null, unit: "", note: why });
  }

  table(suite) {
    const rows = this.rows.filter((row) => row.suite === suite);
    const cells = [["what", "figure", "wanted", "", "note"]];
    for (const row of rows) {
      const figure = row.value === null ? "–" : `${number(row.value)} ${row.unit}`.trim();
      cells.push([row.what, figure, row.wanted ?? "", row.met === null ? "" : row.met ? "met" : "NOT MET", row.note]);
    }
    const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
    const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
    const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
    return [`## ${suite}`, "", line(cells[0]), rule, ...cells.slice(1).map(line), ""].join("\n");
  }
}

function said(command, args) {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}

/** Machine and versions, for the head of a report. */
export function machine(python, root) {
  const version = (name) => {
    try {
      return JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, "utf8")).version;
    } catch {
      return null;
    }
  };
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    // Above the number of cores, everything waits for others: then only CPU seconds and ratios say something.
    load: Number(loadavg()[0].toFixed(1)),
    memoryGB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    python: said(python, ["--version"]),
    "web-tree-sitter": version("web-tree-sitter"),
    "@lezer/python": version("@lezer/python"),
    revision: said("git", ["-C", root, "rev-parse", "--short", "HEAD"]),
    at: new Date().toISOString(),
  };
}
