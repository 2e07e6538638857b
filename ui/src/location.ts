// Where am I? One value says it, and nothing else does: the view, what it looks at, what is selected, which trail is open
// and which rows it walks through.
//
// Going back and forward, undo, saved views and links are all made of this value. It is plain data: no functions, no
// handles, nothing of the screen (panels, scroll positions, dialogs). Values never change in place.
import { emptyFilter, sameFilter } from "./shared/filter.ts";
import { ALL_DIMENSIONS, ALL_MEASURES } from "./shared/format.ts";
import type {
  Bucket,
  ChartKind,
  Comparison,
  Condition,
  Dimension,
  Filter,
  Measure,
  OtherThan,
  SavedView,
  SortBy,
  SortOrder,
  TrailQuery,
  Trend,
} from "./wire/index.ts";

/**
 * The views. `shortcut`: its key, for those that the rail leads to; `filtered`: shows the selection of the filter bar;
 * `inspector`: never has one, has one once something is selected, has one where there is room, or always has one.
 */
const TABLE = {
  overview: { title: "Overview", shortcut: "1", filtered: true, inspector: "selected" },
  trends: { title: "Trends", shortcut: "2", filtered: true, inspector: "selected" },
  themes: { title: "Themes", shortcut: "3", filtered: true, inspector: "roomy" },
  map: { title: "Map", shortcut: "m", filtered: true, inspector: "selected" },
  feedback: { title: "Feedback", shortcut: "4", filtered: true, inspector: "roomy" },
  sources: { title: "Sources", shortcut: "5", filtered: false, inspector: "never" },
  trail: { title: "Trail", shortcut: null, filtered: false, inspector: "always" },
} as const;

export type ViewName = keyof typeof TABLE;

export type ViewSpec = {
  title: string;
  shortcut: string | null;
  filtered: boolean;
  inspector: "never" | "selected" | "roomy" | "always";
};

export const VIEWS: Record<ViewName, ViewSpec> = TABLE;

/** Those that the rail and the palette lead to, in their order. */
export const PLACES = (Object.keys(TABLE) as ViewName[]).filter((name) => VIEWS[name].shortcut !== null);

/**
 * What the inspector shows. A point is one of `trend`'s series, and one of its buckets or (`null`) the whole series;
 * `before` is the filter it was picked under. The trend comes along because its numbers are those that were picked.
 */
export type Selection =
  | { kind: "none" }
  | { kind: "theme"; id: number | null }
  | { kind: "feedback"; id: string }
  | { kind: "point"; trend: Trend; series: number; point: number | null; before: Filter };

/** Rows of feedback in their order, however many: what one page after another of the engine gives. */
export type RowsQuery = { filter: Filter; sortBy: SortBy; order: SortOrder };

/**
 * The rows that `j` and `k` walk through, and the place in them: all rows of a query, or feedback that a search found,
 * by id. `id` is the feedback at `at`.
 */
export type RowList =
  | { kind: "rows"; rows: RowsQuery; at: number; id: string; total: number }
  | { kind: "found"; ids: readonly string[]; at: number };

/** How one chart of Trends is set up. `null` means as for all charts. */
export type ChartSetup = {
  key: string;
  by: Dimension[];
  kind: ChartKind;
  measure: Measure | null;
  bucket: Bucket | null;
  chosen: Array<Array<string | null>> | null;
};

export type TrendOptions = { measure: Measure; bucket: Bucket | null; charts: ChartSetup[] };

export type Sorting = { by: SortBy; order: SortOrder };

/** How views show what they show. */
export type ViewOptions = { trends: TrendOptions; sorting: Sorting };

export type Location = {
  view: ViewName;
  filter: Filter;
  comparison: Comparison;
  selection: Selection;
  /** The trail that is open in the view of that name. */
  trail: TrailQuery | null;
  list: RowList | null;
  options: ViewOptions;
};

export function defaultTrendOptions(): TrendOptions {
  const chart = (by: Dimension): ChartSetup => ({
    key: by,
    by: [by],
    kind: "lines",
    measure: null,
    bucket: null,
    chosen: null,
  });
  return {
    measure: "negative_share",
    bucket: null,
    charts: [chart("model_version"), chart("feedback_type"), chart("environment")],
  };
}

/** Where every workspace is entered. */
export function entrance(): Location {
  return {
    view: "overview",
    filter: emptyFilter(),
    comparison: { kind: "previous_period" },
    selection: { kind: "none" },
    trail: null,
    list: null,
    options: { trends: defaultTrendOptions(), sorting: { by: "time", order: "descending" } },
  };
}

/** The place without what it looks at: going back goes to another one of these. */
export function samePlace(a: Location, b: Location): boolean {
  return a.view === b.view && (a.view !== "trail" || same(a.trail, b.trail));
}

/** What is looked at, wherever: undo goes to another one of these. */
export function sameSight(a: Location, b: Location): boolean {
  return sameFilter(a.filter, b.filter) && same(a.comparison, b.comparison) && same(a.options, b.options);
}

/** `here` with the filter, comparison and options of `there`. */
export function withSight(here: Location, there: Location): Location {
  const { filter, comparison, options } = there;
  return { ...here, filter, comparison, options };
}

export function sameRows(a: RowsQuery, b: RowsQuery): boolean {
  return a.sortBy === b.sortBy && a.order === b.order && sameFilter(a.filter, b.filter);
}

/** The feedback whose trail a list is at. */
export function idAt(list: RowList): string | undefined {
  return list.kind === "rows" ? list.id : list.ids[list.at];
}

/**
 * `to`, as it is when one comes back to it from `from`: who walked on through the rows in between finds them at the row
 * that was reached.
 */
export function returned(from: Location, to: Location): Location {
  const [walked, left] = [from.list, to.list];
  if (from.view !== "trail" || walked?.kind !== "rows" || left?.kind !== "rows" || !sameRows(walked.rows, left.rows))
    return to;
  const selection: Selection = to.selection.kind === "feedback" ? { kind: "feedback", id: walked.id } : to.selection;
  return { ...to, list: walked, selection };
}

/** Past and future of a value. The newest of the past is the last. */
export class Timeline<T> {
  private past: T[] = [];
  private future: T[] = [];

  constructor(private readonly limit = 200) {}

  get before(): T | undefined {
    return this.past.at(-1);
  }

  get after(): T | undefined {
    return this.future.at(-1);
  }

  /** `present` is left for something new: what was taken back is forgotten. */
  leave(present: T): void {
    this.past.push(present);
    if (this.past.length > this.limit) this.past.shift();
    this.future = [];
  }

  back(present: T): T | undefined {
    const before = this.past.pop();
    if (before !== undefined) this.future.push(present);
    return before;
  }

  forward(present: T): T | undefined {
    const after = this.future.pop();
    if (after !== undefined) this.past.push(present);
    return after;
  }

  clear(): void {
    this.past = [];
    this.future = [];
  }
}

// As text: in the workspace's saved views, and as a link.

/**
 * What a saved view keeps beside its name and filter. `trends` and `comparison` stand as in the first saved views, which
 * kept no more than these; newer ones are read by the first programs as well. A selected point is not kept: its filter is.
 */
export function savedOptions(here: Location): string {
  const { comparison, trail, selection, options } = here;
  const kept = selection.kind === "theme" || selection.kind === "feedback" ? selection : null;
  return JSON.stringify({
    trends: options.trends,
    comparison,
    sorting: options.sorting,
    ...(here.view === "trail" && trail !== null ? { trail } : {}),
    ...(kept === null ? {} : { selection: kept }),
  });
}

/** Where a saved view leads to. What it does not say, or says in words that this version does not know, is as in `here`. */
export function fromSaved(saved: SavedView, here: Location): Location {
  const kept = parsed(saved.options);
  const trail = trailOf(kept["trail"]);
  const named = isViewName(saved.view) ? saved.view : "overview";
  const view = named === "trail" && trail === null ? "feedback" : named;
  return {
    view,
    filter: saved.filter,
    comparison: comparisonOf(kept["comparison"]) ?? here.comparison,
    selection: selectionOf(kept["selection"]) ?? { kind: "none" },
    trail: view === "trail" ? trail : here.trail,
    list: view === "trail" ? null : here.list,
    options: {
      trends: trendOptionsOf(kept["trends"]) ?? here.options.trends,
      sorting: sortingOf(kept["sorting"]) ?? here.options.sorting,
    },
  };
}

/** `#view=…&filter=…`: readable, and short while little is chosen. */
export function toLink(here: Location): string {
  const words = new URLSearchParams({ view: here.view });
  if (!sameFilter(here.filter, emptyFilter())) words.set("filter", JSON.stringify(here.filter));
  words.set("options", savedOptions(here));
  return `#${words.toString()}`;
}

/** `null` for what is no link. */
export function fromLink(link: string): Location | null {
  const words = new URLSearchParams(link.replace(/^#/, ""));
  const view = words.get("view");
  if (view === null || !isViewName(view)) return null;
  const written = words.get("filter");
  const filter = written === null ? emptyFilter() : filterOf(parsed(written));
  if (filter === null) return null;
  return fromSaved({ id: 0, name: "", view, filter, options: words.get("options") ?? "" }, entrance());
}

type Fields = Record<string, unknown>;

const BUCKETS: readonly Bucket[] = ["hour", "day", "week", "month"];
const CHART_KINDS: readonly ChartKind[] = ["lines", "stacked", "ranking"];
const AUTHORS: readonly Filter["authors"][] = ["people", "judges", "derived", "everyone"];
const SORTED_BY: readonly SortBy[] = [
  "time",
  "score",
  "polarity",
  "feedback_type",
  "model_version",
  "environment",
  "user_role",
  "theme",
];

export function isViewName(name: string): name is ViewName {
  return Object.hasOwn(VIEWS, name);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function parsed(text: string): Fields {
  try {
    return fields(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function oneOf<T extends string>(names: readonly T[], value: unknown): T | null {
  return names.find((name) => name === value) ?? null;
}

/** A word that may be missing; `undefined` for what is neither. */
function wordOrNull(value: unknown): string | null | undefined {
  return value === null || typeof value === "string" ? value : undefined;
}

function list<T>(value: unknown, read: (item: unknown) => T | undefined): T[] | null {
  if (!Array.isArray(value)) return null;
  const items = value.map(read);
  return items.every((item) => item !== undefined) ? items : null;
}

function comparisonOf(value: unknown): Comparison | null {
  const it = fields(value);
  if (it?.["kind"] === "previous_period") return { kind: "previous_period" };
  if (it?.["kind"] !== "model_version") return null;
  const { current, previous } = it;
  return typeof current === "string" && typeof previous === "string"
    ? { kind: "model_version", current, previous }
    : null;
}

function trailOf(value: unknown): TrailQuery | null {
  const it = fields(value);
  if (it === null) return null;
  const [sessionId, turnId, feedbackId] = ["sessionId", "turnId", "feedbackId"].map((name) => wordOrNull(it[name]));
  if (sessionId === undefined || turnId === undefined || feedbackId === undefined) return null;
  return sessionId === null && turnId === null && feedbackId === null ? null : { sessionId, turnId, feedbackId };
}

function selectionOf(value: unknown): Selection | null {
  const it = fields(value);
  const id = it?.["id"];
  if (it?.["kind"] === "theme" && (id === null || typeof id === "number")) return { kind: "theme", id };
  if (it?.["kind"] === "feedback" && typeof id === "string") return { kind: "feedback", id };
  return null;
}

function sortingOf(value: unknown): Sorting | null {
  const it = fields(value);
  const by = oneOf(SORTED_BY, it?.["by"]);
  const order = oneOf(["ascending", "descending"] as const, it?.["order"]);
  return by === null || order === null ? null : { by, order };
}

function trendOptionsOf(value: unknown): TrendOptions | null {
  const it = fields(value);
  const measure = oneOf(ALL_MEASURES, it?.["measure"]);
  const bucket = bucketOf(it?.["bucket"]);
  const charts = list(it?.["charts"], chartOf);
  return measure === null || bucket === undefined || charts === null ? null : { measure, bucket, charts };
}

function bucketOf(value: unknown): Bucket | null | undefined {
  return value === null ? null : (oneOf(BUCKETS, value) ?? undefined);
}

function chartOf(value: unknown): ChartSetup | undefined {
  const it = fields(value);
  if (it === null) return undefined;
  const { key } = it;
  const by = list(it["by"], (name) => oneOf(ALL_DIMENSIONS, name) ?? undefined);
  const kind = oneOf(CHART_KINDS, it["kind"]);
  const measure = it["measure"] === null ? null : (oneOf(ALL_MEASURES, it["measure"]) ?? undefined);
  const bucket = bucketOf(it["bucket"]);
  const chosen = it["chosen"] === null ? null : (list(it["chosen"], keyOf) ?? undefined);
  if (typeof key !== "string" || by === null || kind === null) return undefined;
  if (measure === undefined || bucket === undefined || chosen === undefined) return undefined;
  return { key, by, kind, measure, bucket, chosen };
}

function keyOf(value: unknown): Array<string | null> | undefined {
  return list(value, wordOrNull) ?? undefined;
}

function filterOf(it: Fields): Filter | null {
  const [from, to, text] = ["from", "to", "text"].map((name) => wordOrNull(it[name]));
  const authors = oneOf(AUTHORS, it["authors"]);
  const conditions = list(it["conditions"], conditionOf);
  // Links made before there was such a condition have none.
  const otherThan = list(it["otherThan"] ?? [], otherOf);
  if (from === undefined || to === undefined || text === undefined) return null;
  if (authors === null || conditions === null || otherThan === null) return null;
  return { from, to, text, authors, conditions, otherThan };
}

function otherOf(value: unknown): OtherThan | undefined {
  const it = fields(value);
  const dimensions = list(it?.["dimensions"], (name) => oneOf(ALL_DIMENSIONS, name) ?? undefined);
  const keys = list(it?.["keys"], keyOf);
  return dimensions === null || keys === null ? undefined : { dimensions, keys };
}

function conditionOf(value: unknown): Condition | undefined {
  const it = fields(value);
  const dimension = oneOf(ALL_DIMENSIONS, it?.["dimension"]);
  const values = list(it?.["values"], wordOrNull);
  const exclude = it?.["exclude"];
  if (dimension === null || values === null || typeof exclude !== "boolean") return undefined;
  return { dimension, values, exclude };
}
