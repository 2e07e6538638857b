// Which themes does the invented workspace have? Counted from the invented feedback, so that every number has its rows.
import type {
  Aggregate,
  AnalysisReport,
  AnalysisRequest,
  Breakdown,
  Comparison,
  Dimension,
  FeedbackRow,
  Filter,
  Subject,
  Subtheme,
  ThemeCut,
  ThemeDetail,
  ThemeEdit,
  ThemeList,
  ThemeRow,
  Value,
} from "../src/wire/index.ts";
import { DIMENSIONS } from "../src/wire/index.ts";
import { fakeRows, matches } from "./feedback.ts";
import * as grouping from "./grouping.ts";
import type { Handlers } from "./scenario.ts";

const WEEK = 7 * 864e5;

function sums(rows: readonly FeedbackRow[]): Aggregate {
  const scored = rows.filter((row) => row.scoreNormal !== null);
  return {
    n: rows.length,
    negative: rows.filter((row) => row.polarity === "negative").length,
    positive: rows.filter((row) => row.polarity === "positive").length,
    unknown: rows.filter((row) => row.polarity === "unknown").length,
    scored: scored.length,
    meanScore:
      scored.length === 0 ? null : scored.reduce((sum, row) => sum + (row.scoreNormal ?? 0), 0) / scored.length,
  };
}

/** A share with a Wilson interval. */
function proportion(part: number, whole: number, aggregate: Aggregate, filter: Filter): Value {
  const rows = { n: part, filter };
  if (whole === 0) return { sums: aggregate, n: 0, value: null, low: null, high: null, small: true, rows };
  const z = 1.96;
  const p = part / whole;
  const denominator = 1 + (z * z) / whole;
  const middle = (p + (z * z) / (2 * whole)) / denominator;
  const half = (z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole))) / denominator;
  return {
    sums: aggregate,
    n: whole,
    value: p,
    low: Math.max(0, middle - half),
    high: Math.min(1, middle + half),
    small: whole < 20,
    rows,
  };
}

function only(filter: Filter, dimension: Dimension, value: string | null): Filter {
  const others = filter.conditions.filter((condition) => condition.dimension !== dimension);
  return { ...filter, conditions: [...others, { dimension, values: [value], exclude: false }] };
}

function bounds(filter: Filter): [number, number] {
  const all = fakeRows();
  const last = Date.parse(filter.to ?? all[0]?.createdAt ?? "");
  const first = filter.from === null ? last - 26 * WEEK : Date.parse(filter.from);
  return [first, last];
}

let sayings: Map<number, Map<string, number>> | null = null;

/** How often each sentence is said in each theme. */
function counted(): Map<number, Map<string, number>> {
  if (sayings !== null) return sayings;
  sayings = new Map();
  for (const { themeId, comment } of fakeRows()) {
    if (themeId === null || comment === null) continue;
    const said = sayings.get(themeId) ?? new Map<string, number>();
    sayings.set(themeId, said.set(comment, (said.get(comment) ?? 0) + 1));
  }
  return sayings;
}

/** Two parts or more, the biggest first. */
function subthemes(id: number): Subtheme[] {
  const said = counted().get(id) ?? new Map<string, number>();
  const parts = [...said]
    .filter(([, n]) => n > 9)
    .map(([text, n]) => ({
      name: text,
      keywords:
        text
          .toLowerCase()
          .match(/\p{L}{4,}/gu)
          ?.slice(0, 3) ?? [],
      texts: 1 + (n % 9),
      feedback: n,
    }));
  return parts.length < 2 ? [] : parts.sort((a, b) => b.feedback - a.feedback);
}

function themeRow(line: grouping.Line | null, mine: FeedbackRow[], all: FeedbackRow[], filter: Filter): ThemeRow {
  const id = line?.id ?? null;
  const [first, last] = bounds(filter);
  const middle = new Date(last - (last - first) / 2).toISOString();
  const late = (row: FeedbackRow): boolean => row.createdAt !== null && row.createdAt >= middle;
  const shareOf = (part: FeedbackRow[], whole: FeedbackRow[]): number =>
    whole.length === 0 ? 0 : part.length / whole.length;
  const change =
    shareOf(mine.filter(late), all.filter(late)) -
    shareOf(
      mine.filter((row) => !late(row)),
      all.filter((row) => !late(row)),
    );
  const half = 1.96 * Math.sqrt((2 * Math.max(mine.length, 1)) / (all.length * all.length) + 1e-7);
  const significant = Math.abs(change) > half;
  const buckets = Array.from({ length: 26 }, () => 0);
  for (const row of mine) {
    if (row.createdAt === null) continue;
    const at = Math.floor(((Date.parse(row.createdAt) - first) / (last - first + 1)) * 26);
    if (at >= 0 && at < 26) buckets[at] = (buckets[at] ?? 0) + 1;
  }
  const aggregate = sums(mine);
  const own = only(filter, "theme", id === null ? null : String(id));
  return {
    id,
    name: line?.name ?? "Unclustered",
    keywords: line?.keywords ?? [],
    namedBy: line === null ? null : line.renamed ? "user" : line.event === "new" ? "words" : "before",
    pinned: line?.pinned ?? false,
    note: line?.note ?? "",
    event: line?.event ?? null,
    others: line?.others ?? [],
    subthemes: id === null ? [] : subthemes(id),
    sums: aggregate,
    share: proportion(mine.length, all.length, aggregate, own),
    negativeShare: proportion(aggregate.negative, aggregate.n, aggregate, only(own, "polarity", "negative")),
    change: id === null ? null : change,
    complaintsNow: id === null ? null : Math.max(0, aggregate.negative / all.length),
    complaintsBefore: id === null ? null : Math.max(0, aggregate.negative / all.length - change),
    changeLow: id === null ? null : change - half,
    changeHigh: id === null ? null : change + half,
    significant: id !== null && significant,
    direction: id === null ? "neither" : !significant ? "unclear" : change > 0 ? "worse" : "better",
    sparkline: buckets,
  };
}

const wordsOf = (row: FeedbackRow): boolean => row.comment !== null || row.correction !== null;

function selection(filter: Filter): FeedbackRow[] {
  return fakeRows().filter((row) => matches(row, filter));
}

/** For the states that need other data: `?themes=none`, `stale`, `drift`, `old`. */
function wished(): string | null {
  return typeof location === "undefined" ? null : new URLSearchParams(location.search).get("themes");
}

let cached: { key: string; list: ThemeList } | null = null;

function list(filter: Filter): ThemeList {
  const lines = grouping.themes();
  const state = wished();
  const { run, pulled } = grouping;
  const key = JSON.stringify([filter, state]);
  if (cached?.key === key) return cached.list;
  const all = selection(filter);
  if (state === "none" || !grouping.present()) {
    return {
      subject: run.subject,
      run: null,
      themes: [],
      unclustered: null,
      shortAnswers: null,
      wordless: { n: all.filter((row) => !wordsOf(row)).length, filter: only(filter, "theme", "wordless") },
    };
  }
  const themes = lines
    .map((line) =>
      themeRow(
        line,
        all.filter((row) => row.themeId === line.id),
        all,
        filter,
      ),
    )
    .filter((theme) => theme.sums.n > 0)
    .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.sums.n - a.sums.n);
  const drifted = state === "stale" || state === "drift";
  const stray = all.filter((row) => row.themeId === null && wordsOf(row));
  const made: ThemeList = {
    subject: run.subject,
    run: {
      ...run,
      model: "all-MiniLM-L6-v2",
      modelDigest: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
      seed: 7,
      options: "theme3/2/15/30000/0.3/1",
      versions:
        "hearback 0.1.0, gemm 0.19.0, linfa-reduction 0.8.1, rand_xoshiro 0.6.0, unicode-segmentation 1.13.3, duckdb v1.5.6",
      texts: pulled.texts,
      unclustered: pulled.unclustered,
      shortAnswers: 0,
      pulledIn: pulled.in,
      pulledInSimilarity: pulled.in === 0 ? 0 : 0.31,
      similarity: 0.68,
      stale: drifted,
      canRecut: state !== "old",
      drift: {
        placed: drifted ? 1704 : 0,
        unclustered: drifted ? 600 : 0,
        waiting: state === "stale" ? 12 : 0,
        removed: 0,
        similarity: drifted ? 0.49 : 0,
        similarityAtRun: 0.67,
        worthARun: state === "stale",
        reason:
          state === "stale"
            ? "2304 texts came since, 28 % of what the run knew"
            : drifted
              ? "what came since is as near to the themes as what the run knew"
              : "nothing came since",
      },
    },
    themes,
    unclustered: stray.length === 0 ? null : themeRow(null, stray, all, filter),
    shortAnswers: null,
    wordless: { n: all.filter((row) => !wordsOf(row)).length, filter: only(filter, "theme", "wordless") },
  };
  cached = { key, list: made };
  return made;
}

function breakdown(
  filter: Filter,
  rows: FeedbackRow[],
  dimension: Dimension,
  value: (row: FeedbackRow) => string | null,
): Breakdown {
  const groups = new Map<string | null, FeedbackRow[]>();
  for (const row of rows) {
    const key = value(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const values = [...groups].map(([key, members]) => {
    const aggregate = sums(members);
    const own = only(filter, dimension, key);
    return {
      value: key,
      label: key ?? DIMENSIONS[dimension].none,
      rows: { n: aggregate.n, filter: own },
      negativeShare: proportion(aggregate.negative, aggregate.n, aggregate, only(own, "polarity", "negative")),
    };
  });
  return { dimension, values: values.sort((a, b) => b.rows.n - a.rows.n).slice(0, 8) };
}

function detail(id: number | null, filter: Filter): ThemeDetail {
  const found = list(filter);
  const row = id === null ? found.unclustered : found.themes.find((theme) => theme.id === id);
  if (row === undefined || row === null) {
    throw {
      kind: "not_found",
      message: "There is no such theme in this selection",
      hint: "Clear the filter or choose another theme",
      details: [],
    };
  }
  const rows = selection(filter).filter((item) => item.themeId === id && wordsOf(item));
  const within = only(filter, "theme", id === null ? null : String(id));
  const seen = new Set<string | null>();
  const examples = rows.filter((item) => {
    const text = item.comment ?? item.correction;
    return !seen.has(text) && seen.add(text).size <= 5;
  });
  return {
    row,
    history: id === null ? [] : grouping.history(id),
    edits: id === null ? [] : grouping.editRows(id),
    examples,
    breakdown: [
      breakdown(within, rows, "model_version", (item) => item.modelVersion),
      breakdown(within, rows, "environment", (item) => item.environment),
      breakdown(within, rows, "user_role", (item) => item.userRole),
      breakdown(within, rows, "reason", (item) => item.reasons[0] ?? null),
    ],
    cohesion: 0.71,
  };
}

/** Whatever was counted is counted again. */
function anew<T>(value: T): T {
  cached = null;
  sayings = null;
  return value;
}

export const handlers: Handlers = {
  list_themes: ({ filter }: { filter: Filter; comparison: Comparison }) => list(filter),
  theme_detail: ({ id, filter }: { id: number | null; filter: Filter; comparison: Comparison }) => detail(id, filter),
  recut_themes: ({ cut }: { cut: ThemeCut }) => {
    anew(grouping.cut(cut));
    return analysisReport();
  },
  choose_theme_subject: ({ subject }: { subject: Subject }) => anew(grouping.choose(subject)),
  edit_themes: ({ edit }: { edit: ThemeEdit }) => anew(grouping.edit(edit)),
  undo_theme_edit: ({ id }: { id: number | null }) => anew(grouping.undo(id)),
  list_theme_edits: () => grouping.editRows(),
  theme_history: ({ theme }: { theme: number | null }) => grouping.history(theme),
};

export function analysisReport(): AnalysisReport {
  const { pulled } = grouping;
  return {
    texts: pulled.texts,
    embedded: 0,
    themes: grouping.themes().length,
    unclustered: pulled.unclustered,
    shortAnswers: 0,
    pulledIn: pulled.in,
    pulledInSimilarity: pulled.in === 0 ? 0 : 0.31,
    unchanged: false,
    seconds: 0.4,
  };
}

/** A full run: what it was asked for holds from now on. */
export function analysed(request: AnalysisRequest): AnalysisReport {
  grouping.analyse(request.subject);
  const { resolution, unclusteredAtMost } = grouping.run;
  anew(
    grouping.cut({
      resolution: request.resolution ?? resolution,
      unclusteredAtMost:
        request.unclusteredAtMost === null
          ? unclusteredAtMost
          : request.unclusteredAtMost >= 1
            ? null
            : request.unclusteredAtMost,
    }),
  );
  return analysisReport();
}
