// Invented themes.
import type { ThemeList } from "../src/wire/index.ts";
import type { Handlers } from "./scenario.ts";

export const handlers: Handlers = {
  list_themes: (): ThemeList => ({ run: null, themes: [], unclustered: null, wordless: 0 }),
};
