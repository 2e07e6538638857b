// Where are the rows of a theme? Its condition in the one filter, and the way to them.
import { withCondition } from "./filter.ts";
import { app } from "./state.svelte.ts";

/** Its condition in the one filter; *Unclustered* is "no theme". */
export function themeValue(id: number | null): string | null {
  return id === null ? null : String(id);
}

/** Goes to the feedback of a theme, within the filter that holds. */
export function openTheme(id: number | null): void {
  app.go("feedback", { filter: withCondition(app.filter, "theme", [themeValue(id)]) });
}

/** What says no more than good or bad is in no theme, and can be read all the same. */
export function openShortAnswers(): void {
  app.go("feedback", { filter: withCondition(app.filter, "theme", ["short"]) });
}
