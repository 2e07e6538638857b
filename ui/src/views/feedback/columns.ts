// Which columns fit?
//
// The text is what people read, so it gives way last: as the table narrows, columns that the inspector shows anyway
// leave one after the other, and the header says how many are hidden.
import type { Dimension, Filter, SortBy } from "../../wire/index.ts";

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
}

export const COLUMNS: readonly Column[] = [
  { name: "time", title: "Time", width: 104, sortBy: "time", leaves: null },
  { name: "type", title: "Type", width: 92, sortBy: "feedback_type", leaves: 6 },
  { name: "polarity", title: "Polarity", width: 84, sortBy: "polarity", leaves: null },
  { name: "score", title: "Score", width: 54, sortBy: "score", leaves: 3, numeric: true },
  { name: "text", title: "Words", width: 0, sortBy: null, leaves: null },
  { name: "theme", title: "Theme", width: 136, sortBy: "theme", leaves: 5 },
  { name: "version", title: "Version", width: 76, sortBy: "model_version", leaves: 4 },
  { name: "environment", title: "Environment", width: 96, sortBy: "environment", leaves: 2 },
  { name: "role", title: "Role", width: 84, sortBy: "user_role", leaves: 1 },
];

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
