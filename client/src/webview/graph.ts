/**
 * The script of the graph's page: draws the places that it is sent, moves a focus along the edges, zooms and pans. Knows no
 * layout and no project; everything but moving about is asked of the extension. Colours come from the style sheet alone.
 */
import type { GraphPicture, GraphPictureEdge, GraphPictureNode, StageState } from "@fastpipe/shared";
import { nextNode } from "./moves.ts";
import { Viewport } from "./viewport.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): { focus?: string } | undefined;
  setState(state: { focus?: string }): void;
};

const SVG = "http://www.w3.org/2000/svg";
const MARK: Readonly<Record<StageState, string>> = {
  fresh: "✓",
  accepted: "✓",
  stale: "●",
  new: "○",
  broken: "⚠",
  orphan: "?",
};

const vscode = acquireVsCodeApi();
const main = document.getElementById("graph") as HTMLElement;
const texts = JSON.parse(main.dataset.texts ?? "{}") as Readonly<Record<string, string>>;
const text = (name: string, value = ""): string => (texts[name] ?? name).replace("{0}", value);

function element<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

function label(name: "text" | "title", content: string, attributes: Readonly<Record<string, string | number>> = {}) {
  const made = element(name, attributes);
  made.textContent = content;
  return made;
}

// ------------------------------------------------------------------------------------------ the frame

const svg = element("svg", { role: "group", class: "graph" });
const scene = element("g");
const arrow = element(
  "marker",
  {
    id: "arrow",
    markerUnits: "userSpaceOnUse",
    viewBox: "0 0 8 8",
    refX: 8,
    refY: 4,
    markerWidth: 8,
    markerHeight: 8,
    orient: "auto",
  },
  element("path", { d: "M0 0L8 4L0 8z" }),
);
svg.append(element("defs", {}, arrow), scene);
const viewport = new Viewport(svg, scene);

const bar = document.createElement("div");
bar.className = "bar";
bar.setAttribute("role", "toolbar");
const help = document.createElement("p");
help.className = "help";
help.textContent = text("help");
for (const [name, symbol, run] of [
  ["zoomIn", "+", () => viewport.zoom(1.25)],
  ["zoomOut", "−", () => viewport.zoom(0.8)],
  ["fit", "⤢", () => viewport.fit()],
  ["save", "SVG", () => vscode.postMessage({ type: "save" })],
] as const) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = symbol;
  button.title = text(name);
  button.setAttribute("aria-label", text(name));
  button.addEventListener("click", run);
  bar.append(button);
}
main.append(bar, svg, help);

// The window beside which a file opens gets narrower: what is in focus stays in view.
new ResizeObserver(() => {
  const node = picture?.nodes.find(({ id }) => id === focus);
  if (node) viewport.reveal(node);
}).observe(svg);

// ------------------------------------------------------------------------------------------ drawing

let picture: GraphPicture | undefined;
let focus = vscode.getState()?.focus ?? "";
const drawn = new Map<string, SVGGElement>();

function draw(next: GraphPicture): void {
  const first = picture === undefined || picture.root !== next.root;
  const hadFocus = document.activeElement !== null && scene.contains(document.activeElement);
  picture = next;
  svg.setAttribute("aria-label", text("graph", next.name));
  drawn.clear();
  const edges = next.edges.map(drawEdge);
  const nodes = next.nodes.map((node) => {
    const group = drawNode(node, next.edges);
    drawn.set(node.id, group);
    return group;
  });
  scene.replaceChildren(...edges, ...nodes);
  viewport.resize(next.width, next.height);
  const start = next.nodes.find(({ id }) => id === focus) ?? next.nodes.find(({ state }) => state === "stale");
  const node = start ?? next.nodes[0];
  if (first) viewport.begin(node);
  if (node) setFocus(node.id, hadFocus);
}

function drawEdge({ from, to, label: path, points, labelAt, labelWidth }: GraphPictureEdge): SVGGElement {
  const about = label("title", `${from} → ${to}${path ? `: ${path}` : ""}`);
  const line = element("path", { d: curve(points), "marker-end": "url(#arrow)" });
  const group = element("g", { class: path ? "edge" : "edge code", "aria-hidden": "true" }, about, line);
  group.dataset.from = from;
  group.dataset.to = to;
  if (labelAt) {
    const [x, y] = [labelAt.x - labelWidth / 2, labelAt.y - 7];
    group.append(
      element("rect", { class: "behind", x, y, width: labelWidth, height: 14 }),
      fittedLabel(path, labelAt.x, labelAt.y + 3.5, labelWidth - 4),
    );
  }
  return group;
}

/** In the middle of a place, squeezed where the font is wider than the layout took it to be. */
function fittedLabel(content: string, x: number, y: number, most: number): SVGTextElement {
  const made = label("text", content, { x, y, "text-anchor": "middle" }) as SVGTextElement;
  requestAnimationFrame(() => {
    if (made.isConnected && made.getComputedTextLength() > most) squeeze(made, most);
  });
  return made;
}

function squeeze(made: SVGTextElement, width: number): void {
  made.setAttribute("textLength", String(width));
  made.setAttribute("lengthAdjust", "spacingAndGlyphs");
}

function drawNode(node: GraphPictureNode, edges: readonly GraphPictureEdge[]): SVGGElement {
  const { id, x, y, width, height, state, kind } = node;
  const group = element("g", {
    class: `node ${kind} ${state}`,
    role: "button",
    tabindex: -1,
    "aria-label": spoken(node, edges),
    transform: `translate(${x} ${y})`,
  });
  group.dataset.id = id;
  const name = label("text", node.label, { x: 26, y: 18, class: "name" }) as SVGTextElement;
  group.append(
    label("title", `${id}: ${node.detail}`),
    element("rect", {
      class: "ring",
      x: -4,
      y: -4,
      width: width + 8,
      height: height + 8,
      rx: kind === "stage" ? 7 : 18,
    }),
    element("rect", { class: "box", width, height, rx: kind === "stage" ? 4 : 14 }),
    label("text", MARK[state], { x: 9, y: 18, class: "mark" }),
    name,
    label("text", node.detail, { x: 26, y: 33, class: "detail" }),
  );
  requestAnimationFrame(() => {
    if (name.isConnected && name.getComputedTextLength() > width - 32) squeeze(name, width - 32);
  });
  if (kind === "stage") group.append(expander(node));
  return group;
}

/** The small button of a stage that shows what it uses in the code. Not in the order of focus: there is a key. */
function expander({ label: name, width, height, expanded, id }: GraphPictureNode): SVGGElement {
  const title = text(expanded ? "hideCode" : "showCode", name);
  const box = element("rect", { x: width - 22, y: height - 18, width: 18, height: 14, rx: 3 });
  const sign = label("text", expanded ? "−" : "ƒ", { x: width - 13, y: height - 7, "text-anchor": "middle" });
  const button = element("g", { class: "expander", "aria-hidden": "true" }, label("title", title), box, sign);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    vscode.postMessage({ type: "expand", id });
  });
  return button;
}

function spoken({ id, detail, kind, label: short }: GraphPictureNode, edges: readonly GraphPictureEdge[]): string {
  if (kind === "code") return `${short}, ${detail}`;
  const paths = (mine: (edge: GraphPictureEdge) => boolean): string =>
    [...new Set(edges.filter((edge) => mine(edge) && edge.label).map((edge) => edge.label))].join(", ");
  const [reads, writes] = [paths((edge) => edge.to === id), paths((edge) => edge.from === id)];
  return [id, detail, reads && text("reads", reads), writes && text("writes", writes)].filter(Boolean).join(", ");
}

function curve(points: GraphPictureEdge["points"]): string {
  const [first, ...rest] = points;
  let from = first;
  let path = `M${first.x} ${first.y}`;
  for (const to of rest) {
    const middle = (from.x + to.x) / 2;
    path += `C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
    from = to;
  }
  return path;
}

// ------------------------------------------------------------------------------------------ moving about

/** One node can be reached with Tab: the one that had the focus last. */
function setFocus(id: string, take: boolean): void {
  drawn.get(focus)?.setAttribute("tabindex", "-1");
  focus = id;
  vscode.setState({ focus });
  const group = drawn.get(id);
  group?.setAttribute("tabindex", "0");
  for (const edge of scene.querySelectorAll<SVGGElement>(".edge")) {
    edge.classList.toggle("near", edge.dataset.from === id || edge.dataset.to === id);
  }
  if (!take || !group) return;
  group.focus({ preventScroll: true });
  const node = picture?.nodes.find((each) => each.id === id);
  if (node) viewport.reveal(node);
}

scene.addEventListener("focusin", (event) => {
  const id = (event.target as Element).closest<SVGGElement>(".node")?.dataset.id;
  if (id !== undefined && id !== focus) setFocus(id, false);
});
scene.addEventListener("click", (event) => {
  const id = (event.target as Element).closest<SVGGElement>(".node")?.dataset.id;
  if (id === undefined || viewport.dragged) return;
  setFocus(id, true);
  vscode.postMessage({ type: "open", id });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  switch (event.key) {
    case "+":
    case "=":
      viewport.zoom(1.25);
      break;
    case "-":
      viewport.zoom(0.8);
      break;
    case "0":
      viewport.fit();
      break;
    default:
      if (!onNode(event.key)) return;
  }
  event.preventDefault();
});

/** Keys for the node in focus; false when the key is none of them. */
function onNode(key: string): boolean {
  if (!picture || !scene.contains(document.activeElement)) return false;
  const node = picture.nodes.find(({ id }) => id === focus);
  if (!node) return false;
  if (key === "Enter" || key === " ") vscode.postMessage({ type: "open", id: focus });
  else if (key === "c" || key === "C") vscode.postMessage({ type: "expand", id: focus });
  else if ((key === "e" || key === "E") && node.kind === "stage") vscode.postMessage({ type: "explain", id: focus });
  else {
    const next = nextNode(picture, node, key);
    if (next === undefined) return false;
    if (next) setFocus(next.id, true);
  }
  return true;
}

window.addEventListener("message", ({ data }: MessageEvent<{ type: string; picture?: GraphPicture }>) => {
  if (data.type === "picture" && data.picture) draw(data.picture);
});
vscode.postMessage({ type: "ready" });
