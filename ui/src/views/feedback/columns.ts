// Which columns are there, what do their cells say, and which of them fit?
//
// The text is what people read, so it gives way last: as the table narrows, columns that the inspector shows anyway
// leave one after the other, and the header says how many are hidden.
import { day, dayShort, decimal, MINUS, moment, time, typeTitle } from "../../shared/format.ts";
import type { Dimension, FeedbackRow, Filter, SortBy } from "../../wire/index.ts";

export type ColumnName = "time" | "type" | "polarity" | "score" | "text" | "theme" | "version" | "environment" | "role";

export interface Column {
  name: ColumnName;
  title: string;
  /** Pixels; the text takes what is left. */
  width: number;
  sortBy: SortBy | null;
  /** Leaves the table in this order; `null` stays. */
  leaves: number | null;
  numeric?: true;
  /** What its cell says, in a workspace whose latest feedback is of `last`; `null` for what is more than words. */
  text: ((row: FeedbackRow, last: string | null) => string | null) | null;
  /** What its cell says to who points at it, where that is more. */
  hint?: (row: FeedbackRow) => string;
}

export const COLUMNS: readonly Column[] = [
  {
    name: "time",
    title: "Time",
    width: 104,
    sortBy: "time",
    leaves: null,
    text: ({ createdAt }, last) => (createdAt === null ? "no time" : shortTime(createdAt, last)),
    hint: (row) => moment(row.createdAt),
  },
  {
    name: "type",
    title: "Type",
    width: 92,
    sortBy: "feedback_type",
    leaves: 6,
    text: (row) => typeTitle(row.feedbackType).replace(" signal", ""),
    hint: (row) => typeTitle(row.feedbackType),
  },
  { name: "polarity", title: "Polarity", width: 84, sortBy: "polarity", leaves: null, text: null },
  { name: "score", title: "Score", width: 54, sortBy: "score", leaves: 3, numeric: true, text: score, hint: scoreHint },
  { name: "text", title: "Words", width: 0, sortBy: null, leaves: null, text: null },
  { name: "theme", title: "Theme", width: 136, sortBy: "theme", leaves: 5, text: (row) => row.themeName },
  { name: "version", title: "Version", width: 76, sortBy: "model_version", leaves: 4, text: (row) => row.modelVersion },
  {
    name: "environment",
    title: "Environment",
    width: 96,
    sortBy: "environment",
    leaves: 2,
    text: (row) => row.environment,
  },
  { name: "role", title: "Role", width: 84, sortBy: "user_role", leaves: 1, text: (row) => row.userRole },
];

/** The clock in the year of `last`, the year in others. */
function shortTime(iso: string, last: string | null): string {
  const thisYear = iso.slice(0, 4) === (last ?? iso).slice(0, 4);
  return thisYear ? `${dayShort(iso)} ${time(iso).slice(0, 5)}` : day(iso);
}

function score(row: FeedbackRow): string {
  if (row.score === null) return "";
  return String(Math.round(row.score * 1000) / 1000).replace("-", MINUS);
}

function scoreHint(row: FeedbackRow): string {
  if (row.score === null) return "";
  return `${row.scoreName ?? "score"} ${score(row)}, ${decimal(row.scoreNormal)} on 0 (bad) to 1 (good)`;
}

const ABOUT: Partial<Record<Dimension, ColumnName>> = {
  theme: "theme",
  model_version: "version",
  environment: "environment",
  user_role: "role",
  feedback_type: "type",
};

/** The columns in which the rows of a filter differ: one that holds a single value throughout says nothing. */
export function differing(filter: Filter): Column[] {
  const same = new Set(
    filter.conditions
      .filter((condition) => !condition.exclude && condition.values.length === 1)
      .map((condition) => ABOUT[condition.dimension]),
  );
  return COLUMNS.filter((column) => !same.has(column.name));
}

/** The text column is never narrower than this. */
export const TEXT = 220;

export interface Layout {
  columns: Column[];
  hidden: Column[];
  /** For `grid-template-columns`. */
  template: string;
}

export function layout(width: number, all: readonly Column[] = COLUMNS): Layout {
  const leaving = all.filter((column) => column.leaves !== null).sort((a, b) => a.leaves! - b.leaves!);
  const gone = new Set<ColumnName>();
  const fixed = (): number => all.reduce((sum, column) => sum + (gone.has(column.name) ? 0 : column.width), 0);
  for (const column of leaving) {
    if (fixed() + TEXT <= width) break;
    gone.add(column.name);
  }
  const columns = all.filter((column) => !gone.has(column.name));
  const template = columns.map((column) => (column.width === 0 ? "minmax(0, 1fr)" : `${column.width}px`)).join(" ");
  return { columns, hidden: all.filter((column) => gone.has(column.name)), template };
}
