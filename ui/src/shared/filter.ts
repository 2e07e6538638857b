// What is selected, and how does it change? Functions from filter to filter, without state, so that they can be tested alone.
import type { Condition, Dimension, Filter } from "../wire/index.ts";

export type ConditionOptions = { exclude?: boolean };

export function emptyFilter(): Filter {
  return { from: null, to: null, conditions: [], otherThan: [], text: null, authors: "people" };
}

export function isEmpty(filter: Filter): boolean {
  return (
    filter.from === null &&
    filter.to === null &&
    filter.conditions.length === 0 &&
    filter.otherThan.length === 0 &&
    !filter.text &&
    filter.authors === "people"
  );
}

/** The values replace those of a condition on the same dimension with the same sense, so that one dimension has one chip of each sense. */
export function withCondition(
  filter: Filter,
  dimension: Dimension,
  values: Array<string | null>,
  options: ConditionOptions = {},
): Filter {
  const exclude = options.exclude ?? false;
  const distinct = [...new Set(values)];
  const at = filter.conditions.findIndex((c) => c.dimension === dimension && c.exclude === exclude);
  const conditions = [...filter.conditions];
  if (distinct.length === 0) {
    if (at >= 0) conditions.splice(at, 1);
    return { ...filter, conditions };
  }
  const condition: Condition = { dimension, values: distinct, exclude };
  if (at >= 0) conditions[at] = condition;
  else conditions.push(condition);
  return { ...filter, conditions };
}

export function withoutCondition(filter: Filter, index: number): Filter {
  return { ...filter, conditions: filter.conditions.filter((_, i) => i !== index) };
}

export function withoutOther(filter: Filter, index: number): Filter {
  return { ...filter, otherThan: filter.otherThan.filter((_, i) => i !== index) };
}

export function withSpan(filter: Filter, from: string | null, to: string | null): Filter {
  return { ...filter, from, to };
}

export function sameFilter(a: Filter, b: Filter): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

/** The period of the same length right before or after; `null` where the filter has no two ends. */
export function shifted(filter: Filter, periods: number): Filter | null {
  if (filter.from === null || filter.to === null) return null;
  const from = Date.parse(filter.from);
  const to = Date.parse(filter.to);
  const step = (to - from) * periods;
  if (!Number.isFinite(step) || to <= from) return null;
  return withSpan(filter, iso(from + step), iso(to + step));
}

function ordered(filter: Filter): unknown {
  return [
    filter.from,
    filter.to,
    filter.text || null,
    filter.authors,
    filter.conditions.map((c) => [c.dimension, c.exclude, c.values]),
    filter.otherThan.map((other) => [other.dimensions, other.keys]),
  ];
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
