import { expect, test } from "vitest";
import type { MapLabel, MapLegend } from "../../wire/index.ts";
import { extent, fit, panned, toMap, toScreen, zoomed } from "./camera.ts";
import { OTHER, OUTSIDE, slots, themeSlots } from "./colours.ts";
import { NONE, decodeMap, type MapData } from "./decode.ts";
import { CLOSE, overlap, placeLabels, shortened } from "./labels.ts";
import { drawn, isInside, rectangle, within } from "./lasso.ts";
import { Nearby } from "./nearby.ts";
import { fillPoints, pixelOf, sceneOf } from "./painter.ts";

const size = { width: 800, height: 600 };
const camera = { x: 0, y: 0, scale: 10 };
const label = (theme: number, x: number, y: number, feedback: number, level = 0): MapLabel => ({
  level,
  theme,
  name: `theme ${theme}`,
  x,
  y,
  texts: feedback,
  feedback,
  rows: null,
});
const measure = (text: string): number => text.length * 7;

function legend(labels: MapLabel[], points: number): MapLegend {
  return {
    map: null,
    points,
    themes: labels.map(({ theme, name, feedback }) => ({ id: theme, name, feedback })),
    versions: [],
    labels,
  };
}

test("names never lie over one another, and the largest stay", () => {
  const labels = Array.from({ length: 60 }, (_, index) =>
    label(index, (index % 10) * 3 - 15, Math.floor(index / 10) * 0.9 - 3, 100 - index),
  );
  const placed = placeLabels(labels, camera, size, { measure, zoom: 1 });
  expect(placed.length).toBeGreaterThan(5);
  expect(placed.length).toBeLessThan(60);
  expect(placed[0]?.label.theme).toBe(0);
  placed.forEach((one, index) =>
    placed.slice(index + 1).forEach((other) => expect(overlap(one.box, other.box)).toBe(false)),
  );
  // Whoever was left out is smaller than somebody in the way.
  for (const left of labels.filter((one) => !placed.some((other) => other.label === one))) {
    const [x, y] = toScreen(camera, size, left.x, left.y);
    const half = measure(left.name) / 2 + 4;
    const box = { left: x - half, right: x + half, top: y - 10, bottom: y + 10 };
    expect(placed.some((one) => overlap(one.box, box) && one.label.feedback > left.feedback)).toBe(true);
  }
  expect(placeLabels(labels, camera, size, { measure, zoom: 1, most: 3 })).toHaveLength(3);
});

test("names off the screen or without feedback have no room, parts of themes only from close by", () => {
  const labels = [label(1, 0, 0, 5), label(2, 1000, 0, 9), label(3, 0, 10, 0), label(1, 0, -10, 3, 1)];
  const named = (zoom: number): number[] =>
    placeLabels(labels, camera, size, { measure, zoom }).map((one) => one.label.level);
  expect(named(1)).toEqual([0]);
  expect(named(CLOSE)).toEqual([0, 1]);
  expect(shortened("a".repeat(40))).toHaveLength(30);
});

test("a name at the edge is pushed onto the screen", () => {
  const [left, corner] = placeLabels([label(1, -39.5, 0, 5), label(2, 39, 29.9, 4)], camera, size, {
    measure,
    zoom: 1,
  });
  expect(left?.box.left).toBe(0);
  expect([corner?.box.right, corner?.box.bottom]).toEqual([size.width, size.height]);
});

test("a theme keeps its colour whatever the filter", () => {
  const labels = Array.from({ length: 20 }, (_, index) =>
    label(index, (index * 7) % 11, (index * 5) % 13, 100 - index),
  );
  const filtered = labels
    .map((one, index) => ({ ...one, feedback: (index * 37) % 20 }))
    .sort((a, b) => b.feedback - a.feedback);
  const colours = (some: MapLabel[]): Map<number, number> =>
    new Map(themeSlots(legend(some, 0)).map((slot, index) => [some[index]?.theme ?? -1, slot]));
  const before = colours(labels);
  for (const [theme, slot] of colours(filtered)) expect(slot).toBe(before.get(theme));
});

test("a lasso holds what lies within, dents and crossings included", () => {
  // A C, open to the right.
  const c = [0, 0, 10, 0, 10, 3, 3, 3, 3, 7, 10, 7, 10, 10, 0, 10];
  expect(isInside(c, 1, 5)).toBe(true);
  expect(isInside(c, 8, 5)).toBe(false);
  expect(isInside(c, 8, 1)).toBe(true);
  expect(isInside(c, -1, 5)).toBe(false);
  // Gone around twice: an eight, whose halves are both inside.
  const eight = [0, 0, 10, 10, 10, 0, 0, 10];
  expect(isInside(eight, 1, 5)).toBe(true);
  expect(isInside(eight, 5, 1)).toBe(false);
  const xy = new Float32Array([1, 5, 8, 5, 8, 1, 20, 20]);
  expect(within(xy, c, () => true)).toEqual([0, 2]);
  expect(within(xy, c, (index) => index !== 0)).toEqual([2]);
  expect(within(xy, [0, 0, 1, 1], () => true)).toEqual([]);
  expect(within(xy, rectangle({ left: 0, top: 0, right: 9, bottom: 6 }), () => true)).toEqual([0, 1, 2]);
});

test("a hand that trembles draws no corners", () => {
  let outline = drawn([], 0, 0, 2);
  outline = drawn(outline, 0.5, 0.5, 2);
  outline = drawn(outline, 3, 0, 2);
  expect(outline).toEqual([0, 0, 3, 0]);
});

test("what is under the pointer stays there while zooming, and screen and map agree", () => {
  const home = fit({ left: -10, right: 10, top: -5, bottom: 5 }, size);
  const [x, y] = toMap(home, size, 700, 100);
  const near = zoomed(home, size, 3, 700, 100, home);
  expect(near.scale).toBeCloseTo(home.scale * 3);
  toScreen(near, size, x, y).forEach((value, index) => expect(value).toBeCloseTo([700, 100][index] ?? 0));
  expect(toScreen(panned(home, 30, -20), size, home.x, home.y)).toEqual([430, 280]);
  expect(zoomed(home, size, 1e9, 0, 0, home).scale).toBeCloseTo(home.scale * 200);
  expect(fit(null, size)).toEqual({ x: 0, y: 0, scale: 1 });
});

test("a few points far away do not make all others small", () => {
  const xy = new Float32Array(2000).map((_, index) => (index < 4 ? 1e6 : (index % 100) / 10));
  expect(extent(xy)?.right).toBeLessThan(11);
  expect(extent(new Float32Array())).toBeNull();
});

test("the grid finds the point that looking at all finds", () => {
  const xy = new Float32Array(4000).map((_, index) => Math.sin(index * 12.9898) * 10);
  const nearby = new Nearby(xy, { left: -8, right: 8, top: -8, bottom: 8 });
  for (let step = 0; step < 50; step++) {
    const [x, y] = [Math.sin(step) * 11, Math.cos(step * 2) * 11];
    let best = -1;
    let gap = 1;
    for (let index = 0; index < 2000; index++) {
      if (index % 3 === 0) continue;
      const away = ((xy[index * 2] ?? 0) - x) ** 2 + ((xy[index * 2 + 1] ?? 0) - y) ** 2;
      if (away <= gap) [best, gap] = [index, away];
    }
    expect(nearby.at(x, y, 1, (index) => index % 3 !== 0)).toBe(best);
  }
});

test("neighbouring themes have different colours, and colours go with the selection", () => {
  const labels = Array.from({ length: 12 }, (_, index) => label(index, index, 0, 100 - index));
  const ones = themeSlots(legend(labels, 0));
  expect(Math.min(...ones)).toBeGreaterThan(OUTSIDE);
  expect(Math.max(...ones)).toBeLessThan(OTHER);
  ones.slice(1).forEach((slot, index) => expect(slot).not.toBe(ones[index]));
  const data: MapData = {
    legend: legend(labels, 3),
    xy: new Float32Array([1, 1, 2, 2, 3, 3]),
    ids: new Uint32Array([0, 1, 2]),
    feedback: new Uint32Array([2, 0, 1]),
    themes: new Uint16Array([4, 4, NONE]),
    versions: new Uint16Array([0, NONE, 9]),
    polarities: new Uint8Array([1, 0, 3]),
  };
  expect([...slots(data, "theme")]).toEqual([ones[4], OUTSIDE, OTHER]);
  expect([...slots(data, "version")]).toEqual([1, OUTSIDE, OTHER]);
  expect([...slots(data, "polarity")]).toEqual([6, OUTSIDE, 1]);
  const scene = sceneOf(data.xy, slots(data, "theme"));
  expect([scene.outside, ...scene.slots]).toEqual([1, OUTSIDE, ones[4], OTHER]);
  expect([...scene.xy]).toEqual([2, 2, 1, 1, 3, 3]);
});

test("half a map is refused", () => {
  const json = new TextEncoder().encode(JSON.stringify(legend([], 2)).padEnd(80));
  const bytes = new Uint8Array(4 + json.length + 42);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  expect(decodeMap(bytes.buffer).xy).toHaveLength(4);
  expect(() => decodeMap(bytes.buffer.slice(0, -1))).toThrow("in part");
});

test("points become pixels where they lie, and none outside of the picture", () => {
  const palette = new Uint32Array([pixelOf("#111213"), pixelOf("#ff8000")]);
  expect(palette[1]).toBe(0xff0080ff);
  const picture = (xy: number[], slots: number[], side: number, first = 0): string[] => {
    const pixels = new Uint32Array(25);
    fillPoints(
      pixels,
      5,
      5,
      { xy: new Float32Array(xy), slots: new Uint8Array(slots), outside: 0 },
      { palette, first, side, factor: 1, x: 0, y: 0 },
    );
    return Array.from({ length: 5 }, (_, row) =>
      [...pixels.subarray(row * 5, row * 5 + 5)]
        .map((pixel) => (pixel === 0 ? "." : pixel === palette[1] ? "o" : "x"))
        .join(""),
    );
  };
  expect(picture([2, 1], [1], 2)).toEqual([".oo..", ".oo..", ".....", ".....", "....."]);
  expect(picture([0, 0, 5, 5], [1, 1], 2)).toEqual(["o....", ".....", ".....", ".....", "....o"]);
  expect(picture([2, 2], [1], 4)).toEqual([".oo..", "oooo.", "oooo.", ".oo..", "....."]);
  expect(picture([2.5, 2.5], [1], 5)).toEqual([".ooo.", "ooooo", "ooooo", "ooooo", ".ooo."]);
  // The later one lies above; the first ones can be left out; far away is no wrap around.
  expect(picture([2, 2, 2, 2], [0, 1], 1)[2]).toBe("..o..");
  expect(picture([2, 2, 4, 4], [0, 1], 1, 1)).toEqual([".....", ".....", ".....", ".....", "....o"]);
  expect(picture([-3, 2, 8, 2, 2, 90], [1, 1, 1], 3)).toEqual([".....", ".....", ".....", ".....", "....."]);
});

test("a colour is the same however short it is written", () => {
  expect(pixelOf("#fff")).toBe(pixelOf("#ffffff"));
  expect(pixelOf("#1a0")).toBe(pixelOf("#11aa00"));
});
