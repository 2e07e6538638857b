// What would invented files look like before they are imported? A set of two tools that joins, a guess, a table with odd columns, and two that cannot be read.
import type {
  FeedbackType,
  FileChoice,
  MappingEntry,
  Preview,
  PreviewColumn,
  PreviewFeedback,
  PreviewFile,
  PreviewRequest,
  PreviewScore,
  PreviewSession,
  PreviewTurn,
} from "../src/wire/index.ts";
import { fakeRows, LONG_TEXT } from "./feedback.ts";
import { scenario } from "./scenario.ts";

const FOLDER = "/home/somebody/Downloads/exports/";

export const PICKED = [
  "1784592000000-lf-traces-export-support-assistant.jsonl",
  "1784592000000-lf-observations-export-support-assistant.jsonl",
  "1784592000000-lf-scores-export-support-assistant.jsonl",
  "phoenix/spans-2026-07.jsonl",
  "phoenix/annotations-2026-07.jsonl",
  "Kundenfeedback, Juli (endgültig, wirklich) – Kopie von Anna.csv",
  "ratings-dump.json",
  "app-store-reviews.csv",
  "export-7.csv",
  "notes.txt",
  "scores-2026-07.jsonl.gz",
].map((name) => FOLDER + name);

export const FORMATS = [
  { name: "canonical", title: "Hearback" },
  { name: "langfuse", title: "Langfuse" },
  { name: "phoenix", title: "Arize Phoenix" },
  { name: "otlp", title: "OpenTelemetry GenAI" },
  { name: "table", title: "Table" },
];

const EMPTY: Omit<PreviewFile, "path" | "name"> = {
  bytes: 2_431_900,
  format: "",
  formatTitle: "",
  reason: "",
  note: null,
  confidence: 0,
  guess: false,
  alreadyImported: false,
  problem: null,
  profile: null,
  columns: [],
  mapping: [],
  records: { sessions: [], turns: [], feedback: [] },
  read: 0,
  complete: false,
  rejected: 0,
  rejects: [],
  unmapped: [],
  scores: [],
};

/** The table with odd columns: as a person exports it from a survey that grew. */
const TABLE: Record<string, string>[] = Array.from({ length: 50 }, (_, k) => ({
  "Nr.": String(1041 + k),
  "★ (1–5)": k % 11 === 10 ? "" : String(1 + ((k * 7) % 5)),
  "What went wrong, and why? Please be as specific as you can, with the time of day":
    k === 1
      ? LONG_TEXT
      : ([
          "It told me 60 days. Your own page says 30",
          '<script>alert("hello")</script> & <img src=x onerror=alert(1)>',
          "الإجابة باللغة الإنجليزية رغم أنني سألت بالعربية",
          "=SUM(A1:A9)",
          "👩🏽‍🚀🔥🙃 ok",
          "",
          "zu lang, aber richtig",
        ][k % 7] ?? ""),
  когда: `2026-07-${String(1 + (k % 28)).padStart(2, "0")} 09:${String(k % 60).padStart(2, "0")}`,
  "<b>plan</b>": ["free", "pro", "enterprise"][k % 3] ?? "",
  "gespräch\u202eID": k % 4 === 0 ? "" : `c-${5000 + Math.floor(k / 2)}`,
  Frage: ["Wie lange habe ich Zeit für die Rückgabe?", "Wo ist mein Paket?"][k % 2] ?? "",
  Antwort: "Sie haben 60 Tage Zeit ab dem Tag der Lieferung.",
  build: ["2.1.4", "2.1.3", "2.0.9"][k % 3] ?? "",
  "": "x",
}));

const SUGGESTED: MappingEntry[] = [
  { column: "★ (1–5)", target: "score", constant: false },
  {
    column: "What went wrong, and why? Please be as specific as you can, with the time of day",
    target: "comment",
    constant: false,
  },
  { column: "когда", target: "created_at", constant: false },
  { column: "build", target: "model_version", constant: false },
];

function columns(rows: Record<string, string>[]): PreviewColumn[] {
  return Object.keys(rows[0] ?? {}).map((name) => {
    const values = rows.map((row) => row[name] ?? "").filter((value) => value !== "");
    const target = SUGGESTED.find((entry) => entry.column === name)?.target;
    const by = /^[a-z]+$/i.test(name) ? "name" : "values";
    return {
      name,
      examples: [...new Set(values)].slice(0, 3),
      filled: values.length / rows.length,
      suggested: target === undefined ? null : { target, by },
    };
  });
}

function feedback(values: Partial<PreviewFeedback> & { id: string }): PreviewFeedback {
  return {
    createdAt: null,
    sessionId: null,
    turnId: null,
    feedbackType: "comment",
    author: "human",
    polarity: "unknown",
    scoreName: null,
    score: null,
    label: null,
    reasons: [],
    comment: null,
    correction: null,
    confidence: null,
    tags: [],
    metadata: {},
    ...values,
  };
}

function turn(values: Partial<PreviewTurn> & { id: string }): PreviewTurn {
  return {
    sessionId: null,
    createdAt: null,
    query: null,
    systemContext: null,
    documents: 0,
    output: null,
    model: null,
    modelVersion: null,
    promptVersion: null,
    release: null,
    environment: null,
    userRole: null,
    tags: [],
    metadata: {},
    ...values,
  };
}

export function polarityOf(score: number | null, rule: PreviewScore | undefined): PreviewFeedback["polarity"] {
  if (score === null || rule === undefined) return "unknown";
  const normal = (score - rule.worst) / (rule.best - rule.worst);
  return normal <= rule.negativeAtMost ? "negative" : normal >= rule.positiveAtLeast ? "positive" : "neutral";
}

const STARS: PreviewScore = {
  tool: "table: score=★ (1–5)",
  scoreType: "numeric",
  open: null,
  scoreName: null,
  feedbackType: "rating",
  count: 46,
  minimum: 1,
  maximum: 5,
  scale: "one_to_five",
  worst: 1,
  best: 5,
  negativeAtMost: 0.375,
  positiveAtLeast: 0.625,
  sentence: "1 to 5, 5 is good",
  confirmed: false,
};
const THUMBS: PreviewScore = {
  tool: "langfuse",
  scoreType: "numeric",
  open: null,
  scoreName: "user-thumbs",
  feedbackType: "thumb",
  count: 31,
  minimum: 0,
  maximum: 1,
  scale: "zero_one",
  worst: 0,
  best: 1,
  negativeAtMost: 0,
  positiveAtLeast: 1,
  sentence: "0 or 1, 1 is good",
  confirmed: true,
};
const HARM: PreviewScore = {
  tool: "langfuse",
  scoreType: "numeric",
  open: "direction",
  scoreName: "tone of voice, judged by a model with a rather long name for a score",
  feedbackType: "annotation",
  count: 9,
  minimum: 0,
  maximum: 4,
  scale: "custom",
  worst: 0,
  best: 4,
  negativeAtMost: 0.4,
  positiveAtLeast: 0.6,
  sentence: "0 to 4, which end is good is not known",
  confirmed: false,
};

/** The records of a table with a mapping, as the engine would make them. */
function mapped(
  rows: Record<string, string>[],
  mapping: MappingEntry[],
): PreviewFile["records"] & { scores: PreviewScore[] } {
  const value = (row: Record<string, string>, target: string): string | null => {
    const entry = mapping.find((candidate) => candidate.target === target);
    if (entry === undefined) return null;
    return entry.constant ? entry.column : (row[entry.column] ?? "") || null;
  };
  const used = new Set(mapping.filter((entry) => !entry.constant).map((entry) => entry.column));
  const rule = mapping.some((entry) => entry.target === "score") ? STARS : undefined;
  const list = rows.map((row, k) => {
    const score = value(row, "score");
    const number = score === null || Number.isNaN(Number(score)) ? null : Number(score);
    const rest = Object.fromEntries(Object.entries(row).filter(([name, text]) => !used.has(name) && text !== ""));
    const named = Object.fromEntries(
      mapping
        .filter((entry) => entry.target.startsWith("metadata."))
        .map((entry) => [entry.target.slice(9), value(row, entry.target) ?? ""]),
    );
    const when = value(row, "created_at");
    const time = when === null ? Number.NaN : Date.parse(`${when.replace(" ", "T")}:00Z`);
    return {
      feedback: feedback({
        id: value(row, "id") ?? `row-${k + 1}`,
        createdAt: Number.isNaN(time) ? null : new Date(time).toISOString(),
        sessionId: value(row, "session_id"),
        turnId: value(row, "turn_id") ?? ((value(row, "query") ?? value(row, "output")) ? `turn-${k + 1}` : null),
        feedbackType: (value(row, "feedback_type") as FeedbackType | null) ?? (number === null ? "comment" : "rating"),
        scoreName: value(row, "score_name"),
        score: number,
        polarity: polarityOf(number, rule),
        label: value(row, "label"),
        reasons: value(row, "reasons") === null ? [] : [value(row, "reasons") as string],
        comment: value(row, "comment"),
        correction: value(row, "correction"),
        metadata: { ...rest, ...named },
      }),
      turn:
        value(row, "query") === null && value(row, "output") === null
          ? null
          : turn({
              id: `turn-${k + 1}`,
              sessionId: value(row, "session_id"),
              query: value(row, "query"),
              output: value(row, "output"),
              modelVersion: value(row, "model_version"),
              environment: value(row, "environment"),
            }),
    };
  });
  return {
    sessions: [],
    turns: list.flatMap((item) => item.turn ?? []),
    feedback: list.map((item) => item.feedback),
    scores: rule === undefined ? [] : [rule],
  };
}

const turns: PreviewTurn[] = Array.from({ length: 50 }, (_, k) => {
  const row = fakeRows()[k * 3];
  return turn({
    id: `tr_${String(k).padStart(4, "0")}`,
    sessionId: `mwoz-${412 + Math.floor(k / 4)}`,
    createdAt: row?.createdAt ?? null,
    query: row?.query ?? "Can I still get my money back?",
    systemContext: k % 3 === 0 ? "You are the support assistant of a shop. Answer in two sentences." : null,
    documents: k % 3,
    output:
      k === 2 ? "" : k === 3 ? LONG_TEXT : "You can return it within 60 days of purchase. Would you like a label?",
    model: "assistant",
    modelVersion: row?.modelVersion ?? null,
    promptVersion: "v3",
    environment: "production",
    userRole: row?.userRole ?? null,
    metadata: { surface: "web" },
  });
});
const sessions: PreviewSession[] = Array.from({ length: 12 }, (_, k) => ({
  id: `mwoz-${412 + k}`,
  startedAt: turns[k * 4]?.createdAt ?? null,
  userId: k % 3 === 0 ? null : `email-${(0x9f2c4be1 + k).toString(16)}`,
  userRole: "free",
  environment: "production",
  metadata: {},
}));

function scored(judges: boolean): PreviewFeedback[] {
  return Array.from({ length: 50 }, (_, k) => {
    const row = fakeRows()[k];
    const judge = judges && k % 6 === 5;
    const thumb = !judge && k % 3 !== 2;
    const score = judge ? k % 5 : thumb ? k % 2 : null;
    return feedback({
      id: `sc_${String(k).padStart(4, "0")}`,
      createdAt: row?.createdAt ?? null,
      turnId: `tr_${String(k * 3).padStart(4, "0")}`,
      sessionId: k % 9 === 8 ? null : `mwoz-${412 + Math.floor(k / 4)}`,
      feedbackType: judge ? "annotation" : thumb ? "thumb" : "comment",
      author: judge ? "judge" : "human",
      scoreName: judge ? HARM.scoreName : thumb ? THUMBS.scoreName : "user-comment",
      score,
      polarity: polarityOf(score, judge ? HARM : thumb ? THUMBS : undefined),
      comment: judge ? "contradicts refund-policy.md, section 2" : (row?.comment ?? null),
      reasons: k % 7 === 0 ? ["factually incorrect"] : [],
      metadata: judge ? { source: "EVAL", config_id: "cfg_91" } : { source: "API" },
    });
  });
}

function look(path: string, choice: FileChoice | undefined): PreviewFile {
  const name = path.split("/").at(-1) ?? path;
  const file: PreviewFile = { ...EMPTY, path, name };
  if (name === "notes.txt") {
    return {
      ...file,
      bytes: 1213,
      problem:
        "notes.txt is of no format that is known (looked at as CSV). Say what its columns are, such as comment=content, or export it again from your tool",
    };
  }
  if (name.endsWith(".gz")) {
    return {
      ...file,
      bytes: 88_120,
      problem:
        "scores-2026-07.jsonl.gz ends in the middle of its compressed data at byte 88 064. Fetch the file again: it was cut off on its way",
    };
  }
  const forced = choice?.format ?? null;
  if (name === "export-7.csv" && forced === null && (choice?.mapping.length ?? 0) === 0) {
    return {
      ...file,
      bytes: 91_200,
      columns: columns(TABLE),
      problem:
        "export-7.csv is of no format that is known (looked at as CSV). Say what its columns are, such as comment=content",
    };
  }
  if (name.endsWith(".csv") || forced === "table") {
    const known = name === "app-store-reviews.csv";
    const saved: MappingEntry[] = [
      { target: "score", column: "★ (1–5)", constant: false },
      {
        target: "comment",
        column: "What went wrong, and why? Please be as specific as you can, with the time of day",
        constant: false,
      },
      { target: "created_at", column: "когда", constant: false },
      { target: "environment", column: "production", constant: true },
    ];
    const mapping = choice?.mapping.length ? choice.mapping : known ? saved : SUGGESTED;
    const { scores, ...records } = mapped(TABLE, mapping);
    return {
      ...file,
      bytes: 812_300,
      format: "table",
      formatTitle: "Table (CSV)",
      reason: known ? "its header is that of a mapping you saved" : "a table whose columns look like feedback",
      confidence: forced === "table" ? 1 : known ? 1 : 0.6,
      alreadyImported: known,
      profile: known ? "App store reviews" : null,
      columns: columns(TABLE),
      mapping,
      records,
      read: 52,
      complete: true,
      rejected: 3,
      rejects: [
        {
          record: 17,
          byte: 6210,
          reason: 'score is not a number: "four"',
          raw: '1057,four,"<script>alert(1)</script> \u202eabc 🙃",2026-07-03 09:11,free',
        },
        { record: 17, byte: 6210, reason: "another part of the same record", raw: "" },
        {
          record: 44,
          byte: 19_012,
          reason: "not valid UTF-8: invalid byte sequence at 118",
          raw: `1084,2,"${"a very long record ".repeat(200)}"`,
        },
      ],
      unmapped: [{ field: "(column without a name)", count: 50, reason: "a column needs a name to become metadata" }],
      scores,
    };
  }
  const langfuse = { ...file, format: forced ?? "langfuse", confidence: 0.98 };
  if (name.includes("lf-traces")) {
    return {
      ...langfuse,
      bytes: 61_240_110,
      formatTitle: "Langfuse traces (JSON lines)",
      reason: "the file's name says so, and its records have release, bookmarked, public and sessionId",
      records: { sessions, turns, feedback: [] },
      read: 50,
      unmapped: [
        { field: "bookmarked", count: 50, reason: "says how the tool shows it, not what happened" },
        { field: "htmlPath", count: 50, reason: null },
      ],
    };
  }
  if (name.includes("lf-observations")) {
    return {
      ...langfuse,
      bytes: 204_240_110,
      formatTitle: "Langfuse observations (JSON lines)",
      reason: "has traceId, type GENERATION and usageDetails",
      note: "Prompts that were deleted in Langfuse are named here by id only",
      records: { sessions: [], turns: turns.slice(0, 20), feedback: [] },
      read: 50,
    };
  }
  if (name.includes("lf-scores")) {
    return {
      ...langfuse,
      bytes: 9_412_300,
      formatTitle: "Langfuse scores (JSON lines)",
      reason: "has stringValue, dataType and source, as Langfuse scores do",
      note: "Corrections are not in this export: fetch them through the API, scores?dataType=CORRECTION",
      records: { sessions: [], turns: [], feedback: scored(true) },
      read: 52,
      rejected: 2,
      rejects: [
        {
          record: 12,
          byte: 8211,
          reason: 'created_at is not a time that can be read: "yesterday"',
          raw: '{"id":"sc_0","traceId":"tr_9","timestamp":"yesterday","name":"user-thumbs","value":1}',
        },
        {
          record: 31,
          byte: 20_711,
          reason: "not valid JSON: EOF while parsing an object at line 1 column 311",
          raw: '{"id":"sc_1","traceId":"tr_9",',
        },
      ],
      unmapped: [{ field: "queueId", count: 12, reason: null }],
      scores: [THUMBS, HARM],
    };
  }
  const phoenix = { ...file, format: forced ?? "phoenix", confidence: 0.95 };
  if (name.startsWith("spans")) {
    return {
      ...phoenix,
      bytes: 18_400_000,
      formatTitle: "Arize Phoenix spans (JSON lines)",
      reason: "has span_kind, context.trace_id and attributes with openinference.span.kind",
      note: "Phoenix leaves the resource attributes out of this download: deployment.environment is missing",
      records: { sessions: sessions.slice(0, 4), turns: turns.slice(0, 31), feedback: [] },
      read: 50,
    };
  }
  if (name.startsWith("annotations")) {
    return {
      ...phoenix,
      bytes: 412_000,
      formatTitle: "Arize Phoenix annotations (JSON lines)",
      reason: "has span_id, annotator_kind and result",
      records: { sessions: [], turns: [], feedback: scored(false).slice(0, 40) },
      read: 40,
      complete: true,
      scores: [{ ...THUMBS, count: 27 }],
    };
  }
  return {
    ...file,
    bytes: 44_100,
    format: forced ?? "canonical",
    formatTitle: "Hearback records (JSON)",
    reason: "has score and comment, which many tools write",
    confidence: forced === null ? 0.35 : 1,
    guess: forced === null,
    records: { sessions: [], turns: [], feedback: scored(false).slice(0, 12) },
    read: 12,
    complete: true,
    scores: [{ ...THUMBS, scoreName: null, count: 8 }],
  };
}

export function preview(request: PreviewRequest): Preview {
  const paths = request.only === null ? request.paths : [request.only];
  const files = paths.map((path) =>
    look(
      path,
      request.choices.find((choice) => choice.path === path),
    ),
  );
  if (scenario() === "long" && request.only === null) {
    files.push(
      ...Array.from({ length: 200 }, (_, k) =>
        look(`${FOLDER}many/part-${String(k).padStart(4, "0")}-lf-scores.jsonl`, undefined),
      ),
    );
  }
  return { files, formats: FORMATS };
}
