// Which names have room? The largest first, each where it belongs or not at all: none lies over another.
import type { MapLabel } from "../../wire/index.ts";
import { toScreen, type Box, type Camera, type Size } from "./camera.ts";

export interface PlacedLabel {
  label: MapLabel;
  text: string;
  /** The middle of the text, in CSS pixels: where it belongs, or as near as the screen's edge lets it. */
  x: number;
  y: number;
  box: Box;
}

export interface LabelOptions {
  /** Width of a text in CSS pixels. */
  measure: (text: string, level: number) => number;
  /** How many times as large as the whole map it is shown. */
  zoom: number;
  most?: number;
}

/** Half of a name's height with its gap, in CSS pixels. */
const TALL = 10;
const GAP = 4;
const LONGEST = 30;

/** From this zoom on parts of themes are named as well. */
export const CLOSE = 2.5;

export function shortened(name: string): string {
  const letters = [...name];
  return letters.length <= LONGEST
    ? name
    : `${letters
        .slice(0, LONGEST - 1)
        .join("")
        .trimEnd()}…`;
}

export function placeLabels(
  labels: readonly MapLabel[],
  camera: Camera,
  size: Size,
  options: LabelOptions,
): PlacedLabel[] {
  const { measure, zoom, most = 40 } = options;
  const wanted = labels
    .filter((label) => label.feedback > 0 && (label.level === 0 || zoom >= CLOSE))
    .sort((a, b) => a.level - b.level || b.feedback - a.feedback || a.theme - b.theme || (a.name < b.name ? -1 : 1));
  const placed: PlacedLabel[] = [];
  for (const label of wanted) {
    if (placed.length >= most) break;
    const [wantedX, wantedY] = toScreen(camera, size, label.x, label.y);
    if (wantedX < 0 || wantedY < 0 || wantedX > size.width || wantedY > size.height) continue;
    const text = shortened(label.name);
    const half = measure(text, label.level) / 2 + GAP;
    const x = held(wantedX, half, size.width);
    const y = held(wantedY, TALL, size.height);
    const box = { left: x - half, right: x + half, top: y - TALL, bottom: y + TALL };
    if (placed.some((other) => overlap(other.box, box))) continue;
    placed.push({ label, text, x, y, box });
  }
  return placed;
}

/** What is `half` wide to both sides stays between 0 and `end`. */
function held(middle: number, half: number, end: number): number {
  return Math.max(half, Math.min(end - half, middle));
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
