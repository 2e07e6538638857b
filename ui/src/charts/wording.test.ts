import { describe, expect, test } from "vitest";
import { makeTrend } from "../../fake/trends.ts";
import { emptyFilter, withCondition } from "../shared/filter.ts";
import { THIN } from "../shared/format.ts";
import type { TrendQuery } from "../wire/index.ts";
import {
  changeInterval,
  chartTitle,
  chartUnit,
  pointFilter,
  pointLabel,
  seriesColour,
  seriesFilter,
  seriesMark,
  summary,
} from "./wording.ts";

const query = (by: TrendQuery["by"], measure: TrendQuery["measure"] = "negative_share"): TrendQuery => ({
  filter: emptyFilter(),
  by,
  measure,
  bucket: "week",
  maxSeries: 5,
  chosen: null,
});

test("a title is a sentence with its unit", () => {
  expect(chartTitle("negative_share", ["model_version", "environment"])).toBe(
    "Negative share by model version and environment",
  );
  expect(chartUnit("negative_share", "week")).toBe("percent of feedback per week, 95 % interval");
  expect(chartUnit("volume", "day", true)).toBe("number of feedback");
});

test("a point says series, bucket, value, interval and n", () => {
  const trend = makeTrend(query(["model_version"]));
  const point = trend.series[0]?.points[0];
  const label = pointLabel(trend, 0, 0).replaceAll(THIN, " ");
  expect(label).toMatch(/^2\.1, week of 5 Jan 2026: \d+\.\d %, \d+\.\d % to \d+\.\d %, n = \d+$/);
  expect(label).toContain(`n = ${point?.value.sums.n}`);
});

test("the summary names every series once and ends as a sentence", () => {
  const trend = makeTrend(query(["environment"]));
  const text = summary(trend);
  for (const name of ["production", "staging", "dev"]) expect(text.split(name)).toHaveLength(2);
  expect(text.endsWith(".")).toBe(true);
  expect(summary({ ...trend, series: [] })).toBe("No feedback in this selection.");
});

describe("what is behind a point", () => {
  test("its series and its bucket", () => {
    const trend = makeTrend(query(["model_version"]));
    const point = trend.series[1]?.points[3];
    const filter = pointFilter(emptyFilter(), trend, 1, 3);
    expect(filter).toMatchObject({
      from: point?.start,
      to: point?.end,
      conditions: [{ dimension: "model_version", values: ["2.0"], exclude: false }],
    });
  });

  test("a bucket at the edge does not widen the span", () => {
    const trend = makeTrend(query(["model_version"]));
    const narrow = { ...emptyFilter(), from: "2026-01-07T00:00:00Z", to: "2026-01-09T00:00:00Z" };
    expect(pointFilter(narrow, trend, 0, 0)).toMatchObject({ from: narrow.from, to: narrow.to });
  });

  test("Other is everything but the named", () => {
    const trend = makeTrend(query(["feedback_type"]));
    const other = trend.series.findIndex((s) => s.kind === "other");
    const condition = seriesFilter(emptyFilter(), trend, other).conditions[0];
    expect(condition?.exclude).toBe(true);
    expect(condition?.values).toEqual(["thumb", "category", "comment", "implicit", "correction"]);
  });

  test("all feedback adds nothing, and 'none' is a value", () => {
    expect(seriesFilter(emptyFilter(), makeTrend(query([])), 0)).toEqual(emptyFilter());
    const roles = makeTrend(query(["user_role"]));
    const none = roles.series.findIndex((s) => s.key[0] === null);
    expect(seriesFilter(withCondition(emptyFilter(), "tag", ["x"]), roles, none).conditions).toHaveLength(2);
    expect(seriesFilter(emptyFilter(), roles, none).conditions[0]?.values).toEqual([null]);
  });
});

test("colour never comes alone", () => {
  const marks = [0, 1, 2, 3, 4, 5].map((slot) => seriesMark({ slot }));
  expect(new Set([...marks, seriesMark({ slot: null })]).size).toBe(7);
  expect(seriesColour({ slot: 5 })).toBe("var(--c6)");
  expect(seriesColour({ slot: null })).toBe("var(--other)");
});

test("the interval of a change has real minus signs and no minus zero", () => {
  expect(changeInterval(0.012, 0.03, "points")).toBe("1.2 to 3.0");
  expect(changeInterval(-0.011, 0.003, "plain")).toBe("−0.011 to 0.003");
  expect(changeInterval(-0.0001, 0.03, "points")).toBe("0.0 to 3.0");
  expect(changeInterval(null, 0.1, "points")).toBeNull();
});
