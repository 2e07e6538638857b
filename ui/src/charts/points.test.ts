import { describe, expect, test } from "vitest";
import { play } from "../../fake/scenario.ts";
import * as host from "../host/index.ts";
import { emptyFilter } from "../shared/filter.ts";
import type { ChartPoint, TrendQuery } from "../wire/index.ts";
import { nearest, rangeOf, step, valueAt, withinSpan } from "./points.ts";

const at = (series: number, point: number | null, x: number, y: number, bar: ChartPoint["bar"] = null): ChartPoint => ({
  series,
  point,
  x,
  y,
  bar,
});

// Two lines over three buckets; the second has nothing in the middle.
const lines = [at(0, 0, 10, 50), at(0, 1, 20, 40), at(0, 2, 30, 30), at(1, 0, 10, 80), at(1, 2, 30, 20)];
const ranking = [
  at(0, null, 90, 10, { x: 0, y: 5, width: 90, height: 10 }),
  at(1, null, 50, 30, { x: 0, y: 25, width: 50, height: 10 }),
];

describe("arrows", () => {
  test("left and right stay on the line and stop at its ends", () => {
    expect(step(lines, 0, "ArrowRight")).toBe(1);
    expect(step(lines, 2, "ArrowRight")).toBe(2);
    expect(step(lines, 0, "ArrowLeft")).toBe(0);
  });

  test("a bucket without a value is stepped over", () => {
    expect(step(lines, 3, "ArrowRight")).toBe(4);
    expect(step(lines, 4, "ArrowLeft")).toBe(3);
  });

  test("up and down go by what is seen, not by the order of the series", () => {
    expect(step(lines, 0, "ArrowDown")).toBe(3);
    expect(step(lines, 2, "ArrowUp")).toBe(4);
    expect(step(lines, 1, "ArrowDown")).toBe(1);
  });

  test("home and end", () => {
    expect(step(lines, 1, "Home")).toBe(0);
    expect(step(lines, 0, "End")).toBe(2);
    expect(step(ranking, 0, "End")).toBe(1);
  });

  test("a ranking is walked up and down", () => {
    expect(step(ranking, 0, "ArrowDown")).toBe(1);
    expect(step(ranking, 1, "ArrowUp")).toBe(0);
    expect(step(ranking, 0, "ArrowRight")).toBe(0);
  });

  test("other keys mean nothing here", () => {
    expect(step(lines, 0, "a")).toBeNull();
    expect(step([], 0, "ArrowRight")).toBeNull();
  });
});

describe("the pointer", () => {
  test("the bucket counts before the line", () => {
    expect(nearest(lines, { x: 12, y: 20 })).toBe(0);
    expect(nearest(lines, { x: 12, y: 78 })).toBe(3);
    expect(nearest(lines, { x: 19, y: 80 })).toBe(1);
  });

  test("a bar is hit anywhere inside", () => {
    const stacked = [
      at(0, 0, 15, 20, { x: 10, y: 20, width: 10, height: 60 }),
      at(1, 0, 15, 10, { x: 10, y: 10, width: 10, height: 10 }),
    ];
    expect(nearest(stacked, { x: 11, y: 75 })).toBe(0);
    expect(nearest(stacked, { x: 19, y: 12 })).toBe(1);
    expect(nearest(ranking, { x: 80, y: 29 })).toBe(1);
  });

  test("without points there is none", () => {
    expect(nearest([], { x: 0, y: 0 })).toBeNull();
  });
});

test("a brush can be drawn either way", () => {
  expect(rangeOf(4, 2)).toEqual({ first: 2, last: 4 });
});

test("a point stands for its bucket, and no point for the whole series", async () => {
  play("sample");
  const query: TrendQuery = {
    filter: emptyFilter(),
    by: ["model_version"],
    measure: "negative_share",
    bucket: "week",
    maxSeries: 5,
    chosen: null,
  };
  const trend = await host.trend(query);
  const series = trend.series[1];
  expect(valueAt(trend, 1, 3)).toEqual({ series, bucket: series?.points[3], value: series?.points[3]?.value });
  expect(valueAt(trend, 1, null)).toEqual({ series, bucket: null, value: series?.total });
  expect(valueAt(trend, 9, null)).toBeNull();
});

test("a brush stays inside the span that was chosen", () => {
  const span = { ...emptyFilter(), from: "2026-01-07T00:00:00Z", to: "2026-01-21T00:00:00Z", text: "refund" };
  // The first and the last week of the chart reach over the ends of the span.
  expect(withinSpan(span, "2026-01-05T00:00:00Z", "2026-01-26T00:00:00Z")).toEqual(span);
  expect(withinSpan(span, "2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z")).toEqual({
    ...span,
    from: "2026-01-12T00:00:00Z",
    to: "2026-01-19T00:00:00Z",
  });
  expect(withinSpan(emptyFilter(), "2026-01-12T00:00:00Z", "2026-01-19T00:00:00Z").from).toBe("2026-01-12T00:00:00Z");
});
