import { expect, test } from "vitest";
import { asDays, customSpan, presets } from "./spans.ts";

const info = { first: "2026-01-05T06:12:00Z", last: "2026-06-28T21:40:00Z" };

test("presets end with the last day of the data", () => {
  const week = presets(info).find((p) => p.title === "Last 7 days");
  expect(week).toEqual({ title: "Last 7 days", from: "2026-06-22T00:00:00Z", to: "2026-06-29T00:00:00Z" });
  const month = presets(info).find((p) => p.title === "The month before");
  expect(month).toMatchObject({ from: "2026-05-01T00:00:00Z", to: "2026-06-01T00:00:00Z" });
});

test("without data there is only all time", () => {
  expect(presets(null)).toEqual([{ title: "All time", from: null, to: null }]);
});

test("two days include both", () => {
  expect(customSpan("2026-05-11", "2026-05-11")).toEqual({ from: "2026-05-11T00:00:00Z", to: "2026-05-12T00:00:00Z" });
  expect(customSpan("", "2026-05-11")).toEqual({ from: null, to: "2026-05-12T00:00:00Z" });
  expect(asDays("2026-05-11T00:00:00Z", "2026-05-12T00:00:00Z")).toEqual({ first: "2026-05-11", last: "2026-05-11" });
});
