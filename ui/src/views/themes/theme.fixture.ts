// A theme with nothing special about it, for unit tests.
import { emptyFilter } from "../../shared/filter.ts";
import type { ThemeRow, Value } from "../../wire/index.ts";

const value = (v: number | null, n = 100): Value => ({
  sums: { n, negative: 0, positive: 0, unknown: 0, scored: 0, meanScore: null },
  n,
  value: v,
  low: null,
  high: null,
  small: false,
  rows: { n, filter: emptyFilter() },
});

export function theme(id: number | null, name: string, n: number, values: Partial<ThemeRow> = {}): ThemeRow {
  return {
    id,
    name,
    keywords: [],
    namedBy: "words",
    pinned: false,
    note: "",
    event: "kept",
    others: [],
    subthemes: [],
    sums: value(null, n).sums,
    share: value(n / 1000),
    negativeShare: value(0.5),
    change: 0,
    complaintsNow: 0.02,
    complaintsBefore: 0.02,
    changeLow: -0.01,
    changeHigh: 0.01,
    significant: false,
    direction: "unclear",
    sparkline: [],
    ...values,
  };
}
