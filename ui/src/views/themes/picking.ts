// Which themes does a typed word mean? And which rows are members that can be moved?
import type { FeedbackRow, ThemeRow } from "../../wire/index.ts";

export interface Choice {
  id: number | null;
  name: string;
  n: number | null;
}

export interface Limits {
  only?: readonly number[];
  without: readonly number[];
  unclustered: boolean;
}

/** Those whose name or keywords have every word typed; names that begin with it first, else the biggest first. */
export function find(themes: readonly ThemeRow[], typed: string, limits: Limits): Choice[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const begins = (name: string): number =>
    words.length > 0 && name.toLowerCase().startsWith(typed.trim().toLowerCase()) ? 0 : 1;
  const rows: Choice[] = themes
    .filter(
      (theme) =>
        theme.id !== null &&
        !limits.without.includes(theme.id) &&
        (limits.only?.includes(theme.id) ?? true) &&
        has(`${theme.name} ${theme.keywords.join(" ")}`),
    )
    .map((theme) => ({ id: theme.id, name: theme.name, n: theme.sums.n }))
    .sort((a, b) => begins(a.name) - begins(b.name) || b.n - a.n || (a.id ?? 0) - (b.id ?? 0));
  if (limits.unclustered && has("Unclustered")) rows.push({ id: null, name: "Unclustered", n: null });
  return rows;
}

/** What a member says; `null` has no words, and so no place among themes. */
export function wordsOf(row: FeedbackRow): string | null {
  return row.comment ?? row.correction ?? (row.reasons.length > 0 ? row.reasons.join(", ") : row.query);
}

export interface Saying {
  words: string;
  /** The first of those that say it, and how many do. */
  row: FeedbackRow;
  n: number;
}

/** Whoever said the same goes along, so it is chosen once. In the order of the rows; who has no words is left out. */
export function bySaying(rows: readonly FeedbackRow[]): Saying[] {
  const sayings = new Map<string, Saying>();
  for (const row of rows) {
    const words = wordsOf(row);
    if (words === null) continue;
    const known = sayings.get(words);
    if (known) known.n += 1;
    else sayings.set(words, { words, row, n: 1 });
  }
  return [...sayings.values()];
}
