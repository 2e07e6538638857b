// What became of a theme since the run before, or since it was cut otherwise? In a word for the chip, a sentence for its tooltip, a line for its history.
import type { ThemeEvent, ThemeHistoryEntry, ThemeList, ThemeRow } from "../../wire/index.ts";
import { count, counted } from "../../shared/format.ts";

/** The name of a theme by its id. */
export type NameOf = (id: number) => string;

/** “A”, “B” and 2 more */
export function named(ids: readonly number[], name: NameOf): string {
  const shown = ids.slice(0, 3).map((id) => `“${name(id)}”`);
  const more = ids.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${count(more)} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}

export function eventSentence(event: ThemeEvent, others: readonly number[], name: NameOf): string {
  const of = others.length > 0 ? named(others, name) : null;
  switch (event) {
    case "kept":
      return "The same theme as before";
    case "grew":
      return "The same theme as before, with more feedback";
    case "shrank":
      return "The same theme as before, with less feedback";
    case "split":
      return of === null ? "Part of what was one theme before" : `Part of what was ${of} before`;
    case "merged":
      return of === null ? "Several themes of before in one" : `Before, this was ${of}`;
    case "new":
      return "No theme before was like it";
    case "gone":
      return of === null ? "No theme is like it any more" : `Most of it is in ${of} now`;
  }
}

export interface Mark {
  word: string;
  title: string;
  /** Nothing to look at: shown faintly. */
  quiet: boolean;
}

/** After a first run everything is new, which says nothing. */
export function isFirstRun(list: ThemeList): boolean {
  return list.themes.every((theme) => theme.event === null || theme.event === "new");
}

/** The chip of a theme; `null` where there is nothing to compare with. */
export function mark(row: ThemeRow, first: boolean, name: NameOf): Mark | null {
  if (row.id === null) return null;
  // Only the user's hand makes a theme that no run found.
  if (row.event === null) return { word: "yours", title: "You made this theme; every run keeps it", quiet: false };
  if (first) return null;
  return { word: row.event, title: eventSentence(row.event, row.others, name), quiet: row.event === "kept" };
}

/** "grew from 410 to 683" */
export function historyLine(entry: ThemeHistoryEntry, name: NameOf): string {
  const of = entry.others.length > 0 ? named(entry.others, name) : null;
  switch (entry.event) {
    case "new":
      return `new, ${counted(entry.size, "feedback", "feedback")}`;
    case "gone":
      return `gone, ${count(entry.sizeBefore)} before${of === null ? "" : `; most of it went to ${of}`}`;
    case "split":
      return `split${of === null ? "" : ` from ${of}`}, ${counted(entry.size, "feedback", "feedback")}`;
    case "merged":
      return `merged${of === null ? "" : ` of ${of}`}, ${count(entry.size)} from ${count(entry.sizeBefore)}`;
    default:
      return entry.size === entry.sizeBefore
        ? `${entry.event}, ${counted(entry.size, "feedback", "feedback")}`
        : `${entry.event}, ${count(entry.size)} from ${count(entry.sizeBefore)}`;
  }
}

/** Themes that the run before had and this one does not, the biggest first. */
export function goneIn(history: readonly ThemeHistoryEntry[], runId: number): ThemeHistoryEntry[] {
  const seen = new Set<number>();
  return history
    .filter((entry) => {
      if (entry.runId !== runId || seen.has(entry.themeId)) return false;
      seen.add(entry.themeId);
      return entry.event === "gone";
    })
    .sort((a, b) => b.sizeBefore - a.sizeBefore || a.themeId - b.themeId);
}
