// Which files were imported into the invented workspace, and which could be?
import type { ImportCounts, ImportReport, ImportRequest, MappingEntry, RecognisedFile, Reject, RejectPage, ScoreRule, Source } from "../src/wire/index.ts";
import { scenario, type Handlers } from "./scenario.ts";

function counts(values: Partial<ImportCounts>): ImportCounts {
  return { read: 0, kept: 0, updated: 0, rejected: 0, sessions: 0, turns: 0, feedback: 0, joinedTurn: 0, joinedSession: 0, ...values };
}

export const FAKE_SOURCES: readonly Source[] = [
  {
    id: 1,
    name: "1719561600000-lf-scores-export-support-assistant.jsonl",
    path: "/home/somebody/Downloads/exports/2026/june/1719561600000-lf-scores-export-support-assistant.jsonl",
    format: "langfuse",
    formatReason: "has stringValue, dataType and source, as Langfuse scores do",
    digest: "9f2c4be1a7d05836c1b0e8f3aa52d7461f09cc3be2d17a508b6e94d3f7c0a1b2",
    bytes: 9_412_300,
    importedAt: "2026-06-29T08:00:03Z",
    counts: counts({ read: 24_424, kept: 24_386, rejected: 38, feedback: 24_386, joinedTurn: 24_288, joinedSession: 24_386 }),
  },
  {
    id: 2,
    name: "traces.jsonl",
    path: "/home/somebody/Downloads/exports/traces.jsonl",
    format: "langfuse",
    formatReason: "has sessionId, bookmarked and public, as Langfuse traces do",
    digest: "11aa4be1a7d05836c1b0e8f3aa52d7461f09cc3be2d17a508b6e94d3f7c0a1b2",
    bytes: 61_240_110,
    importedAt: "2026-06-29T08:00:03Z",
    counts: counts({ read: 46_772, kept: 46_772, sessions: 2000, turns: 46_772 }),
  },
  {
    id: 3,
    name: "app-store-reviews.csv",
    path: "/home/somebody/Downloads/app-store-reviews.csv",
    format: "table",
    formatReason: "a table with a column mapping",
    digest: "aa0c4be1a7d05836c1b0e8f3aa52d7461f09cc3be2d17a508b6e94d3f7c0a1b2",
    bytes: 812_300,
    importedAt: "2026-06-30T17:41:59Z",
    counts: counts({ read: 3120, kept: 3120, updated: 212, feedback: 3120 }),
  },
];

const REASONS = [
  "created_at is not a time that can be read: \"yesterday\"",
  "not valid JSON: EOF while parsing an object at line 1 column 311",
  "score is not a number: \"four\"",
  "not valid UTF-8: invalid byte sequence at 118",
];

function reject(i: number): Reject {
  return {
    id: i + 1,
    sourceId: 1,
    sourceName: FAKE_SOURCES[0]!.name,
    record: 17 + i * 641,
    byte: i % 4 === 3 ? null : 6210 + i * 247_113,
    reason: REASONS[i % REASONS.length] as string,
    raw:
      i === 2
        ? `{"id":"sc_${i}","comment":"${"a very long record ".repeat(400)}"}`
        : `{"id":"sc_${String(i).padStart(2, "0")}","traceId":"tr_9","timestamp":"yesterday","name":"user-thumbs","value":"four","comment":"<script>alert(1)</script> \u202eabc 🙃"`,
  };
}

const REJECTS = Array.from({ length: 38 }, (_, i) => reject(i));

function rejects(sourceId: number | null, after: number | null, limit: number): RejectPage {
  const rows = REJECTS.filter((row) => (sourceId === null || row.sourceId === sourceId) && row.id > (after ?? 0));
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null, total: sourceId === null || sourceId === 1 ? REJECTS.length : 0 };
}

let rules: ScoreRule[] = [
  { sourceId: 1, sourceName: FAKE_SOURCES[0]!.name, scoreName: "user-thumbs", feedbackType: "thumb", count: 14_210, minimum: 0, maximum: 1, scale: "zero_one", worst: 0, best: 1, negativeAtMost: 0, positiveAtLeast: 1, confirmed: false },
  { sourceId: 1, sourceName: FAKE_SOURCES[0]!.name, scoreName: "helpfulness", feedbackType: "rating", count: 3120, minimum: 1, maximum: 5, scale: "one_to_five", worst: 1, best: 5, negativeAtMost: 0.375, positiveAtLeast: 0.625, confirmed: true },
  { sourceId: 1, sourceName: FAKE_SOURCES[0]!.name, scoreName: "harm, judged by a model with a rather long name for a score", feedbackType: "annotation", count: 811, minimum: 0, maximum: 4, scale: "custom", worst: 4, best: 0, negativeAtMost: 0.4, positiveAtLeast: 0.6, confirmed: true },
  { sourceId: 3, sourceName: "app-store-reviews.csv", scoreName: null, feedbackType: "rating", count: 3120, minimum: 1, maximum: 5, scale: "one_to_five", worst: 1, best: 5, negativeAtMost: 0.375, positiveAtLeast: 0.625, confirmed: false },
];

function setRule(rule: ScoreRule): ScoreRule[] {
  rules = rules.map((old) => (old.sourceId === rule.sourceId && old.scoreName === rule.scoreName ? { ...rule, confirmed: true } : old));
  return rules;
}

const SUGGESTED: MappingEntry[] = [
  { target: "comment", column: "content", constant: false },
  { target: "score", column: "score", constant: false },
  { target: "created_at", column: "at", constant: false },
  { target: "model_version", column: "appVersion", constant: false },
];

export const PICKED = ["scores-july.jsonl", "reviews-july.csv", "firestore-output-0", "app-store-reviews.csv"].map((name) => `/home/somebody/Downloads/${name}`);

export function recognised(path: string): RecognisedFile {
  const name = path.split("/").at(-1) ?? path;
  const file: RecognisedFile = {
    path,
    name,
    bytes: 2_431_900,
    format: "langfuse",
    formatTitle: "Langfuse scores",
    reason: "has stringValue, dataType and source, as Langfuse scores do",
    confidence: 0.98,
    columns: [],
    suggestedMapping: [],
    alreadyImported: false,
    problem: null,
  };
  if (name.endsWith(".csv")) {
    return {
      ...file,
      format: "table",
      formatTitle: "Table",
      reason: "a table with a header line",
      confidence: 0.4,
      columns: ["reviewId", "userName", "content", "score", "thumbsUpCount", "reviewCreatedVersion", "at", "replyContent", "repliedAt", "appVersion"],
      suggestedMapping: SUGGESTED,
      alreadyImported: name === "app-store-reviews.csv",
    };
  }
  if (name.startsWith("firestore")) {
    return { ...file, format: "", formatTitle: "Firestore backup", confidence: 0, reason: "", problem: "A Firestore backup is not JSON: export the collection through BigQuery to JSON, CSV or Parquet instead" };
  }
  return file;
}

export function importReport(request: ImportRequest): ImportReport {
  const sources = request.paths.map((path, k): Source => ({
    ...(FAKE_SOURCES[0] as Source),
    id: 1 + k,
    name: path.split("/").at(-1) ?? path,
    path,
    counts: counts({ read: 8214, kept: 8176, updated: 120, rejected: k === 0 ? 38 : 0, feedback: 8176, joinedTurn: 7712, joinedSession: 8101 }),
  }));
  const total = counts({});
  for (const source of sources) for (const key of Object.keys(total) as (keyof ImportCounts)[]) total[key] += source.counts[key];
  return { sources, unchanged: [], skipped: [], total, seconds: 1.9 };
}

export const handlers: Handlers = {
  pick_files: () => PICKED,
  recognise_files: ({ paths }: { paths: string[] }) => paths.map(recognised),
  list_sources: () => (scenario() === "empty" ? [] : FAKE_SOURCES),
  list_rejects: ({ sourceId, after, limit }: { sourceId: number | null; after: number | null; limit: number }) => rejects(sourceId, after, limit),
  list_score_rules: () => (scenario() === "empty" ? [] : rules),
  set_score_rule: ({ rule }: { rule: ScoreRule }) => setRule(rule),
};
