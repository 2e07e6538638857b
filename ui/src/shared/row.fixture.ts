// A feedback with nothing in it, for tests to fill.
import type { FeedbackRow } from "../wire/index.ts";

/** The fields that every feedback has: all others are `null` here, without being listed. */
type Always = { [Field in keyof FeedbackRow as null extends FeedbackRow[Field] ? never : Field]: FeedbackRow[Field] };

const ALWAYS: Always = {
  id: "fb-1",
  feedbackType: "comment",
  author: "human",
  polarity: "neutral",
  reasons: [],
  tags: [],
  sourceName: "scores.jsonl",
  metadata: {},
};

export function feedbackRow(values: Partial<FeedbackRow>): FeedbackRow {
  const filled = { ...ALWAYS, ...values };
  return new Proxy(filled as FeedbackRow, {
    get: (row, field) => (field in row ? (Reflect.get(row, field) as unknown) : null),
  });
}
