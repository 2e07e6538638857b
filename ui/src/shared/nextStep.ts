// How does one ask for the next step in the window?
import type { NextStep } from "../wire/index.ts";

/** `null` where the window shows it anyway. */
export const NEXT_STEPS: Record<NextStep, string | null> = {
  analyse: "Analyse in Themes finds themes.",
  models: "Models, in the palette and in Settings, lists, downloads, adds and chooses them.",
  add_model_again: "In Models, remove it and add it again.",
  map_columns: "Mapping, beside the file, says what its columns mean.",
  feedback: null,
  themes: null,
  set_up: "Install Hearback again; from its sources, run cargo xtask setup.",
};
