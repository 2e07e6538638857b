// Is this theme getting worse, by how much, and how sure is that? As sentences.
import type { Comparison, FeedbackRow, ThemeRow } from "../../wire/index.ts";
import { exampleLine } from "../../shared/feedbackWords.ts";
import { count, counted, points, share } from "../../shared/format.ts";
import { app } from "../../shared/state.svelte.ts";

/** What it is called now; one that is gone and was never seen in this window has only its number. */
export function nameOf(id: number): string {
  return app.names.themes.get(id) ?? `theme ${id}`;
}

/** For sentences: a name as people give it fits; a pasted page does not. */
export function shortName(id: number): string {
  const name = nameOf(id);
  return name.length > 60 ? `${name.slice(0, 59).trimEnd()}…` : name;
}

export function againstWhat(comparison: Comparison): string {
  return comparison.kind === "previous_period"
    ? "against the period before"
    : `in ${comparison.current} against ${comparison.previous}`;
}

export interface Verdict {
  sign: string;
  word: string;
  rest: string;
  /** The numbers behind it. */
  numbers: string;
}

/** "▲ worse against the period before" and "complaints 2.3 % → 6.1 % of all feedback, difference 3.8 points (2.9 to 4.7), n = 683". */
export function verdict(row: ThemeRow, comparison: Comparison): Verdict | null {
  if (row.change === null || row.complaintsNow === null || row.complaintsBefore === null) return null;
  const sign = Math.abs(row.change) < 0.0005 ? "" : row.change > 0 ? "▲" : "▼";
  const grew = row.change > 0 ? "more frequent" : "less frequent";
  const word =
    row.direction === "worse"
      ? "worse"
      : row.direction === "better"
        ? "better"
        : row.direction === "unclear"
          ? "no clear change"
          : grew;
  const bare = (value: number): string => points(value).replace("▲ ", "").replace("▼ ", "−");
  const interval =
    row.changeLow === null || row.changeHigh === null ? "" : ` (${bare(row.changeLow)} to ${bare(row.changeHigh)})`;
  return {
    sign: row.direction === "unclear" ? "" : sign,
    word,
    rest: againstWhat(comparison),
    numbers: `complaints ${share(row.complaintsBefore)} → ${share(row.complaintsNow)} of all feedback, difference ${bare(row.change)} points${interval}, n = ${count(row.sums.n)}`,
  };
}

/** For screen readers: what the small line shows. */
export function sparklineWords(row: ThemeRow): string {
  const most = Math.max(0, ...row.sparkline);
  const last = row.sparkline.at(-1) ?? 0;
  return `${counted(row.sparkline.length, "step")} of time: at most ${count(most)} feedback, ${count(last)} in the last`;
}

/** A theme as text, for pasting into a ticket. */
export function asText(row: ThemeRow, comparison: Comparison, examples: readonly FeedbackRow[]): string {
  const said = verdict(row, comparison);
  return [
    row.name,
    row.keywords.length > 0 ? `Keywords: ${row.keywords.join(", ")}` : null,
    `${counted(row.sums.n, "feedback", "feedback")}, ${share(row.negativeShare.value, 0)} negative`,
    said === null ? null : `${[said.sign, said.word].filter(Boolean).join(" ")} ${said.rest}: ${said.numbers}`,
    ...examples.map(
      (example) =>
        `- ${(example.comment ?? example.correction ?? "").replace(/\s+/g, " ").slice(0, 300)} (${exampleLine(example)})`,
    ),
  ]
    .filter((line) => line !== null)
    .join("\n");
}
