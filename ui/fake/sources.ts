// Which files were imported into the invented workspace, and which could be?
import type {
  ImportCounts,
  ImportReport,
  ImportRequest,
  Label,
  MappingProfile,
  Reject,
  RejectPage,
  RemoveRequest,
  ScoreRule,
  Source,
  UnjoinedPage,
} from "../src/wire/index.ts";
import { fakeRows } from "./feedback.ts";
import { PICKED } from "./preview.ts";
import { scenario, type Handlers } from "./scenario.ts";
import { changed } from "./workspace.ts";

function counts(values: Partial<ImportCounts>): ImportCounts {
  return {
    read: 0,
    kept: 0,
    updated: 0,
    rejected: 0,
    sessions: 0,
    turns: 0,
    feedback: 0,
    joinedTurn: 0,
    joinedSession: 0,
    ...values,
  };
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
    counts: counts({
      read: 24_424,
      kept: 24_386,
      rejected: 38,
      feedback: 24_386,
      joinedTurn: 24_288,
      joinedSession: 24_386,
    }),
    mapping: [],
    notes: ["Corrections are not in this export: fetch them through the API, scores?dataType=CORRECTION"],
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
    mapping: [],
    notes: [],
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
    mapping: [
      { target: "score", column: "★ (1–5)", constant: false },
      { target: "query", column: "Frage", constant: false },
    ],
    notes: [],
  },
];

const REASONS = [
  'created_at is not a time that can be read: "yesterday"',
  "not valid JSON: EOF while parsing an object at line 1 column 311",
  'score is not a number: "four"',
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
  return {
    rows: page,
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
    total: sourceId === null || sourceId === 1 ? REJECTS.length : 0,
  };
}

function fakeRule(
  rule: Pick<ScoreRule, "tool" | "scoreName" | "feedbackType" | "count" | "maximum" | "scale" | "worst" | "best"> &
    Partial<ScoreRule>,
): ScoreRule {
  const negative = rule.scale === "zero_one" ? 0 : 0.375;
  return {
    scoreType: "numeric",
    sources: [{ id: 1, name: FAKE_SOURCES[0]!.name, format: "Langfuse scores (JSON)" }],
    only: null,
    judges: 0,
    minimum: Math.min(rule.worst, rule.best),
    negativeAtMost: negative,
    positiveAtLeast: 1 - negative,
    confirmed: false,
    open: null,
    ...rule,
  };
}

let rules: ScoreRule[] = [
  fakeRule({
    tool: "langfuse",
    scoreName: "user-thumbs",
    feedbackType: "thumb",
    count: 14_210,
    maximum: 1,
    scale: "zero_one",
    worst: 0,
    best: 1,
  }),
  fakeRule({
    tool: "langfuse",
    scoreName: "helpfulness",
    feedbackType: "rating",
    count: 3120,
    maximum: 5,
    scale: "one_to_five",
    worst: 1,
    best: 5,
    confirmed: true,
  }),
  fakeRule({
    tool: "langfuse",
    scoreName: "tone of voice, judged by a model with a rather long name for a score",
    feedbackType: "rating",
    count: 811,
    judges: 811,
    maximum: 4,
    scale: "custom",
    worst: 0,
    best: 4,
    open: "direction",
  }),
  fakeRule({
    tool: "table: comment=text,score=stars",
    scoreName: null,
    sources: [{ id: 3, name: "app-store-reviews.csv", format: "Table (CSV)" }],
    feedbackType: "rating",
    count: 3120,
    maximum: 5,
    scale: "one_to_five",
    worst: 1,
    best: 5,
  }),
];

let labels: Label[] = [
  { scoreName: "reason", label: "hallucination", count: 412, known: "negative", told: null },
  { scoreName: "reason", label: "Plan B", count: 96, known: "unknown", told: null },
  { scoreName: null, label: "👍", count: 2310, known: "positive", told: null },
  { scoreName: "topic", label: "billing", count: 75, known: "unknown", told: "neutral" },
];

function tellLabel(scoreName: string | null, label: string, polarity: Label["told"]): Label[] {
  labels = labels.map((old) => (old.scoreName === scoreName && old.label === label ? { ...old, told: polarity } : old));
  return labels;
}

function setRule(rule: ScoreRule): ScoreRule[] {
  rules = rules.map((old) =>
    old.tool === rule.tool && old.scoreName === rule.scoreName ? { ...rule, confirmed: true, open: null } : old,
  );
  return rules;
}

export function importReport(request: ImportRequest): ImportReport {
  const skipped = new Set(request.choices.filter((choice) => choice.skip).map((choice) => choice.path));
  const paths = request.paths.filter((path) => !skipped.has(path));
  const sources = paths.map((path, k): Source => ({
    ...(FAKE_SOURCES[0] as Source),
    id: k === 0 ? 1 : 10 + k,
    name: path.split("/").at(-1) ?? path,
    path,
    counts: counts({
      read: 8214,
      kept: 8176,
      updated: 120,
      rejected: k === 0 ? 38 : 0,
      feedback: 8176,
      joinedTurn: 7712,
      joinedSession: 8101,
    }),
  }));
  const total = counts({});
  for (const source of sources)
    for (const key of Object.keys(total) as (keyof ImportCounts)[]) total[key] += source.counts[key];
  for (const choice of request.choices) {
    if (choice.remember && choice.mapping.length > 0) {
      const columns = choice.mapping.filter((entry) => !entry.constant).map((entry) => entry.column);
      profiles = [
        ...profiles,
        {
          fingerprint: `f${profiles.length}`,
          name: choice.path.split("/").at(-1) ?? choice.path,
          columns,
          mapping: choice.mapping,
          usedAt: "2026-07-20T08:00:00Z",
        },
      ];
    }
  }
  return {
    sources,
    unchanged: [],
    skipped: [],
    total,
    unjoined: UNJOINED_REASONS,
    unmapped: sources.slice(0, 1).map((source) => ({
      sourceId: source.id,
      fields: [
        { field: "queueId", count: 812, reason: null },
        { field: "bookmarked", count: 8214, reason: "says how the tool shows it, not what happened" },
      ],
    })),
    notes: [
      "Corrections are not in this export of Langfuse scores: fetch them through the API, scores?dataType=CORRECTION",
    ],
    placing: null,
    seconds: 1.9,
  };
}

const UNJOINED_REASONS = [
  { reason: "name a turn that no imported file has", count: 401 },
  { reason: "name a session that no imported file has", count: 52 },
  { reason: "name no turn and no session", count: 11 },
];

function unjoined(sourceId: number | null, after: string | null, limit: number): UnjoinedPage {
  const total = sourceId === null || sourceId === 1 ? 464 : sourceId === 3 ? 120 : 0;
  const start = after === null ? 0 : Number(after);
  const rows = fakeRows()
    .slice(start, Math.min(total, start + limit))
    .map((row, k) => {
      const at = start + k;
      const reason = sourceId === 3 ? UNJOINED_REASONS[2] : UNJOINED_REASONS[at < 401 ? 0 : at < 453 ? 1 : 2];
      const sentence =
        at < 401 && sourceId !== 3
          ? `names turn tr_lost_${at}, which no imported file has`
          : (reason?.reason ?? "").replace(/^name /, "names ");
      return { row: { ...row, turnId: at < 401 ? `tr_lost_${at}` : null }, reason: sentence };
    });
  const reasons = sourceId === 3 ? [{ ...UNJOINED_REASONS[2]!, count: 120 }] : total === 0 ? [] : UNJOINED_REASONS;
  return { rows, next: start + limit < total ? String(start + limit) : null, total, reasons };
}

let profiles: MappingProfile[] = [
  {
    fingerprint: "f-app-store",
    name: "App store reviews",
    columns: [
      "★ (1–5)",
      "What went wrong, and why? Please be as specific as you can, with the time of day",
      "когда",
      "<b>plan</b>",
      "build",
    ],
    mapping: [
      { target: "score", column: "★ (1–5)", constant: false },
      {
        target: "comment",
        column: "What went wrong, and why? Please be as specific as you can, with the time of day",
        constant: false,
      },
      { target: "created_at", column: "когда", constant: false },
      { target: "environment", column: "production", constant: true },
    ],
    usedAt: "2026-06-30T17:41:59Z",
  },
  {
    fingerprint: "f-tickets",
    name: "Support tickets of the enterprise accounts in Europe, Middle East and Africa, second quarter.csv",
    columns: ["ticket", "text", "csat"],
    mapping: [
      { target: "comment", column: "text", constant: false },
      { target: "score", column: "csat", constant: false },
    ],
    usedAt: "2026-05-02T09:00:00Z",
  },
];

export const handlers: Handlers = {
  pick_files: () => PICKED,
  list_sources: () => (scenario() === "empty" ? [] : FAKE_SOURCES.filter((source) => !removed.has(source.id))),
  list_rejects: ({ sourceId, after, limit }: { sourceId: number | null; after: number | null; limit: number }) =>
    rejects(sourceId, after, limit),
  export_rejects: () => "/home/somebody/skipped-records.jsonl",
  list_unjoined: ({ sourceId, after, limit }: { sourceId: number | null; after: string | null; limit: number }) =>
    unjoined(sourceId, after, limit),
  remove_sources: ({ request }: { request: RemoveRequest }) => {
    for (const { id } of request.sources) removed.add(id);
    changed({ stale: true });
    return FAKE_SOURCES.filter((source) => !removed.has(source.id));
  },
  list_mapping_profiles: () => (scenario() === "empty" ? [] : profiles),
  remove_mapping_profile: ({ fingerprint }: { fingerprint: string }) =>
    (profiles = profiles.filter((profile) => profile.fingerprint !== fingerprint)),
  list_score_rules: () => (scenario() === "empty" ? [] : rules),
  list_labels: () => (scenario() === "empty" ? [] : labels),
  tell_label: (ask: { scoreName: string | null; label: string; polarity: Label["told"] }) =>
    tellLabel(ask.scoreName, ask.label, ask.polarity),
  set_score_rule: ({ rule }: { rule: ScoreRule }) => setRule(rule),
};

const removed = new Set<number>();
