// A feedback with nothing in it, for tests to fill.
import type { FeedbackRow } from "../wire/index.ts";

export function feedbackRow(values: Partial<FeedbackRow>): FeedbackRow {
  return {
    id: "fb-1",
    createdAt: null,
    sessionId: null,
    turnId: null,
    feedbackType: "comment",
    author: "human",
    polarity: "neutral",
    scoreName: null,
    score: null,
    scoreNormal: null,
    label: null,
    reasons: [],
    comment: null,
    correction: null,
    confidence: null,
    span: null,
    query: null,
    model: null,
    modelVersion: null,
    promptVersion: null,
    release: null,
    environment: null,
    userRole: null,
    tags: [],
    themeId: null,
    themeName: null,
    sourceName: "scores.jsonl",
    metadata: {},
    ...values,
  };
}
