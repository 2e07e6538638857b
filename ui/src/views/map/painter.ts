// How do a hundred thousand points reach the screen sixty times a second? As one call to the graphics card; where that is only
// imitated, or there is none, pixel by pixel.
import { OUTSIDE } from "./colours.ts";
import type { Camera, Size } from "./camera.ts";

/** What is drawn: points sorted so that those outside of the selection lie below the others. */
export interface Scene {
  xy: Float32Array;
  slots: Uint8Array;
  /** So many of them, the first ones, are outside. */
  outside: number;
}

export interface Look {
  /** "#rrggbb" by slot. */
  palette: string[];
  background: string;
  hideOutside: boolean;
  /** Diameter of a point in CSS pixels. */
  point: number;
}

export interface Painter {
  readonly kind: "webgl" | "canvas";
  /** Its first pictures took longer than a frame has: the other one should be tried. */
  readonly slow: boolean;
  load(scene: Scene): void;
  resize(size: Size, ratio: number): void;
  paint(camera: Camera, look: Look): void;
  close(): void;
}

export function sceneOf(xy: Float32Array, slots: Uint8Array): Scene {
  const n = slots.length;
  const scene = { xy: new Float32Array(n * 2), slots: new Uint8Array(n), outside: 0 };
  for (let index = 0; index < n; index++) if (slots[index] === OUTSIDE) scene.outside++;
  let below = 0;
  let above = scene.outside;
  for (let index = 0; index < n; index++) {
    const slot = slots[index] ?? OUTSIDE;
    const to = slot === OUTSIDE ? below++ : above++;
    scene.slots[to] = slot;
    scene.xy[to * 2] = xy[index * 2] ?? 0;
    scene.xy[to * 2 + 1] = xy[index * 2 + 1] ?? 0;
  }
  return scene;
}

export function makePainter(canvas: HTMLCanvasElement, wanted: "webgl" | "canvas" = "webgl"): Painter | null {
  return (wanted === "webgl" ? webgl(canvas) : null) ?? plain(canvas);
}

const VERTEX = `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in float slot;
uniform vec2 middle;
uniform vec2 factor;
uniform float point;
uniform vec3 palette[8];
flat out vec3 colour;
void main() {
  gl_Position = vec4((place - middle) * factor, 0.0, 1.0);
  gl_PointSize = point;
  colour = palette[int(slot)];
}`;

// Round only where a corner would be seen: on a software renderer each pixel counts.
const FRAGMENT = `#version 300 es
precision mediump float;
flat in vec3 colour;
uniform float round;
out vec4 shown;
void main() {
  vec2 off = gl_PointCoord - 0.5;
  if (round > 0.5 && dot(off, off) > 0.25) discard;
  shown = vec4(colour, 1.0);
}`;

/** The first few pictures are timed; the best of them must leave room in a sixtieth of a second. */
const TRIALS = 3;
const ENOUGH = 8;

function webgl(canvas: HTMLCanvasElement): Painter | null {
  const gl = canvas.getContext("webgl2", {
    antialias: false,
    alpha: false,
    depth: false,
    stencil: false,
    powerPreference: "low-power",
  });
  if (!gl) return null;
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  gl.useProgram(program);
  const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  const places = {
    middle: uniform("middle"),
    factor: uniform("factor"),
    point: uniform("point"),
    round: uniform("round"),
    palette: uniform("palette"),
  };
  const positions = gl.createBuffer();
  const colours = gl.createBuffer();
  gl.enableVertexAttribArray(0);
  gl.bindBuffer(gl.ARRAY_BUFFER, positions);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  gl.enableVertexAttribArray(1);
  gl.bindBuffer(gl.ARRAY_BUFFER, colours);
  gl.vertexAttribPointer(1, 1, gl.UNSIGNED_BYTE, false, 0, 0);
  let scene: Scene = { xy: new Float32Array(), slots: new Uint8Array(), outside: 0 };
  let size: Size = { width: 1, height: 1 };
  let ratio = 1;
  const took: number[] = [];
  const pixel = new Uint8Array(4);
  return {
    kind: "webgl",
    get slow() {
      return took.length === TRIALS && Math.min(...took) > ENOUGH;
    },
    load(next) {
      scene = next;
      gl.bindBuffer(gl.ARRAY_BUFFER, positions);
      gl.bufferData(gl.ARRAY_BUFFER, scene.xy, gl.STATIC_DRAW);
      gl.bindBuffer(gl.ARRAY_BUFFER, colours);
      gl.bufferData(gl.ARRAY_BUFFER, scene.slots, gl.STATIC_DRAW);
    },
    resize(next, nextRatio) {
      size = next;
      ratio = nextRatio;
      canvas.width = Math.max(1, Math.round(size.width * ratio));
      canvas.height = Math.max(1, Math.round(size.height * ratio));
      gl.viewport(0, 0, canvas.width, canvas.height);
    },
    paint(camera, look) {
      const [red, green, blue] = rgbOf(look.background);
      gl.clearColor(red, green, blue, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      const point = look.point * ratio;
      gl.uniform2f(places.middle, camera.x, camera.y);
      gl.uniform2f(places.factor, (2 * camera.scale) / size.width, (-2 * camera.scale) / size.height);
      gl.uniform1f(places.point, point);
      gl.uniform1f(places.round, point > 3.5 ? 1 : 0);
      gl.uniform3fv(
        places.palette,
        look.palette.flatMap((colour) => rgbOf(colour)),
      );
      const first = look.hideOutside ? scene.outside : 0;
      const began = performance.now();
      gl.drawArrays(gl.POINTS, first, scene.slots.length - first);
      if (took.length < TRIALS && scene.slots.length > 0) {
        // Reading one pixel waits for all of them.
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
        took.push(performance.now() - began);
      }
    },
    close() {
      gl.deleteBuffer(positions);
      gl.deleteBuffer(colours);
      gl.deleteProgram(program);
    },
  };
}

/** Pixel by pixel: on a machine without a graphics card far faster than its imitation, for which each point is two triangles. */
function plain(canvas: HTMLCanvasElement): Painter | null {
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return null;
  let scene: Scene = { xy: new Float32Array(), slots: new Uint8Array(), outside: 0 };
  let size: Size = { width: 1, height: 1 };
  let ratio = 1;
  let image: ImageData | null = null;
  let pixels = new Uint32Array();
  return {
    kind: "canvas",
    slow: false,
    load(next) {
      scene = next;
    },
    resize(next, nextRatio) {
      size = next;
      ratio = nextRatio;
      canvas.width = Math.max(1, Math.round(size.width * ratio));
      canvas.height = Math.max(1, Math.round(size.height * ratio));
      image = context.createImageData(canvas.width, canvas.height);
      pixels = new Uint32Array(image.data.buffer);
    },
    paint(camera, look) {
      if (!image) return;
      pixels.fill(pixelOf(look.background));
      fillPoints(pixels, image.width, image.height, scene, {
        palette: new Uint32Array(look.palette.map(pixelOf)),
        first: look.hideOutside ? scene.outside : 0,
        side: Math.max(1, Math.round(look.point * ratio)),
        factor: camera.scale * ratio,
        x: (size.width / 2) * ratio - camera.x * camera.scale * ratio,
        y: (size.height / 2) * ratio - camera.y * camera.scale * ratio,
      });
      context.putImageData(image, 0, 0);
    },
    close() {},
  };
}

export interface Fill {
  /** By slot, as `pixelOf` makes them. */
  palette: Uint32Array;
  /** The points before this one are left out. */
  first: number;
  /** Pixels of a point's side. */
  side: number;
  factor: number;
  /** Where the map's origin lies. */
  x: number;
  y: number;
}

/** Discs of diameter `side`. */
export function fillPoints(pixels: Uint32Array, width: number, height: number, scene: Scene, fill: Fill): void {
  const { xy, slots } = scene;
  const { palette, first, side, factor } = fill;
  // Half a pixel more, so that cutting off the fraction rounds.
  const left = fill.x - side / 2 + 0.5;
  const top = fill.y - side / 2 + 0.5;
  const [lastX, lastY] = [width - side, height - side];
  const cuts = discCuts(side);
  for (let index = first; index < slots.length; index++) {
    const x = Math.floor(left + xy[index * 2]! * factor);
    const y = Math.floor(top + xy[index * 2 + 1]! * factor);
    if (x <= -side || y <= -side || x >= width || y >= height) continue;
    const colour = palette[slots[index]!]!;
    if (x < 0 || y < 0 || x > lastX || y > lastY || side > 2) {
      disc(pixels, width, height, x, y, cuts, colour);
      continue;
    }
    // What most points of a large map are.
    const at = y * width + x;
    pixels[at] = colour;
    if (side === 2) {
      pixels[at + 1] = colour;
      pixels[at + width] = colour;
      pixels[at + width + 1] = colour;
    }
  }
}

/** How much shorter each row of a disc is, at either end, than its diameter. */
function discCuts(side: number): Uint8Array {
  const radius = side / 2;
  return new Uint8Array(side).map((_, row) =>
    Math.round(radius - Math.sqrt(radius * radius - (row + 0.5 - radius) ** 2)),
  );
}

function disc(
  pixels: Uint32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  cuts: Uint8Array,
  colour: number,
): void {
  const side = cuts.length;
  for (let row = Math.max(0, -y); row < side && y + row < height; row++) {
    const cut = cuts[row]!;
    const start = (y + row) * width;
    const to = start + Math.min(width, x + side - cut);
    for (let at = start + Math.max(0, x + cut); at < to; at++) pixels[at] = colour;
  }
}

/** As it stands in memory: alpha, blue, green, red from the highest byte on. */
export function pixelOf(hex: string): number {
  const [red, green, blue] = rgbOf(hex).map((part) => Math.round(part * 255)) as [number, number, number];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** A colour as `#rrggbb`, however it is written: what builds the style sheet shortens `#ffffff` to `#fff`, others to names. */
export function longHex(colour: string, context: CanvasRenderingContext2D | null): string {
  if (!context) return colour;
  context.fillStyle = colour;
  return String(context.fillStyle);
}

function rgbOf(hex: string): [number, number, number] {
  const digits = hex.trim().slice(1);
  const value = parseInt(digits.length === 3 ? digits.replace(/./g, "$&$&") : digits, 16);
  return Number.isNaN(value) ? [0.5, 0.5, 0.5] : [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
