// Invented trends: volumes and shares that depend only on what is asked, with a regression of version 2.1 in production.
import { DIMENSIONS, MEASURES } from "../src/wire/index.ts";
import type {
  Aggregate,
  Bucket,
  ChartRequest,
  Dimension,
  FeedbackPage,
  FeedbackQuery,
  FeedbackRow,
  Filter,
  FilterValue,
  Headline,
  Overview,
  Trend,
  TrendPoint,
  TrendQuery,
  TrendSeries,
  Value,
} from "../src/wire/index.ts";
import { emptyFilter } from "../src/shared/filter.ts";
import { draw } from "./draw.ts";
import { numbers, scenario, type Handlers } from "./scenario.ts";

const DAY = 86_400_000;
const FIRST = Date.parse("2026-01-05T00:00:00Z");
const LAST = Date.parse("2026-06-28T21:40:00Z");

const WORDS: Partial<Record<Dimension, Array<[string | null, number, number]>>> = {
  model_version: [
    ["2.1", 0.34, 0.21],
    ["2.0", 0.3, 0.14],
    ["1.8", 0.24, 0.13],
    ["1.7", 0.12, 0.15],
  ],
  feedback_type: [
    ["thumb", 0.4, 0.18],
    ["category", 0.2, 0.6],
    ["comment", 0.15, 0.4],
    ["implicit", 0.12, 0.5],
    ["correction", 0.05, 0.9],
    ["rating", 0.04, 0.2],
    ["annotation", 0.03, 0.8],
    ["preference", 0.01, 0.5],
  ],
  environment: [
    ["production", 0.8, 0.17],
    ["staging", 0.15, 0.21],
    ["dev", 0.05, 0.26],
  ],
  user_role: [
    ["free", 0.5, 0.16],
    ["pro", 0.3, 0.18],
    ["enterprise", 0.15, 0.24],
    [null, 0.05, 0.2],
  ],
  polarity: [
    ["negative", 0.184, 1],
    ["neutral", 0.216, 0],
    ["positive", 0.6, 0],
  ],
  prompt_version: [
    ["v3", 0.5, 0.2],
    ["v2", 0.4, 0.15],
    ["v1", 0.1, 0.14],
  ],
  reason: [
    ["factually incorrect", 0.3, 0.9],
    ["too vague", 0.2, 0.8],
    ["wrong tone", 0.1, 0.8],
    ["too long", 0.1, 0.6],
    [null, 0.3, 0.1],
  ],
  theme: [
    ["1", 0.19, 0.91],
    ["2", 0.14, 0.77],
    ["3", 0.138, 0.22],
    ["4", 0.122, 0.64],
    [null, 0.1, 0.35],
  ],
  source: [
    ["1", 0.7, 0.2],
    ["2", 0.2, 0.2],
    ["3", 0.1, 0.2],
  ],
};
const THEMES: Record<string, string> = {
  "1": "Refund window stated wrongly",
  "2": "Booking confirmed for the wrong day",
  "3": "Answer too long before the point",
  "4": "Phone number missing or wrong",
};
const SOURCES: Record<string, string> = {
  "1": "langfuse-scores.json",
  "2": "widget-events-2026-h1.jsonl",
  "3": "reviewers.csv",
};
const LONG = " in the accounts of enterprise customers with a very long name";

function label(dimension: Dimension, value: string | null): string {
  const base =
    value === null
      ? DIMENSIONS[dimension].none
      : dimension === "theme"
        ? (THEMES[value] ?? value)
        : dimension === "source"
          ? (SOURCES[value] ?? value)
          : value;
  return scenario() === "long" ? base + LONG : base;
}

function length(bucket: Bucket): number {
  return bucket === "hour" ? 3_600_000 : bucket === "day" ? DAY : bucket === "week" ? 7 * DAY : 30.4 * DAY;
}

function wilson(negative: number, n: number): [number, number] {
  const z = 1.96;
  const p = negative / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function value(measure: TrendQuery["measure"], n: number, negative: number, filter = emptyFilter()): Value {
  const rows = { n, filter };
  const sums: Aggregate = {
    n,
    negative,
    positive: Math.round((n - negative) * 0.7),
    unknown: 0,
    scored: Math.round(n * 0.6),
    meanScore: n > 0 ? 0.92 - (negative / n) * 0.8 : null,
  };
  if (measure === "volume") return { sums, n, value: n, low: null, high: null, small: false, rows };
  if (n === 0) return { sums, n, value: null, low: null, high: null, small: true, rows };
  const [low, high] = wilson(negative, n);
  if (measure === "negative_share") return { sums, n, value: negative / n, low, high, small: n < 30, rows };
  const mean = sums.meanScore ?? 0;
  const half = 0.6 / Math.sqrt(n);
  return { sums, n, value: mean, low: mean - half, high: mean + half, small: n < 30, rows };
}

function only(filter: Filter, dimension: Dimension, value: string | null): Filter {
  const others = filter.conditions.filter((condition) => condition.dimension !== dimension);
  return { ...filter, conditions: [...others, { dimension, values: [value], exclude: false }] };
}

function within(filter: Filter, from: string, to: string): Filter {
  const [own, end] = [filter.from ?? from, filter.to ?? to];
  return { ...filter, from: own > from ? own : from, to: end < to ? end : to };
}

export function makeTrend(query: TrendQuery): Trend {
  const empty = scenario() === "empty" || query.filter.text === "nothing";
  const from = query.filter.from ? Date.parse(query.filter.from) : FIRST;
  const to = query.filter.to ? Date.parse(query.filter.to) : LAST + DAY;
  const days = (to - from) / DAY;
  const bucket: Bucket = query.bucket ?? (days <= 3 ? "hour" : days <= 62 ? "day" : days <= 400 ? "week" : "month");
  const step = length(bucket);
  const steps = empty ? 0 : Math.min(400, Math.ceil((to - from) / step));
  const dimension = query.by[0];
  let words: Array<[string | null, number, number]> = dimension
    ? (WORDS[dimension] ?? [
        ["a", 0.6, 0.2],
        ["b", 0.4, 0.1],
      ])
    : [["all", 1, 0.184]];
  let volume = 950 * (step / (7 * DAY));
  for (const condition of query.filter.conditions) {
    const all = WORDS[condition.dimension];
    if (condition.dimension === dimension)
      words = words.filter(([w]) => condition.values.includes(w) !== condition.exclude);
    else if (all)
      volume *= all
        .filter(([w]) => condition.values.includes(w) !== condition.exclude)
        .reduce((sum, [, weight]) => sum + weight, 0);
  }
  if (query.chosen) words = words.filter(([w]) => query.chosen?.some((key) => key[0] === w));
  const most = query.maxSeries || 5;
  const series: TrendSeries[] = words.slice(0, most).map(([word, weight, negative], index) => {
    const own = dimension ? only(query.filter, dimension, word) : query.filter;
    const random = numbers(index * 7919 + (word?.length ?? 0) * 31 + 17);
    let all = 0;
    let bad = 0;
    const points: TrendPoint[] = Array.from({ length: steps }, (_, i) => {
      const start = from + i * step;
      const late = start > Date.parse("2026-05-11T00:00:00Z");
      const quiet = bucket === "week" && i === 11;
      const n = Math.round(volume * weight * (0.75 + 0.5 * random()) * (quiet ? 0.1 : 1) * (i === steps - 1 ? 0.6 : 1));
      const rise =
        late && (word === "2.1" || word === "production" || word === "all" || word === "category") ? 0.09 : 0;
      const share = Math.min(
        1,
        Math.max(0, negative + rise + (negative < 1 && negative > 0 ? (random() - 0.5) * 0.05 : 0)),
      );
      const minus = Math.round(n * share);
      const ends = { start: new Date(start).toISOString(), end: new Date(start + step).toISOString() };
      all += n;
      bad += minus;
      return {
        ...ends,
        value: value(query.measure, n, minus, within(own, ends.start, ends.end)),
        unfinished: i === steps - 1 && query.filter.to === null,
      };
    });
    return {
      key: dimension ? [word] : [],
      label: dimension ? label(dimension, word) : "All feedback",
      kind: dimension ? "value" : "all",
      slot: index % 6,
      total: value(query.measure, all, bad, own),
      points,
    };
  });
  if (words.length > most && !query.chosen) {
    const rest = words.slice(most).reduce((sum, w) => sum + w[1], 0);
    const other = {
      ...query.filter,
      otherThan: [...query.filter.otherThan, { dimensions: query.by, keys: series.map((s) => s.key) }],
    };
    const points = (series[0]?.points ?? []).map((p) => ({
      ...p,
      value: value(
        query.measure,
        Math.round(volume * rest),
        Math.round(volume * rest * 0.4),
        within(other, p.start, p.end),
      ),
    }));
    series.push({
      key: [],
      label: "Other",
      kind: "other",
      slot: null,
      total: value(query.measure, Math.round(volume * rest * steps), Math.round(volume * rest * steps * 0.4), other),
      points,
    });
  }
  const n = series.reduce((sum, s) => sum + s.total.sums.n, 0);
  const sql = `SELECT time_bucket(INTERVAL 1 ${bucket.toUpperCase()}, created_at) AS start,\n       ${dimension ?? "'all'"} AS key, count(*) AS n,\n       count(*) FILTER (polarity = 'negative') AS negative\nFROM feedback_wide\nWHERE created_at >= TIMESTAMP '${new Date(from).toISOString().slice(0, 19)}'\nGROUP BY ALL ORDER BY ALL`;
  return {
    by: query.by,
    measure: query.measure,
    bucket,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    title: [MEASURES[query.measure].name, ...query.by.slice(0, 1).map((by) => `by ${DIMENSIONS[by].title}`)].join(" "),
    axis: `${MEASURES[query.measure].name} per ${bucket}`,
    rows: { n, filter: query.filter },
    series: empty ? [] : series,
    sql,
  };
}

function headline(
  now: Value,
  before: Value,
  change: number,
  low: number | null,
  high: number | null,
  direction: Headline["direction"],
): Headline {
  return { current: now, previous: before, change, low, high, direction };
}

function makeOverview(filter: Filter): Overview {
  const share = (n: number, of: number): Value => ({
    ...value("negative_share", of, n),
    rows: { n, filter: only(filter, "polarity", "negative") },
  });
  const plain = { ...value("mean_score", 7100, 1300), value: 0.72, low: 0.71, high: 0.73 };
  /** Opens the negative ones. */
  const complaints = (n: number, of: number, id: string | null): Value => ({
    ...share(n, of),
    rows: { n, filter: only(only(filter, "theme", id), "polarity", "negative") },
  });
  const m = (
    id: string | null,
    name: string,
    now: number,
    before: number,
    significant: boolean,
    direction: Headline["direction"],
  ) => ({
    dimension: "theme" as const,
    value: id,
    label: scenario() === "long" ? name + LONG : name,
    current: complaints(Math.round(now * 11204), 11204, id),
    previous: complaints(Math.round(before * 10371), 10371, id),
    change: now - before,
    low: now - before - 0.009,
    high: now - before + 0.009,
    significant,
    direction,
  });
  return {
    comparison: { kind: "previous_period" },
    current: { ...filter, from: filter.from ?? "2026-03-30T00:00:00Z", to: filter.to ?? "2026-06-29T00:00:00Z" },
    previous: { ...filter, from: "2025-12-29T00:00:00Z", to: "2026-03-30T00:00:00Z" },
    volume: headline(value("volume", 11204, 2062), value("volume", 10371, 1690), 0.08, null, null, "neither"),
    unknown: { n: 840, filter: emptyFilter() },
    negativeShare: headline(share(2062, 11204), share(1690, 10371), 0.021, 0.012, 0.03, "worse"),
    meanScore: headline(plain, { ...plain, value: 0.724 }, -0.004, -0.011, 0.003, "unclear"),
    turnsWithFeedback: headline(share(591, 8214), share(560, 8000), 0.002, -0.006, 0.01, "neither"),
    movers:
      scenario() === "empty"
        ? []
        : [
            m("1", "Refund window stated wrongly", 0.061, 0.023, true, "worse"),
            m("7", "Wrong tone with upset customers", 0.027, 0.049, true, "better"),
            m("3", "Answer too long before the point", 0.044, 0.063, true, "better"),
            m("5", "Return label missing", 0.035, 0.026, true, "worse"),
            m("2", "Booking confirmed for the wrong day", 0.046, 0.049, false, "unclear"),
            m("6", "Taxi time misread", 0.031, 0.033, false, "unclear"),
            m("8", "Vegetarian options not found", 0.026, 0.025, false, "unclear"),
          ],
  };
}

const TEXTS = [
  "It told me 60 days. Your own page says 30, I lost the refund because of this.",
  "Wrong policy quoted, twice, even after I pasted the right one",
  "Which is it now, 30 or 60?",
  "The number it gave me belongs to a bakery",
  "I asked for Tuesday and got a confirmation for Thursday, then it apologised and booked Thursday again, and when I wrote that I would rather speak with a person it told me that there was nobody on duty",
  "Rude. I was already upset.",
];

function row(i: number): FeedbackRow {
  return {
    id: `f-${i}`,
    createdAt: new Date(LAST - i * 7_300_000).toISOString(),
    sessionId: `mwoz-${412 - i}`,
    turnId: `t-${i}`,
    feedbackType: i % 3 === 1 ? "correction" : "comment",
    author: "human",
    polarity: "negative",
    scoreName: null,
    score: null,
    scoreNormal: 0,
    label: null,
    reasons: i % 2 ? [] : ["factually incorrect"],
    comment: i % 3 === 1 ? null : (TEXTS[i % 6] ?? ""),
    correction: i % 3 === 1 ? (TEXTS[i % 6] ?? "") : null,
    confidence: null,
    span: null,
    query: "Can I still get my money back?",
    model: "assistant",
    modelVersion: "2.1",
    promptVersion: "v3",
    release: "2.1.4",
    environment: "production",
    userRole: i % 2 ? "pro" : "enterprise",
    tags: [],
    themeId: 1,
    themeName: "Refund window stated wrongly",
    sourceName: "langfuse-scores.json",
    metadata: {},
  };
}

export const handlers: Handlers = {
  overview: ({ filter }: { filter: Filter }) => makeOverview(filter),
  trend: ({ query }: { query: TrendQuery }) => makeTrend(query),
  draw_trend: ({ request }: { request: ChartRequest }) => draw(request, makeTrend(request.query)),
  export_chart: ({ title, file }: { title: string; file: string }) => `/home/someone/Pictures/${title}.${file}`,
  filter_values: ({
    dimension,
    search,
    limit,
  }: {
    dimension: Dimension;
    filter: Filter;
    search: string;
    limit: number;
  }): FilterValue[] =>
    (WORDS[dimension] ?? [])
      .map(([word, weight]) => ({ value: word, label: label(dimension, word), n: Math.round(weight * 24386) }))
      .filter((v) => v.label.toLowerCase().includes(search.toLowerCase()))
      .slice(0, limit),
  // Replaced by the feedback view's own invented rows once they are there.
  feedback_page: ({ query }: { query: FeedbackQuery }): FeedbackPage => ({
    rows: Array.from({ length: Math.min(query.limit, 30) }, (_, i) => row(i)),
    next: null,
    total: 30,
  }),
};
