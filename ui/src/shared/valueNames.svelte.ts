// What is a value of a filter called? Themes, sources and selections are named by number in it, and by name on the screen.
import * as host from "../host/index.ts";
import type { Condition, Dimension, Filter, OtherThan, Source, ThemeList } from "../wire/index.ts";
import { emptyFilter } from "./filter.ts";
import { dimensionTitle, valueLabel } from "./format.ts";

export class ValueNames {
  /** Every theme of the workspace by id, whatever the filter, so that chips and the palette can name them. */
  themes = $state.raw<ReadonlyMap<number, string>>(new Map());
  /** Names of texts chosen on the map, as far as a filter has named them. */
  selections = $state.raw<ReadonlyMap<number, string>>(new Map());

  constructor(private readonly sources: () => readonly Source[]) {}

  nameOf(dimension: Dimension, value: string | null): string {
    const known = valueLabel(dimension, value);
    if (value === null || known !== value) return known;
    if (dimension === "theme") return this.themes.get(Number(value)) ?? `theme ${value}`;
    if (dimension === "selection") return this.selections.get(Number(value)) ?? `texts chosen on the map (${value})`;
    if (dimension === "source") {
      return this.sources().find((source) => String(source.id) === value)?.name ?? `source ${value}`;
    }
    return value;
  }

  /** "dimension: a, b" with names for themes and sources. */
  ofCondition(condition: Condition): string[] {
    return condition.values.map((value) => this.nameOf(condition.dimension, value));
  }

  /** "2.1 · production", for each combination that it is not. */
  otherValues(other: OtherThan): string[] {
    return other.keys.map((key) =>
      other.dimensions.map((dimension, i) => this.nameOf(dimension, key[i] ?? null)).join(" · "),
    );
  }

  /** "other than 2.1 · production or 2.0 · staging" */
  ofOther(other: OtherThan): string {
    return `other than ${this.otherValues(other).join(" or ")}`;
  }

  /** "model version and environment" */
  ofDimensions(other: OtherThan): string {
    return other.dimensions.map(dimensionTitle).join(" and ");
  }

  learnThemes(list: ThemeList): void {
    const names = new Map(this.themes);
    for (const row of list.themes) if (row.id !== null) names.set(row.id, row.name);
    this.themes = names;
  }

  learnSelection(id: number, name: string): void {
    this.selections = new Map(this.selections).set(id, name);
  }

  /** A saved view may name texts that were chosen on the map before this window was opened. */
  async readSelections(filter: Filter): Promise<void> {
    const named = [
      ...filter.conditions
        .filter((condition) => condition.dimension === "selection")
        .flatMap((condition) => condition.values),
      ...filter.otherThan.flatMap((other) =>
        other.keys.map((key) => key[other.dimensions.indexOf("selection")] ?? null),
      ),
    ];
    if (named.every((value) => value === null || this.selections.has(Number(value)))) return;
    try {
      const values = await host.filterValues("selection", { ...emptyFilter(), authors: "everyone" }, "", 1000);
      const known = values
        .filter(({ value }) => value !== null)
        .map(({ value, label }) => [Number(value), label] as const);
      this.selections = new Map([...known, ...this.selections]);
    } catch {
      // The chip says the number instead: nothing that a user asked for failed.
    }
  }

  forget(): void {
    this.themes = new Map();
    this.selections = new Map();
  }
}
