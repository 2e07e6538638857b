// Which part of the settings is shown? Kept while the window is open, and set by what opens the settings.
import { app } from "../../shared/state.svelte.ts";

export type Section = "appearance" | "privacy" | "watch" | "signals" | "models" | "mappings";

export const SECTIONS: readonly { name: Section; title: string }[] = [
  { name: "appearance", title: "Appearance" },
  { name: "privacy", title: "Personal data" },
  { name: "watch", title: "Watched folders" },
  { name: "signals", title: "Derived signals" },
  { name: "models", title: "Embedding models" },
  { name: "mappings", title: "Saved mappings" },
];

class Sections {
  current = $state<Section>("appearance");
}

export const sections = new Sections();

export function openSettings(section: Section = sections.current): void {
  sections.current = section;
  app.overlay = "settings";
}
