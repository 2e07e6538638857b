// How do numbers, moments and names look on screen? The same everywhere, so here and nowhere else.
// Times are shown in UTC, as the engine's buckets are.
import {
  DIMENSIONS,
  MEASURES,
  type Bucket,
  type Dimension,
  type Direction,
  type FeedbackType,
  type Measure,
  type Similarity,
  type Step,
  type Unit,
} from "../wire/index.ts";

/** Narrow no-break space: between groups of digits and before a unit. */
export const THIN = "\u202f";
export const MINUS = "\u2212";
const NONE = "–";

/** 24 386 */
export function count(n: number | null | undefined): string {
  if (n === null || n === undefined || !Number.isFinite(n)) return NONE;
  const digits = Math.abs(Math.round(n)).toString();
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, THIN);
  return n < 0 && digits !== "0" ? MINUS + grouped : grouped;
}

/** `one(1, "row")` is "1 row", `one(2, "row")` is "2 rows". */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : plural}`;
}

/** 0.184 is "18.4 %" */
export function share(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  return `${signed((value * 100).toFixed(digits))}${THIN}%`;
}

/** A difference of shares in percentage points, with arrow and real minus: 0.038 is "▲ 3.8", -0.019 is "▼ 1.9". */
export function points(value: number | null | undefined, digits = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const text = Math.abs(value * 100).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value > 0 ? "▲" : "▼"} ${text}`;
}

/** A relative change: 0.08 is "▲ 8 %". */
export function relative(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const text = Math.abs(value * 100).toFixed(Math.abs(value) < 0.1 ? 1 : 0);
  if (Number(text) === 0) return `0${THIN}%`;
  return `${value > 0 ? "▲" : "▼"} ${text}${THIN}%`;
}

export function decimal(value: number | null | undefined, digits = 2): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  return signed(value.toFixed(digits));
}

/** A value of a measure with its unit: "18.4 %", "0.62", "1 204". */
export function measured(value: number | null | undefined, measure: Measure): string {
  const { style, decimals } = MEASURES[measure];
  return style === "count" ? count(value) : style === "percent" ? share(value, decimals) : decimal(value, decimals);
}

/** "12.1 % to 14.0 %" */
export function interval(low: number | null, high: number | null, measure: Measure): string | null {
  if (low === null || high === null) return null;
  return `${measured(low, measure)} to ${measured(high, measure)}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function parts(iso: string) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return null;
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    day: date.getUTCDate(),
    month: MONTHS[date.getUTCMonth()] ?? "",
    year: date.getUTCFullYear(),
    time: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    seconds: two(date.getUTCSeconds()),
  };
}

/** 20 May 2026, 09:14:03 */
export function moment(iso: string | null | undefined): string {
  const p = iso ? parts(iso) : null;
  return p ? `${p.day} ${p.month} ${p.year}, ${p.time}:${p.seconds}` : NONE;
}

/** 20 May 2026 */
export function day(iso: string | null | undefined): string {
  const p = iso ? parts(iso) : null;
  return p ? `${p.day} ${p.month} ${p.year}` : NONE;
}

/** 20 May */
export function dayShort(iso: string | null | undefined): string {
  const p = iso ? parts(iso) : null;
  return p ? `${p.day} ${p.month}` : NONE;
}

/** 09:14:03 */
export function time(iso: string | null | undefined): string {
  const p = iso ? parts(iso) : null;
  return p ? `${p.time}:${p.seconds}` : NONE;
}

/** A span whose end is excluded, as people say it: "5 Jan – 28 Jun 2026". */
export function span(from: string | null, to: string | null): string {
  if (from === null && to === null) return "All time";
  if (from === null) return `until ${lastDay(to as string)}`;
  if (to === null) return `since ${day(from)}`;
  const a = parts(from);
  const last = new Date(Date.parse(to) - 1).toISOString();
  const b = parts(last);
  if (!a || !b) return NONE;
  const wholeDays = from.includes("T00:00:00") && to.includes("T00:00:00");
  if (!wholeDays && a.day === b.day && a.month === b.month && a.year === b.year) {
    return `${a.day} ${a.month} ${a.year}, ${a.time} – ${parts(to)?.time ?? ""}`;
  }
  if (a.day === b.day && a.month === b.month && a.year === b.year) return `${a.day} ${a.month} ${a.year}`;
  const start =
    a.year === b.year ? (a.month === b.month ? `${a.day}` : `${a.day} ${a.month}`) : `${a.day} ${a.month} ${a.year}`;
  return `${start} – ${b.day} ${b.month} ${b.year}`;
}

function lastDay(to: string): string {
  const end = Date.parse(to);
  return Number.isFinite(end) ? day(new Date(end - 1).toISOString()) : NONE;
}

/** "week of 11 May 2026", "May 2026", "11 May 2026", "11 May 2026, 14:00" */
export function bucketName(start: string, bucket: Bucket): string {
  const p = parts(start);
  if (!p) return NONE;
  switch (bucket) {
    case "hour":
      return `${p.day} ${p.month} ${p.year}, ${p.time}`;
    case "day":
      return `${p.day} ${p.month} ${p.year}`;
    case "week":
      return `week of ${p.day} ${p.month} ${p.year}`;
    case "month":
      return `${p.month} ${p.year}`;
  }
}

/** 12.4 MB */
export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = n;
  let at = 0;
  while (value >= 1000 && at < units.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)}${THIN}${units[at] ?? ""}`;
}

/** Milliseconds as "840 ms", "1.4 s", "3 min 20 s". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
  if (ms < 1000) return `${Math.round(ms)}${THIN}ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)}${THIN}s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  if (minutes < 60) return rest === 0 ? `${minutes}${THIN}min` : `${minutes}${THIN}min ${rest}${THIN}s`;
  return `${Math.floor(minutes / 60)}${THIN}h ${minutes % 60}${THIN}min`;
}

/** "under a second left", "40 s left", "2 min left" */
export function timeLeft(seconds: number): string {
  if (seconds < 1) return "under a second left";
  if (seconds < 90) return `${Math.round(seconds)}${THIN}s left`;
  return `${Math.round(seconds / 60)}${THIN}min left`;
}

/** What a value is called where its dimension knows no name for it: the value itself. */
export function valueLabel(dimension: Dimension, value: string | null): string {
  const { none, values } = DIMENSIONS[dimension];
  return value === null ? none : (values[value] ?? value);
}

export const ALL_DIMENSIONS = Object.keys(DIMENSIONS) as Dimension[];

export function dimensionTitle(dimension: Dimension): string {
  return DIMENSIONS[dimension].title;
}

const TYPES: Record<FeedbackType, string> = {
  thumb: "Thumb",
  rating: "Rating",
  category: "Category",
  correction: "Correction",
  comment: "Comment",
  implicit: "Implicit signal",
  annotation: "Annotation",
  preference: "Preference",
};

export function typeTitle(type: FeedbackType): string {
  return TYPES[type];
}

export function measureTitle(measure: Measure): string {
  return MEASURES[measure].name;
}

export const ALL_MEASURES = Object.keys(MEASURES) as Measure[];

const DIRECTIONS: Record<Direction, string> = {
  worse: "worse",
  better: "better",
  unclear: "no clear change",
  neither: "",
};

export function directionTitle(direction: Direction): string {
  return DIRECTIONS[direction];
}

/** The class that colours a change: "bad", "good" or none. */
export function directionClass(direction: Direction): "bad" | "good" | "" {
  return direction === "worse" ? "bad" : direction === "better" ? "good" : "";
}

const SIMILARITIES: Record<Similarity, string> = {
  near_identical: "near identical",
  same_problem: "same problem",
  related: "related",
  distant: "distant",
};

export function similarityTitle(similarity: Similarity): string {
  return SIMILARITIES[similarity];
}

const STEPS: Record<Step, string> = {
  reading: "Reading",
  joining: "Joining",
  saving: "Saving",
  collecting_texts: "Collecting texts",
  loading_model: "Loading the model",
  embedding: "Embedding",
  finding_neighbours: "Finding neighbours",
  drawing_map: "Drawing the map",
  finding_themes: "Finding themes",
  naming_themes: "Naming themes",
  exporting: "Exporting",
  downloading: "Downloading",
  copying: "Copying",
};

export function stepTitle(step: Step): string {
  return STEPS[step];
}

/** "1 240 texts per second", "12.4 MB per second" */
export function rate(perSecond: number, unit: Unit): string {
  return unit === "bytes" ? `${bytes(perSecond)}/s` : `${count(perSecond)} ${unit}/s`;
}

function signed(text: string): string {
  if (!text.startsWith("-")) return text;
  return Number(text) === 0 ? text.slice(1) : MINUS + text.slice(1);
}
