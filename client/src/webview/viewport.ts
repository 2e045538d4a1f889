/** Zoom and pan of a drawing inside its window, by wheel, drag and call. Knows nothing of what is drawn. */

const LEAST = 0.02;
/** Pixels of the drawing that stay in the window, however far it is moved. */
const KEPT = 120;
const MOST = 3;
/** Text is still legible. */
const READABLE = 0.6;
/** Pixels that a pointer has to move before it is a drag and no click. */
const SLACK = 4;

export class Viewport {
  /** True from the first move of a drag until the next press: what follows it is no click. */
  dragged = false;
  readonly #svg: SVGSVGElement;
  readonly #scene: SVGGElement;
  #x = 0;
  #y = 0;
  #scale = 1;
  #width = 1;
  #height = 1;
  #frame = 0;

  constructor(svg: SVGSVGElement, scene: SVGGElement) {
    this.#svg = svg;
    this.#scene = scene;
    svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    svg.addEventListener("pointerdown", (event) => this.#drag(event));
  }

  /** The drawing has another size. */
  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#draw();
  }

  /** The first view: all of it where that can be read, else the part around a box. */
  begin(box: Parameters<Viewport["reveal"]>[0] | undefined): void {
    this.fit();
    if (!box || this.#scale >= READABLE) return;
    this.#scale = 0.9;
    const { clientWidth, clientHeight } = this.#svg;
    const start = (size: number, all: number, at: number): number =>
      size * this.#scale <= all ? (all - size * this.#scale) / 2 : Math.min(all / 2 - at * this.#scale, 0);
    this.#x = start(this.#width, clientWidth, box.x + box.width / 2);
    this.#y = start(this.#height, clientHeight, box.y + box.height / 2);
    this.#draw();
  }

  /** All of it, but never larger than it is. */
  fit(): void {
    const { clientWidth, clientHeight } = this.#svg;
    const scale = Math.min(clientWidth / this.#width, clientHeight / this.#height, 1);
    this.#scale = Math.max(scale, LEAST);
    this.#x = Math.max((clientWidth - this.#width * this.#scale) / 2, 0);
    this.#y = Math.max((clientHeight - this.#height * this.#scale) / 2, 0);
    this.#draw();
  }

  /** By a factor, around a point of the window; its middle by default. */
  zoom(factor: number, x = this.#svg.clientWidth / 2, y = this.#svg.clientHeight / 2): void {
    const scale = Math.min(Math.max(this.#scale * factor, LEAST), MOST);
    const change = scale / this.#scale;
    this.#x = x - (x - this.#x) * change;
    this.#y = y - (y - this.#y) * change;
    this.#scale = scale;
    this.#draw();
  }

  /** Moves as little as is needed to have a part of the drawing in the window, large enough to read. */
  reveal(box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): void {
    const margin = 24;
    const into = (start: number, size: number, all: number): number => {
      if (start < margin) return margin - start;
      return start + size > all - margin ? all - margin - start - size : 0;
    };
    const { clientWidth, clientHeight } = this.#svg;
    this.#x += into(this.#x + box.x * this.#scale, box.width * this.#scale, clientWidth);
    this.#y += into(this.#y + box.y * this.#scale, box.height * this.#scale, clientHeight);
    this.#draw();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      const { left, top } = this.#svg.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
      return;
    }
    this.#x -= event.shiftKey ? event.deltaY : event.deltaX;
    this.#y -= event.shiftKey ? 0 : event.deltaY;
    this.#draw();
  }

  #drag(down: PointerEvent): void {
    if (down.button !== 0) return;
    this.dragged = false;
    let [x, y] = [down.clientX, down.clientY];
    const move = (event: PointerEvent): void => {
      const far = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
      if (!this.dragged && far < SLACK) return;
      if (!this.dragged) this.#svg.setPointerCapture(down.pointerId);
      this.dragged = true;
      this.#x += event.clientX - x;
      this.#y += event.clientY - y;
      [x, y] = [event.clientX, event.clientY];
      this.#draw();
    };
    const up = (): void => {
      this.#svg.removeEventListener("pointermove", move);
      this.#svg.removeEventListener("pointerup", up);
      this.#svg.removeEventListener("pointercancel", up);
    };
    this.#svg.addEventListener("pointermove", move);
    this.#svg.addEventListener("pointerup", up);
    this.#svg.addEventListener("pointercancel", up);
  }

  /** Once a frame, however many events there were. */
  #draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { clientWidth, clientHeight } = this.#svg;
      const kept = (at: number, size: number, all: number): number =>
        Math.min(Math.max(at, Math.min(KEPT, all) - size * this.#scale), all - Math.min(KEPT, all));
      this.#x = kept(this.#x, this.#width, clientWidth);
      this.#y = kept(this.#y, this.#height, clientHeight);
      this.#scene.setAttribute("transform", `translate(${this.#x} ${this.#y}) scale(${this.#scale})`);
    });
  }
}
