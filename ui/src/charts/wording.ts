// What does a chart say in words? Titles, units, the label of a point, the one-sentence summary, and the filter behind a point.
import { withCondition, withSpan } from "../shared/filter.ts";
import { MINUS, bucketName, count, counted, dimensionTitle, interval, measured } from "../shared/format.ts";
import type { Bucket, Dimension, Filter, Measure, Trend, TrendSeries } from "../wire/index.ts";

const SUBJECT: Record<Measure, string> = {
  volume: "Feedback",
  negative_share: "Negative share",
  mean_score: "Mean score",
};

/** "Negative share by model version and environment" */
export function chartTitle(measure: Measure, by: Dimension[]): string {
  const split = by.map(dimensionTitle).join(" and ");
  return split ? `${SUBJECT[measure]} by ${split}` : SUBJECT[measure];
}

/** "percent of feedback per week, 95 % interval" */
export function chartUnit(measure: Measure, bucket: Bucket | null, ranking = false): string {
  const per = ranking || bucket === null ? "" : ` per ${bucket}`;
  if (measure === "volume") return `number of feedback${per}`;
  if (measure === "negative_share") return `percent of feedback${per}, 95 % interval`;
  return `0 bad to 1 good${per}, 95 % interval`;
}

/** "2.1, week of 11 May 2026: 27.1 %, 25.0 % to 29.3 %, n = 402" */
export function pointLabel(trend: Trend, series: number, point: number | null): string {
  const one = trend.series[series];
  if (!one) return "";
  const bucket = point === null ? null : one.points[point];
  const value = bucket ? bucket.value : one.total;
  const where = bucket ? `${one.label}, ${bucketName(bucket.start, trend.bucket)}` : one.label;
  const range = interval(value.low, value.high, trend.measure);
  const n = trend.measure === "volume" ? null : `n = ${count(value.sums.n)}`;
  const notes = [bucket?.unfinished ? "unfinished" : null, value.small ? "few" : null];
  return `${where}: ${[measured(value.value, trend.measure), range, n, ...notes].filter(Boolean).join(", ")}`;
}

/** One sentence for people who do not see the picture. */
export function summary(trend: Trend): string {
  const named = trend.series.filter((s) => s.kind !== "other");
  if (named.length === 0) return "No feedback in this selection.";
  const subject = chartTitle(trend.measure, trend.by);
  const buckets = named[0]?.points.length ?? 0;
  const over = `${subject} over ${counted(buckets, trend.bucket)}, from ${counted(trend.n, "row")}`;
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

/** The rows behind a series: its values on every dimension of the split; *Other* is all but the named ones. */
export function seriesFilter(filter: Filter, trend: Trend, series: number): Filter {
  const one = trend.series[series];
  if (!one || one.kind === "all") return filter;
  if (one.kind === "other") {
    const [dimension, second] = trend.by;
    if (!dimension || second) return filter;
    const named = trend.series.filter((s) => s.kind === "value").map((s) => s.key[0] ?? null);
    return withCondition(filter, dimension, named, { exclude: true });
  }
  return trend.by.reduce((next, dimension, i) => withCondition(next, dimension, [one.key[i] ?? null]), filter);
}

/** The rows behind a point: those of its series within its bucket, cut to the span that was asked for. */
export function pointFilter(filter: Filter, trend: Trend, series: number, point: number | null): Filter {
  const next = seriesFilter(filter, trend, series);
  const bucket = point === null ? undefined : trend.series[series]?.points[point];
  return bucket ? withinSpan(next, bucket.start, bucket.end) : next;
}

/** A span inside the filter's own. */
export function withinSpan(filter: Filter, from: string, to: string): Filter {
  const later = filter.from !== null && Date.parse(filter.from) > Date.parse(from) ? filter.from : from;
  const earlier = filter.to !== null && Date.parse(filter.to) < Date.parse(to) ? filter.to : to;
  return withSpan(filter, later, earlier);
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
