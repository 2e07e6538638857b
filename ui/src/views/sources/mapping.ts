// Which column of this table is what?
//
// A column means one thing and a field has one column, except that any number of columns may become metadata.
// Columns that are left alone are kept as metadata under their own name by the reader; "leave out" is not offered.
import type { MappingEntry, PreviewColumn } from "../../wire/index.ts";

export interface Field {
  target: string;
  title: string;
  group: string;
}

/** The fields of the data model, in the order in which people look for them. */
export const FIELDS: readonly Field[] = [
  { target: "comment", title: "Comment", group: "Feedback" },
  { target: "score", title: "Score", group: "Feedback" },
  { target: "label", title: "Label", group: "Feedback" },
  { target: "reasons", title: "Reasons", group: "Feedback" },
  { target: "correction", title: "Correction", group: "Feedback" },
  { target: "feedback_type", title: "Feedback type", group: "Feedback" },
  { target: "score_name", title: "Score name", group: "Feedback" },
  { target: "confidence", title: "Confidence", group: "Feedback" },
  { target: "id", title: "Feedback id", group: "Feedback" },
  { target: "created_at", title: "Time", group: "When and where" },
  { target: "environment", title: "Environment", group: "When and where" },
  { target: "user_role", title: "User role", group: "When and where" },
  { target: "user_id", title: "User id", group: "When and where" },
  { target: "tags", title: "Tags", group: "When and where" },
  { target: "session_id", title: "Session id", group: "Conversation" },
  { target: "turn_id", title: "Turn id", group: "Conversation" },
  { target: "query", title: "User query", group: "Conversation" },
  { target: "system_context", title: "System context", group: "Conversation" },
  { target: "output", title: "Model output", group: "Conversation" },
  { target: "model", title: "Model", group: "Version" },
  { target: "model_version", title: "Model version", group: "Version" },
  { target: "prompt_version", title: "Prompt version", group: "Version" },
  { target: "release", title: "Release", group: "Version" },
];

const METADATA = "metadata.";

export function metadataTarget(column: string): string {
  return METADATA + column;
}

/** "Comment" for `comment`; of metadata the key. */
export function fieldTitle(target: string): string {
  return (
    FIELDS.find((field) => field.target === target)?.title ??
    (target.startsWith(METADATA) ? `metadata ${target.slice(METADATA.length)}` : target)
  );
}

/** What a column becomes; metadata under its own name where nothing was chosen. */
export function targetOf(mapping: readonly MappingEntry[], column: string): string {
  return mapping.find((entry) => !entry.constant && entry.column === column)?.target ?? metadataTarget(column);
}

/** What a suggestion rests on; a saved mapping may know better than either. */
export function suggestedBy(column: Pick<PreviewColumn, "suggested">, target: string): string {
  if (column.suggested?.target !== target) return "by a saved mapping";
  return column.suggested.by === "name" ? "by its name" : "by its values";
}

/** Fields that do not come from a column as it stands: the same in every row, or from inside a column by a path. */
export function ownOf(mapping: readonly MappingEntry[], columns: readonly string[]): MappingEntry[] {
  return mapping.filter((entry) => entry.constant || !columns.includes(entry.column));
}

/** What can be read: a path that is still to be written is not. */
export function written(mapping: readonly MappingEntry[]): MappingEntry[] {
  return mapping.filter((entry) => entry.constant || (entry.column.trim() !== "" && !entry.column.endsWith(".")));
}

/** Gives a field the same value in every row, or a path, in the place of whatever it had. */
export function withOwn(
  mapping: readonly MappingEntry[],
  target: string,
  column: string,
  constant: boolean,
): MappingEntry[] {
  const entry = { target, column, constant };
  return mapping.some((old) => old.target === target)
    ? mapping.map((old) => (old.target === target ? entry : old))
    : [...mapping, entry];
}

export function withoutField(mapping: readonly MappingEntry[], target: string): MappingEntry[] {
  return mapping.filter((entry) => entry.target !== target);
}

/** The fields that nothing has been given to yet. */
export function freeFields(mapping: readonly MappingEntry[]): Field[] {
  return FIELDS.filter((field) => !mapping.some((entry) => entry.target === field.target));
}

/** Sets what a column becomes. A field taken from another column leaves that one as metadata. */
export function assign(mapping: readonly MappingEntry[], column: string, target: string): MappingEntry[] {
  const others = mapping.filter(
    (entry) =>
      (entry.constant || entry.column !== column) && (entry.target !== target || entry.target.startsWith(METADATA)),
  );
  return target === metadataTarget(column) ? others : [...others, { target, column, constant: false }];
}

/** What the user should know before importing with this mapping; `null` when it is fine. */
export function doubt(mapping: readonly MappingEntry[]): string | null {
  const targets = new Set(mapping.map((entry) => entry.target));
  const words = ["comment", "correction", "reasons", "label", "score"];
  if (!words.some((target) => targets.has(target))) {
    return "No column is a comment, score, label, reason or correction: these rows would not say whether anyone was pleased";
  }
  if (!targets.has("created_at")) return "No column is a time: these rows will not show in trends";
  if (!targets.has("turn_id") && !targets.has("query") && !targets.has("output")) {
    return "No column leads to a turn: these rows will have no trail";
  }
  return null;
}
