// Where are the rows of a theme? The way to them, and how a condition names it.
import type { ThemeRow } from "../wire/index.ts";
import { app } from "./state.svelte.ts";

/** Its value in a condition; *Unclustered* is "no theme". */
export function themeValue(id: number | null): string | null {
  return id === null ? null : String(id);
}

/** Goes to the feedback of a row of the list, within the filter that holds. */
export function openTheme(row: ThemeRow): void {
  app.navigation.go("feedback", { filter: row.share.rows.filter });
}
