// What does a chart say in words? The label of a point, the one-sentence summary, marks and changes.
import { MINUS, bucketName, count, counted, interval, measured } from "../shared/format.ts";
import { MEASURES, type Measure, type Trend, type TrendSeries } from "../wire/index.ts";
import { valueAt } from "./points.ts";

/** "2.1, week of 11 May 2026: 27.1 %, 25.0 % to 29.3 %, n = 402" */
export function pointLabel(trend: Trend, series: number, point: number | null): string {
  const at = valueAt(trend, series, point);
  if (!at) return "";
  const { bucket, value } = at;
  const { label } = at.series;
  const where = bucket ? `${label}, ${bucketName(bucket.start, trend.bucket)}` : label;
  const range = interval(value.low, value.high, trend.measure);
  const n = MEASURES[trend.measure].interval ? `n = ${count(value.n)}` : null;
  const notes = [bucket?.unfinished ? "unfinished" : null, value.small && value.n > 0 ? "few" : null];
  return `${where}: ${[measured(value.value, trend.measure), range, n, ...notes].filter(Boolean).join(", ")}`;
}

/** One sentence for people who do not see the picture. */
export function summary(trend: Trend): string {
  const named = trend.series.filter((s) => s.kind !== "other");
  if (named.length === 0) return "No feedback in this selection.";
  const buckets = named[0]?.points.length ?? 0;
  const over = `${trend.title} over ${counted(buckets, trend.bucket)}, from ${counted(trend.rows.n, "row")}`;
  const parts = named.map((s) => `${s.label} ${measured(s.total.value, trend.measure)}${ending(s, trend.measure)}`);
  return `${over}: ${parts.join("; ")}.`;
}

function ending(series: TrendSeries, measure: Measure): string {
  const finished = series.points.filter((p) => !p.unfinished && p.value.value !== null);
  const first = finished[0]?.value.value ?? null;
  const last = finished.at(-1)?.value.value ?? null;
  if (finished.length < 2 || first === null || last === null) return "";
  return `, from ${measured(first, measure)} to ${measured(last, measure)}`;
}

/** The mark that goes with a colour, so that colour is never the only channel. */
export function seriesMark(series: Pick<TrendSeries, "slot">): string {
  return series.slot === null ? "–" : (["●", "▲", "■", "◆", "✚", "▼"][series.slot] ?? "●");
}

export function seriesColour(series: Pick<TrendSeries, "slot">): string {
  return series.slot === null ? "var(--other)" : `var(--c${(series.slot % 6) + 1})`;
}

/** The interval of a change in words: "1.2 to 3.0" points, "−0.011 to 0.003". */
export function changeInterval(low: number | null, high: number | null, unit: "points" | "plain"): string | null {
  if (low === null || high === null) return null;
  const text = (v: number) => {
    const t = unit === "points" ? (v * 100).toFixed(1) : v.toFixed(3);
    return t.startsWith("-") ? (Number(t) === 0 ? t.slice(1) : MINUS + t.slice(1)) : t;
  };
  return `${text(low)} to ${text(high)}`;
}
