// What did this feedback say, in one line?
//
// Feedback has words in several places and often in none. The table shows the strongest: what the user wrote, then
// what the user would rather have read, then the label or the reasons chosen, and last the query it is about, which is
// not what the feedback says and must not look like it.
import type { FeedbackRow, FeedbackType, Polarity } from "../wire/index.ts";
import { day, typeTitle } from "./format.ts";

export type SaidKind = "comment" | "correction" | "reason" | "label" | "quote" | "query" | "nothing";

export interface Said {
  kind: SaidKind;
  /** One line; whitespace is folded, long texts are cut far beyond what a row can show. */
  text: string;
}

const LINE = 400;

export function said(row: FeedbackRow): Said {
  const line = (kind: SaidKind, text: string | null | undefined): Said | null => {
    const folded = (text ?? "")
      .slice(0, 4 * LINE)
      .replace(/\s+/g, " ")
      .trim();
    return folded === "" ? null : { kind, text: folded.length > LINE ? `${folded.slice(0, LINE)}…` : folded };
  };
  return (
    line("comment", row.comment) ??
    line("correction", row.correction) ??
    line("reason", row.reasons.join(", ")) ??
    // The label of derived feedback is its rule, which stands before its words.
    line("label", row.author === "derived" ? null : row.label) ??
    line("quote", row.span?.quote) ??
    line("query", row.query) ?? { kind: "nothing", text: "" }
  );
}

/** The word before the text, where the text is not simply what the user wrote. */
export const SAID_WORD: Record<SaidKind, string> = {
  comment: "",
  correction: "correction",
  reason: "reason",
  label: "label",
  quote: "marked",
  query: "about",
  nothing: "no words",
};

/** Sign before the word, so that polarity is never colour alone. */
export const POLARITY_SIGN: Record<Polarity, string> = { negative: "−", neutral: "·", positive: "+", unknown: "?" };

/** What the feedback is, as a heading beside its turn: "Thumb down", "Rating 2", "asked again". */
export function act(row: FeedbackRow): string {
  const score = row.score === null ? "" : ` ${String(row.score).replace("-", "−")}`;
  switch (row.feedbackType) {
    case "thumb":
      return row.polarity === "positive" ? "Thumb up" : row.polarity === "negative" ? "Thumb down" : "Thumb";
    case "rating":
      return `Rating${score}`;
    case "category":
      return row.reasons.length > 0 ? "Category" : (row.label ?? "Category");
    case "implicit":
      return signalRule(row) ?? row.label ?? row.scoreName ?? "Implicit signal";
    case "annotation":
      return "Annotation";
    case "preference":
      return "Preference";
    case "correction":
      return "Correction";
    case "comment":
      return "Comment";
  }
}

/** Who it is of, before its words: nothing for people, and for what was derived, by which rule. */
export function authorTag(row: Pick<FeedbackRow, "author" | "label">): string | null {
  if (row.author === "human") return null;
  const rule = signalRule(row);
  return rule === null ? row.author : `derived: ${rule}`;
}

/** The rule by which feedback was derived from the trail, in words: it stands as its label. */
export function signalRule(row: Pick<FeedbackRow, "author" | "label">): string | null {
  return row.author === "derived" ? (row.label?.replaceAll("_", " ") ?? null) : null;
}

export const TYPES: readonly FeedbackType[] = [
  "thumb",
  "rating",
  "category",
  "correction",
  "comment",
  "implicit",
  "annotation",
  "preference",
];

/** The line under a quoted example: type, version, role, date. */
export function exampleLine(row: FeedbackRow): string {
  const type = row.author === "derived" ? `${typeTitle(row.feedbackType)} (derived)` : typeTitle(row.feedbackType);
  return [type, row.modelVersion, row.environment, row.userRole, row.createdAt === null ? null : day(row.createdAt)]
    .filter((part) => part !== null && part !== "")
    .join(" · ");
}
