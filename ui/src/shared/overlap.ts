// How much of the view does the inspector cover? In a narrow window it lies over the view; what is read keeps clear of it.
import { app } from "./state.svelte.ts";

/** CSS pixels at the right edge of the view. */
export function inspectorOverlap(): number {
  const { narrow, inspectorOpen, inspector } = app.layout;
  const shown = narrow && inspectorOpen && !app.isEmpty && (app.view === "trail" || app.selection.kind !== "none");
  return shown ? inspector : 0;
}
