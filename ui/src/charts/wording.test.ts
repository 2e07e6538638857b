import { beforeEach, expect, test } from "vitest";
import { play } from "../../fake/scenario.ts";
import * as host from "../host/index.ts";
import { emptyFilter } from "../shared/filter.ts";
import { THIN } from "../shared/format.ts";
import type { TrendQuery } from "../wire/index.ts";
import { changeInterval, pointLabel, seriesColour, seriesMark, summary } from "./wording.ts";

const query = (by: TrendQuery["by"], measure: TrendQuery["measure"] = "negative_share"): TrendQuery => ({
  filter: emptyFilter(),
  by,
  measure,
  bucket: "week",
  maxSeries: 5,
  chosen: null,
});

beforeEach(() => play("sample"));

test("a point says series, bucket, value, interval and n", async () => {
  const trend = await host.trend(query(["model_version"]));
  const at = trend.series.findIndex((one) => one.label === "assistant-1.8");
  const point = trend.series[at]?.points[0];
  const label = pointLabel(trend, at, 0).replaceAll(THIN, " ");
  expect(label).toMatch(/^assistant-1\.8, week of 5 Jan 2026: \d+\.\d %, \d+\.\d % to \d+\.\d %, n = \d+$/);
  expect(label).toContain(`n = ${point?.value.n}`);
  // A bucket without feedback has a place in the table, and nothing to say.
  const empty = trend.series.findIndex((one) => one.points[0]?.value.n === 0);
  expect(pointLabel(trend, empty, 0)).toMatch(/: –, n = 0$/);
});

test("the summary names every series once and ends as a sentence", async () => {
  const trend = await host.trend(query(["environment"]));
  const text = summary(trend);
  for (const name of ["production", "staging", "dev"]) expect(text.split(name)).toHaveLength(2);
  expect(text.endsWith(".")).toBe(true);
  expect(summary({ ...trend, series: [] })).toBe("No feedback in this selection.");
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
