// Invented sources.
import type { Handlers } from "./scenario.ts";

export const handlers: Handlers = { list_sources: () => [], pick_files: () => ["/home/someone/exports/langfuse-scores.json"] };
