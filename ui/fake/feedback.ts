// What does a workspace with everything awkward in it look like? Invented feedback, the same at every start, for looking
// at the window in a plain browser and for unit tests. Never part of what is shipped.
import type {
  Author,
  Dimension,
  FeedbackPage,
  FeedbackQuery,
  FeedbackRow,
  FeedbackType,
  Filter,
  Polarity,
  SimilarCase,
  SimilarQuery,
} from "../src/wire/index.ts";
import type { Handlers } from "./scenario.ts";

export interface FakeTheme {
  id: number;
  name: string;
  keywords: string[];
  weight: number;
  /** Share of its feedback that is negative. */
  negative: number;
  texts: string[];
  queries: string[];
}

export const FAKE_THEMES: readonly FakeTheme[] = [
  {
    id: 1,
    name: "Refund window stated wrongly",
    keywords: ["refund", "30 days", "60 days", "policy", "refund window"],
    weight: 17,
    negative: 0.91,
    texts: [
      "It told me 60 days. Your own page says 30, I lost the refund because of this.",
      "Wrong policy quoted, twice, even after I pasted the right one",
      "Which is it now, 30 or 60?",
      "Refund deadline is wrong again",
    ],
    queries: ["Can I still get my money back? I bought it on 2 April.", "How long do I have to return a lamp?"],
  },
  {
    id: 2,
    name: "Booking confirmed for the wrong day",
    keywords: ["booking", "wrong day", "saturday", "confirmed", "date"],
    weight: 13,
    negative: 0.77,
    texts: [
      "I asked for Saturday, it booked Sunday",
      "Confirmed for the 14th although I wrote 15th three times",
      "dates are mixed up when I say next friday",
    ],
    queries: ["Book a table for two next Friday at seven", "Please move my booking to the 15th"],
  },
  {
    id: 3,
    name: "Answer too long before the point",
    keywords: ["too long", "verbose", "point", "paragraphs", "short"],
    weight: 12,
    negative: 0.22,
    texts: ["Five paragraphs before the answer", "TL;DR please", "could be one sentence", "good but long-winded"],
    queries: ["What does the Pro plan cost?", "Is there a free tier?"],
  },
  {
    id: 4,
    name: "Phone number missing or wrong",
    keywords: ["phone", "number", "call", "support line"],
    weight: 11,
    negative: 0.64,
    texts: [
      "The number it gave is out of service",
      "no phone number in the answer",
      "I need a number to call, not an article",
    ],
    queries: ["What is the number of the hotel?", "How can I call you?"],
  },
  {
    id: 5,
    name: "Return label missing from the confirmation mail after a partial return of an order with several parcels",
    keywords: ["return label", "mail", "confirmation", "parcel", "partial return of several parcels"],
    weight: 10,
    negative: 0.58,
    texts: ["no label in the mail, two weeks", "The PDF with the label is empty", "label? where?"],
    queries: ["I returned one of two parcels, where is the label?"],
  },
  {
    id: 6,
    name: "Taxi time misread",
    keywords: ["taxi", "pickup", "time", "late"],
    weight: 9,
    negative: 0.71,
    texts: ["I said 7 in the morning not 19:00", "Taxi came an hour late because it read the time wrong"],
    queries: ["Taxi to the station at 7, please"],
  },
  {
    id: 7,
    name: "Wrong tone with upset customers",
    keywords: ["tone", "rude", "apology", "upset"],
    weight: 8,
    negative: 0.49,
    texts: [
      "Do not tell me to calm down",
      "cheerful emoji after I said my order burned 🔥🙃",
      "sounds like a robot apologising",
    ],
    queries: ["Your courier broke my window!"],
  },
  {
    id: 8,
    name: "Vegetarian options not found",
    keywords: ["vegetarian", "vegan", "menu", "restaurant"],
    weight: 7,
    negative: 0.4,
    texts: ["It listed a steak house as vegetarian", "found a good vegan place, thanks"],
    queries: ["A vegetarian restaurant in the centre?"],
  },
  {
    id: 9,
    name: "واجهة اللغة العربية",
    keywords: ["العربية", "ترجمة", "اتجاه"],
    weight: 2,
    negative: 0.55,
    texts: ["الإجابة باللغة الإنجليزية رغم أنني سألت بالعربية", "اتجاه النص خاطئ (RTL) في الجدول"],
    queries: ["كم يوماً لدي لإرجاع المنتج؟"],
  },
  {
    id: 10,
    name: "<b>Markup</b> shown instead of text",
    keywords: ["<script>", "html", "markup", "&amp;"],
    weight: 1,
    negative: 0.8,
    texts: [
      '<script>alert("feedback")</script> appears in the answer',
      "<img src=x onerror=alert(1)> and &lt;b&gt; everywhere",
    ],
    queries: ["Write me <h1>hello</h1> please"],
  },
];

/** Feedback with words but without a theme. */
const STRAY = [
  "ok",
  "hmm",
  "asdf",
  "the blue one was nicer",
  "My cat walked over the keyboard",
  "works on my phone",
  "👍🏽",
  "later",
];

export const FAKE_TOTAL = 24_386;
const WEEKS = 26;
const START = Date.UTC(2026, 0, 5);
const VERSIONS: [string, number, number][] = [
  ["1.8", 0, 10],
  ["2.0", 6, 20],
  ["2.1", 17, 26],
  ["2.1-rc.3+build.20260514.internal-canary", 16, 18],
];
const ENVIRONMENTS = ["production", "production", "production", "staging", "dev"];
const ROLES = ["free", "pro", "enterprise", "support agent", null];
const REASONS = ["factually incorrect", "too vague", "wrong tone", "did not follow the instructions"];
const TYPES: FeedbackType[] = [
  "thumb",
  "thumb",
  "thumb",
  "rating",
  "category",
  "comment",
  "comment",
  "implicit",
  "correction",
  "annotation",
  "preference",
];

/** 13 kB, as people paste them. */
export const LONG_TEXT = Array.from(
  { length: 88 },
  (_, k) =>
    `${k + 1}. The answer says the order was delivered on day ${k + 3}, but the courier's page says otherwise.\n` +
    `   I have asked ${k + 1} times now and each time I get the same paragraph back.\n`,
).join("\n");

/** A well mixed whole number from two others. */
export function mixed(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

function pick<T>(list: readonly T[], a: number, b: number): T {
  return list[mixed(a, b) % list.length] as T;
}

function unit(a: number, b: number): number {
  return mixed(a, b) / 2 ** 32;
}

function row(i: number): FeedbackRow {
  // Newest first by number, so that the awkward ones below lead the table.
  const age = i / FAKE_TOTAL;
  const at = START + (1 - age) * WEEKS * 7 * 864e5 - 1 - Math.floor(unit(i, 1) * 6e4);
  const week = Math.floor((at - START) / (7 * 864e5));
  const versions = VERSIONS.filter(([, from, to]) => week >= from && week < to);
  const version = versions.length === 0 ? null : pick(versions, i, 2)[0];
  const weights = FAKE_THEMES.reduce((sum, theme) => sum + theme.weight, 0);
  let ticket = unit(i, 3) * (weights + 28);
  // Since 2.1 the first theme is three times as frequent.
  if (version === "2.1" && unit(i, 4) < 0.12) ticket = 0;
  const theme = FAKE_THEMES.find((candidate) => (ticket -= candidate.weight) < 0) ?? null;
  const stray = theme === null && ticket < 11;
  const feedbackType =
    theme === null && !stray ? pick<FeedbackType>(["thumb", "thumb", "rating", "implicit"], i, 5) : pick(TYPES, i, 5);
  const mood = unit(i, 6);
  const negative = theme?.negative ?? 0.35;
  const polarity: Polarity =
    feedbackType === "correction"
      ? "negative"
      : mood < negative
        ? "negative"
        : mood < negative + 0.12
          ? "neutral"
          : "positive";
  const says = theme === null ? (stray ? pick(STRAY, i, 7) : null) : pick(theme.texts, i, 7);
  const withWords = feedbackType === "comment" || feedbackType === "annotation" || unit(i, 8) < 0.35;
  const stars = polarity === "negative" ? 1 + (mixed(i, 9) % 2) : polarity === "neutral" ? 3 : 4 + (mixed(i, 9) % 2);
  const score = feedbackType === "thumb" ? (polarity === "positive" ? 1 : 0) : feedbackType === "rating" ? stars : null;
  const author: Author =
    feedbackType === "implicit"
      ? "derived"
      : feedbackType === "annotation" && mixed(i, 10) % 3 === 0
        ? "judge"
        : "human";
  const session = i % 9 === 8 ? null : `mwoz-${String(Math.floor(i / 4) + 412).padStart(4, "0")}`;
  return {
    id: `fb-${String(i).padStart(5, "0")}`,
    createdAt: i % 997 === 996 ? null : new Date(at).toISOString(),
    sessionId: session,
    turnId: session === null ? null : `${session}-t${1 + (i % 4)}`,
    feedbackType,
    author,
    polarity: feedbackType === "thumb" && polarity === "neutral" ? "negative" : polarity,
    scoreName: feedbackType === "thumb" ? "user-thumbs" : feedbackType === "rating" ? "helpfulness" : null,
    score,
    scoreNormal: score === null ? null : feedbackType === "thumb" ? score : (score - 1) / 4,
    label:
      feedbackType === "implicit"
        ? pick(["asked_again", "abandoned", "complaint", "regenerated"], i, 11)
        : feedbackType === "preference"
          ? "answer B"
          : null,
    reasons:
      feedbackType === "category" || (polarity === "negative" && unit(i, 12) < 0.25) ? [pick(REASONS, i, 13)] : [],
    comment: withWords && feedbackType !== "correction" && feedbackType !== "implicit" ? says : null,
    correction: feedbackType === "correction" ? "The refund window is 30 days from the day of purchase." : null,
    confidence: author === "judge" ? 0.5 + unit(i, 14) / 2 : author === "derived" ? 0.6 : null,
    span:
      feedbackType === "annotation"
        ? { target: "output", start: 5, end: 46, quote: "You can return it within 60 days of purchase" }
        : null,
    query: theme === null ? null : pick(theme.queries, i, 15),
    model: "assistant",
    modelVersion: version,
    promptVersion: week < 12 ? "v2" : "v3",
    release: version === "2.1" ? "2.1.4" : null,
    environment: pick(ENVIRONMENTS, i, 16),
    userRole: pick(ROLES, i, 17),
    tags: i % 5 === 0 ? ["billing"] : [],
    themeId: withWords || feedbackType === "correction" ? (theme?.id ?? null) : null,
    themeName: withWords || feedbackType === "correction" ? (theme?.name ?? null) : null,
    sourceName: "1719561600000-lf-scores-export-support-assistant.jsonl",
    metadata: { surface: pick(["web", "ios", "android"], i, 18), plan: pick(["monthly", "yearly"], i, 19) },
  };
}

/** What breaks tables: put at the top, where one looks. */
function awkward(rows: FeedbackRow[]): void {
  const set = (i: number, values: Partial<FeedbackRow>): void => {
    rows[i] = { ...(rows[i] as FeedbackRow), author: "human", ...values };
  };
  set(0, {
    sessionId: "mwoz-0412",
    turnId: "mwoz-0412-t2",
    feedbackType: "thumb",
    polarity: "negative",
    author: "human",
    scoreName: "user-thumbs",
    score: 0,
    scoreNormal: 0,
    reasons: ["factually incorrect"],
    comment: FAKE_THEMES[0]!.texts[0]!,
    themeId: 1,
    themeName: FAKE_THEMES[0]!.name,
    query: FAKE_THEMES[0]!.queries[0]!,
  });
  set(1, {
    feedbackType: "comment",
    comment: LONG_TEXT,
    polarity: "negative",
    sessionId: "long-0001",
    turnId: "long-0001-t1",
  });
  set(2, {
    feedbackType: "comment",
    comment: '<script>alert("not HTML")</script> <img src=x onerror=alert(1)> **bold** & more',
    label: "<b>label</b>",
    polarity: "negative",
    themeId: 10,
    themeName: FAKE_THEMES[9]!.name,
  });
  set(3, {
    feedbackType: "comment",
    comment: "الإجابة باللغة الإنجليزية رغم أنني سألت بالعربية",
    polarity: "negative",
    themeId: 9,
    themeName: FAKE_THEMES[8]!.name,
  });
  set(4, { feedbackType: "comment", comment: "👩🏽‍🚀🔥🙃 !!! ok  \n\n  ok", polarity: "neutral" });
  set(5, {
    feedbackType: "correction",
    author: "human",
    polarity: "negative",
    comment: null,
    correction: "The refund window is 30 days.",
  });
  set(6, {
    feedbackType: "implicit",
    author: "derived",
    polarity: "negative",
    comment: null,
    correction: null,
    label: "asked_again",
    reasons: [],
    confidence: 0.6,
  });
  set(7, {
    feedbackType: "annotation",
    author: "judge",
    polarity: "negative",
    comment: "contradicts refund-policy.md, section 2",
    confidence: 0.9,
  });
  set(8, {
    feedbackType: "thumb",
    sessionId: null,
    turnId: "lost-turn",
    comment: "Where did the conversation go?",
    polarity: "negative",
  });
  set(9, {
    comment: "W".repeat(300),
    modelVersion: "release-candidate-with-a-name-nobody-can-read",
    environment: "pre-production-eu-central-1",
  });
  set(10, {
    comment: null,
    correction: null,
    reasons: [],
    label: null,
    query: null,
    feedbackType: "rating",
    score: -1.25,
    polarity: "neutral",
    span: null,
  });
}

let made: FeedbackRow[] | null = null;

export function fakeRows(): readonly FeedbackRow[] {
  if (made === null) {
    made = Array.from({ length: FAKE_TOTAL }, (_, i) => row(i));
    awkward(made);
  }
  return made;
}

/** Feedback chosen on the map, by the number of the choice. */
export const fakeSelections = new Map<string, Set<string>>();

/** Other themes for the rows, as after an edit: what was counted is forgotten. */
export function changeRows(change: (row: FeedbackRow, i: number) => void): void {
  (fakeRows() as FeedbackRow[]).forEach(change);
  cached = null;
}

function valuesOf(item: FeedbackRow, dimension: Dimension): (string | null)[] {
  const list = (words: string[]): (string | null)[] => (words.length === 0 ? [null] : words);
  switch (dimension) {
    case "has_score":
      return [item.scoreNormal === null ? null : "yes"];
    case "model_version":
      return [item.modelVersion];
    case "model":
      return [item.model];
    case "prompt_version":
      return [item.promptVersion];
    case "release":
      return [item.release];
    case "feedback_type":
      return [item.feedbackType];
    case "polarity":
      return [item.polarity];
    case "environment":
      return [item.environment];
    case "user_role":
      return [item.userRole];
    case "reason":
      return list(item.reasons);
    case "tag":
      return list(item.tags);
    case "theme":
      return [item.themeId === null ? null : String(item.themeId)];
    case "source":
      return ["1"];
    case "score_name":
      return [item.scoreName];
    case "session":
      return [item.sessionId];
    case "selection":
      return list([...fakeSelections].filter(([, ids]) => ids.has(item.id)).map(([name]) => name));
  }
}

export function matches(item: FeedbackRow, filter: Filter): boolean {
  if (filter.from !== null && (item.createdAt === null || item.createdAt < filter.from)) return false;
  if (filter.to !== null && (item.createdAt === null || item.createdAt >= filter.to)) return false;
  const author = { people: "human", judges: "judge", derived: "derived", everyone: null }[filter.authors];
  if (author !== null && item.author !== author) return false;
  if (filter.text) {
    const hay = `${item.comment ?? ""} ${item.correction ?? ""} ${item.query ?? ""}`.toLowerCase();
    if (
      !filter.text
        .toLowerCase()
        .split(/\s+/)
        .every((word) => hay.includes(word))
    )
      return false;
  }
  return filter.conditions.every((condition) => {
    const has = valuesOf(item, condition.dimension).some((value) => condition.values.includes(value));
    return condition.exclude ? !has : has;
  });
}

let cached: { key: string; rows: FeedbackRow[] } | null = null;

function selected(query: FeedbackQuery): FeedbackRow[] {
  const key = JSON.stringify([query.filter, query.sortBy, query.order]);
  if (cached?.key === key) return cached.rows;
  const value = (item: FeedbackRow): string | number | null => {
    switch (query.sortBy) {
      case "time":
        return item.createdAt;
      case "score":
        return item.scoreNormal;
      case "polarity":
        return ["negative", "neutral", "positive"].indexOf(item.polarity);
      case "feedback_type":
        return item.feedbackType;
      case "model_version":
        return item.modelVersion;
      case "environment":
        return item.environment;
      case "user_role":
        return item.userRole;
      case "theme":
        return item.themeName;
    }
  };
  const sign = query.order === "ascending" ? 1 : -1;
  const rows = fakeRows().filter((item) => matches(item, query.filter));
  rows.sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return left === right ? (a.id < b.id ? -1 : 1) : left === null ? 1 : -1;
    return left === right ? (a.id < b.id ? -1 : 1) : sign * (left < right ? -1 : 1);
  });
  cached = { key, rows };
  return rows;
}

function page(query: FeedbackQuery): FeedbackPage {
  const rows = selected(query);
  const start = query.after === null ? 0 : Number(query.after);
  const end = Math.min(rows.length, start + query.limit);
  return { rows: rows.slice(start, end), next: end < rows.length ? String(end) : null, total: rows.length };
}

function similarCases(query: SimilarQuery): SimilarCase[] {
  const rows = fakeRows();
  const asked = query.feedbackId === null ? null : (rows.find((item) => item.id === query.feedbackId) ?? null);
  const themeId = asked?.themeId ?? 1;
  const seen = new Set<string>();
  const cases: SimilarCase[] = [];
  const add = (item: FeedbackRow, similarity: number): void => {
    const text = item.comment ?? item.correction;
    if (text === null || seen.has(text) || item.id === query.feedbackId) return;
    seen.add(text);
    cases.push({
      similarity,
      word: similarity > 0.93 ? "near_identical" : similarity > 0.75 ? "same_problem" : "related",
      text,
      feedback: item,
      count: 1 + (mixed(cases.length, 77) % 40),
      first: "2026-02-03T08:00:00Z",
      last: item.createdAt,
      correction: cases.length === 1 ? { text: "The refund window is 30 days.", feedbackId: item.id, times: 3 } : null,
      note: item.themeId === 1 ? "Prompt 14 still has the old shop's terms" : null,
    });
  };
  for (const item of rows) {
    if (cases.length >= Math.min(3, query.k)) break;
    if (item.themeId === themeId) add(item, 0.951 - cases.length * 0.07);
  }
  for (const item of rows) {
    if (cases.length >= query.k) break;
    if (item.themeId !== themeId && item.themeId !== null && item.comment !== LONG_TEXT)
      add(item, 0.68 - cases.length * 0.02);
  }
  return cases;
}

export const handlers: Handlers = {
  feedback_page: ({ query }: { query: FeedbackQuery }) => page(query),
  export_feedback: () => "/home/somebody/Documents/feedback.csv",
  similar: ({ query }: { query: SimilarQuery }) => similarCases(query),
};
