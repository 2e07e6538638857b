// How do a hundred thousand points reach the screen sixty times a second? As one call to the graphics card; without one, as
// small squares, and only some of them while the map moves.
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
  moving: boolean;
}

export interface Painter {
  readonly kind: "webgl" | "canvas";
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

function webgl(canvas: HTMLCanvasElement): Painter | null {
  const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, depth: false, stencil: false, powerPreference: "low-power" });
  if (!gl) return null;
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
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
  const places = { middle: uniform("middle"), factor: uniform("factor"), point: uniform("point"), round: uniform("round"), palette: uniform("palette") };
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
  return {
    kind: "webgl",
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
      gl.uniform3fv(places.palette, look.palette.flatMap((colour) => rgbOf(colour)));
      const first = look.hideOutside ? scene.outside : 0;
      gl.drawArrays(gl.POINTS, first, scene.slots.length - first);
    },
    close() {
      gl.deleteBuffer(positions);
      gl.deleteBuffer(colours);
      gl.deleteProgram(program);
    },
  };
}

function plain(canvas: HTMLCanvasElement): Painter | null {
  const MOST_MOVING = 20_000;
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return null;
  let scene: Scene = { xy: new Float32Array(), slots: new Uint8Array(), outside: 0 };
  let size: Size = { width: 1, height: 1 };
  let ratio = 1;
  return {
    kind: "canvas",
    load(next) {
      scene = next;
    },
    resize(next, nextRatio) {
      size = next;
      ratio = nextRatio;
      canvas.width = Math.max(1, Math.round(size.width * ratio));
      canvas.height = Math.max(1, Math.round(size.height * ratio));
    },
    paint(camera, look) {
      context.fillStyle = look.background;
      context.fillRect(0, 0, canvas.width, canvas.height);
      const side = Math.max(1, look.point * ratio);
      const n = scene.slots.length;
      const step = look.moving ? Math.max(1, Math.ceil(n / MOST_MOVING)) : 1;
      const factor = camera.scale * ratio;
      const left = (size.width / 2) * ratio - side / 2;
      const top = (size.height / 2) * ratio - side / 2;
      let slot = -1;
      for (let index = look.hideOutside ? scene.outside : 0; index < n; index += step) {
        const x = left + ((scene.xy[index * 2] ?? 0) - camera.x) * factor;
        const y = top + ((scene.xy[index * 2 + 1] ?? 0) - camera.y) * factor;
        if (x < -side || y < -side || x > canvas.width || y > canvas.height) continue;
        if (scene.slots[index] !== slot) {
          slot = scene.slots[index] ?? OUTSIDE;
          context.fillStyle = look.palette[slot] ?? look.background;
        }
        context.fillRect(x, y, side, side);
      }
    },
    close() {},
  };
}

function rgbOf(hex: string): [number, number, number] {
  const value = parseInt(hex.trim().slice(1), 16);
  return Number.isNaN(value) ? [0.5, 0.5, 0.5] : [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
