// What is said when long work has ended, and what can be done next? Texts alone: who shows them knows how to do it.
import type { Outcome, WatchEvent } from "../wire/index.ts";
import { count, counted, decimal } from "./format.ts";
import type { Notice } from "./notices.svelte.ts";

export type NextStep =
  | { kind: "find_themes" | "show_themes" | "show_map" | "show_sources" | "show_skipped" }
  | { kind: "look_at"; paths: string[] };

export type Message = Pick<Notice, "kind" | "text" | "failure"> & { next?: NextStep };

export const NEXT_TITLES: Record<NextStep["kind"], string> = {
  find_themes: "Find themes",
  show_themes: "Show themes",
  show_map: "Show the map",
  show_sources: "Sources",
  show_skipped: "Show skipped",
  look_at: "Look at it",
};

/** `onMap`: the map is on the screen already. `stale`: themes are older than the data. */
export function outcomeMessage(outcome: Outcome, now: { onMap: boolean; stale: boolean }): Message {
  switch (outcome.kind) {
    case "import": {
      const { total, unchanged, placing } = outcome.report;
      if (total.read === 0 && unchanged.length > 0)
        return { kind: "info", text: "These files are in the workspace already, byte for byte" };
      const placed =
        placing !== null && placing.new > 0
          ? `. ${count(placing.placed)} of ${counted(placing.new, "new text")} ${placing.placed === 1 ? "is" : "are"} in known themes`
          : "";
      const text = `Imported ${count(total.feedback)} feedback and ${counted(total.turns, "turn")}${skipped(total.rejected)}${placed}`;
      if (placed !== "") return { kind: "success", text, next: { kind: "show_themes" } };
      if (now.stale) return { kind: "success", text, next: { kind: "find_themes" } };
      return total.rejected > 0 ? { kind: "success", text, next: { kind: "show_skipped" } } : { kind: "success", text };
    }
    case "analysis": {
      const { themes, texts, unclustered, pulledIn, pulledInSimilarity, unchanged } = outcome.report;
      const forced =
        pulledIn > 0 ? `, ${count(pulledIn)} pulled in (${decimal(pulledInSimilarity)} like their theme)` : "";
      const found = `${counted(themes, "theme")} in ${counted(texts, "text")}, ${count(unclustered)} unclustered${forced}`;
      const text = unchanged ? `Nothing had changed, the themes stand: ${found}` : found;
      return { kind: "success", text, next: { kind: "show_themes" } };
    }
    case "map": {
      const { texts, placed, unchanged } = outcome.report;
      const how = unchanged ? ", as before" : placed > 0 ? `, ${count(placed)} of them new` : "";
      const text = `${counted(texts, "text")} on the map${how}`;
      return now.onMap ? { kind: "success", text } : { kind: "success", text, next: { kind: "show_map" } };
    }
    case "model":
      return { kind: "success", text: `${outcome.model.title} is on this computer: it can be chosen in the settings` };
    default:
      return { kind: "success", text: "The sample workspace is open. Its data are synthetic" };
  }
}

/** What came of a watched folder: what was imported, and what was not dared. */
export function watchMessages(event: WatchEvent): Message[] {
  const name = fileName(event.folder);
  if (event.event === "failed") {
    const text = `A file in the watched folder ${name} was not imported`;
    return [{ kind: "error", text, failure: event.failure }];
  }
  const { total, sources, skipped: left } = event.report;
  const messages: Message[] = [];
  if (sources.length > 0) {
    const text = `${counted(sources.length, "file")} imported from ${name}: ${count(total.feedback)} feedback${skipped(total.rejected)}`;
    messages.push({ kind: "success", text, next: { kind: total.rejected > 0 ? "show_skipped" : "show_sources" } });
  }
  if (left.length > 0) {
    const text = `${counted(left.length, "file")} in ${name} left alone: ${left[0]?.reason ?? ""}`;
    messages.push({ kind: "info", text, next: { kind: "look_at", paths: left.map((file) => file.path) } });
  }
  return messages;
}

export function importTitle(paths: readonly string[]): string {
  return `Importing ${paths.length === 1 ? fileName(paths[0] ?? "") : counted(paths.length, "file")}`;
}

function skipped(rejected: number): string {
  return rejected > 0 ? `, ${counted(rejected, "record")} skipped` : "";
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}
