// What is asked about in "Known problem?": kept while the window is open, so that one can look at a case and come back.
import { onLeaving } from "../shared/leaving.ts";
import { app } from "../shared/state.svelte.ts";

export const asked = $state({ text: "" });

onLeaving(() => (asked.text = ""));

/** Opens the panel; with a text, about that. */
export function openKnown(text?: string): void {
  if (text !== undefined) asked.text = text;
  app.overlay = "known";
}
