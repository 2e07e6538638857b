// Which points did a hand draw around? Geometry in the map's own units, so that it holds while the map moves.
import type { Box } from "./camera.ts";

/** Corners as x, y, x, y …; the last is joined with the first. */
export type Outline = number[];

export function boxOf(outline: Outline): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i + 1 < outline.length; i += 2) {
    const x = outline[i] ?? 0;
    const y = outline[i + 1] ?? 0;
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y);
  }
  return box;
}

/** Even-odd rule: what the line goes around twice is outside. */
export function isInside(outline: Outline, x: number, y: number): boolean {
  let inside = false;
  const length = outline.length;
  for (let i = 0, j = length - 2; i < length; j = i, i += 2) {
    const xi = outline[i] ?? 0;
    const yi = outline[i + 1] ?? 0;
    const xj = outline[j] ?? 0;
    const yj = outline[j + 1] ?? 0;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Places of the points within, among those that `counts` lets through. */
export function within(xy: Float32Array, outline: Outline, counts: (index: number) => boolean): number[] {
  if (outline.length < 6) return [];
  const box = boxOf(outline);
  const found: number[] = [];
  for (let index = 0; index * 2 < xy.length; index++) {
    const x = xy[index * 2] ?? 0;
    const y = xy[index * 2 + 1] ?? 0;
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;
    if (counts(index) && isInside(outline, x, y)) found.push(index);
  }
  return found;
}

export function rectangle(box: Box): Outline {
  return [box.left, box.top, box.right, box.top, box.right, box.bottom, box.left, box.bottom];
}

/** Adds a corner where the hand has moved far enough. */
export function drawn(outline: Outline, x: number, y: number, least: number): Outline {
  const dx = x - (outline.at(-2) ?? Infinity);
  const dy = y - (outline.at(-1) ?? Infinity);
  return dx * dx + dy * dy < least * least ? outline : [...outline, x, y];
}
