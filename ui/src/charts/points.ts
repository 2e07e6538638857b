// Which point of a chart is meant, by the pointer or by the next arrow key, and which rows are behind it? Functions over a trend and the
// geometry that came with its picture.
import { withSpan } from "../shared/filter.ts";
import type { ChartPoint, Filter, Trend, TrendPoint, TrendSeries, Value } from "../wire/index.ts";

export type Place = { x: number; y: number };

/** The index into `points` of what is under or nearest to a place; `null` without points. */
export function nearest(points: ChartPoint[], at: Place): number | null {
  let best: number | null = null;
  let least = Infinity;
  points.forEach((point, index) => {
    const far = distance(point, at);
    if (far < least) {
      least = far;
      best = index;
    }
  });
  return best;
}

/** A bar is hit anywhere inside. Of lines, the bucket nearest in x counts first, then the line nearest in y. */
function distance(point: ChartPoint, at: Place): number {
  const { bar } = point;
  if (bar) {
    const dx = Math.max(bar.x - at.x, 0, at.x - bar.x - bar.width);
    const dy = Math.max(bar.y - at.y, 0, at.y - bar.y - bar.height);
    return point.point === null ? dy * 1e4 + dx : dx * 1e4 + dy;
  }
  return Math.abs(point.x - at.x) * 1e4 + Math.abs(point.y - at.y);
}

/** Where an arrow key leads from `from`; `from` itself at an edge, `null` where the key means nothing. */
export function step(points: ChartPoint[], from: number, key: string): number | null {
  const here = points[from];
  if (!here) return points.length > 0 ? 0 : null;
  const ranking = here.point === null;
  switch (key) {
    case "ArrowRight":
      return ranking ? from : along(points, from, 1);
    case "ArrowLeft":
      return ranking ? from : along(points, from, -1);
    case "ArrowUp":
      return across(points, from, -1, ranking);
    case "ArrowDown":
      return across(points, from, 1, ranking);
    case "Home":
      return edge(points, from, -1, ranking);
    case "End":
      return edge(points, from, 1, ranking);
    default:
      return null;
  }
}

/** Buckets can be missing where there is nothing to measure: the next that is there counts. */
function along(points: ChartPoint[], from: number, sign: 1 | -1): number {
  const here = points[from];
  let best = from;
  points.forEach((point, index) => {
    if (!here || point.series !== here.series || point.point === null || here.point === null) return;
    const ahead = (point.point - here.point) * sign;
    const bestAhead = ((points[best]?.point ?? 0) - here.point) * sign;
    if (ahead > 0 && (best === from || ahead < bestAhead)) best = index;
  });
  return best;
}

function across(points: ChartPoint[], from: number, sign: 1 | -1, ranking: boolean): number {
  const here = points[from];
  if (!here) return from;
  const column = points
    .map((point, index) => ({ point, index }))
    .filter(({ point }) => (ranking ? point.point === null : point.point === here.point))
    .sort((a, b) => a.point.y - b.point.y || a.point.series - b.point.series);
  const at = column.findIndex(({ index }) => index === from);
  return column[at + sign]?.index ?? from;
}

function edge(points: ChartPoint[], from: number, sign: 1 | -1, ranking: boolean): number {
  const go = ranking ? (i: number) => across(points, i, sign, true) : (i: number) => along(points, i, sign);
  let at = from;
  for (let next = go(at); next !== at; next = go(at)) at = next;
  return at;
}

export type Range = { first: number; last: number };

/** The buckets between two points, in order. */
export function rangeOf(a: number, b: number): Range {
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

/** A span inside the filter's own. */
export function withinSpan(filter: Filter, from: string, to: string): Filter {
  const later = filter.from !== null && Date.parse(filter.from) > Date.parse(from) ? filter.from : from;
  const earlier = filter.to !== null && Date.parse(filter.to) < Date.parse(to) ? filter.to : to;
  return withSpan(filter, later, earlier);
}

/** A series (`point` is `null`) or one of its buckets, with its value and the filter of its rows. */
export function valueAt(
  trend: Trend,
  series: number,
  point: number | null,
): { series: TrendSeries; bucket: TrendPoint | null; value: Value } | null {
  const one = trend.series[series];
  if (!one) return null;
  const bucket = point === null ? null : (one.points[point] ?? null);
  return { series: one, bucket, value: bucket?.value ?? one.total };
}

/** What a chart hands on of a point that somebody chose: the filter is the one that the engine made for its rows. */
export type Picked = { series: number; point: number | null; filter: Filter };
