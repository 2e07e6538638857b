// How does a record look before it is imported? A line in a table, and everything it says when it is opened.
import { MINUS, decimal, moment, typeTitle } from "../../shared/format.ts";
import type { Polarity, PreviewFeedback, PreviewRecords, PreviewSession, PreviewTurn } from "../../wire/index.ts";

export type Kind = "feedback" | "turns" | "sessions";

export const KINDS: readonly { name: Kind; title: string }[] = [
  { name: "feedback", title: "Feedback" },
  { name: "turns", title: "Turns" },
  { name: "sessions", title: "Sessions" },
];

export interface Named {
  name: string;
  value: string | null;
  mono?: true;
}

/** One record of whatever kind, ready to be shown. */
export interface Line {
  id: string;
  /** The words before the text: who, where not a person, and what kind of words. */
  tags: string[];
  text: string;
  /** Turns have two texts in a line. */
  second: string | null;
  type: string | null;
  polarity: Polarity | null;
  score: string | null;
  scoreName: string | null;
  when: string | null;
  facts: Named[];
  texts: Named[];
}

/** Far more than a line can show. */
const LINE = 400;

export function linesOf(
  records: PreviewRecords,
  kind: Kind,
  polarity: (row: PreviewFeedback) => Polarity | null,
): Line[] {
  if (kind === "feedback") return records.feedback.map((row) => feedbackLine(row, polarity(row)));
  return kind === "turns" ? records.turns.map(turnLine) : records.sessions.map(sessionLine);
}

/** What is there to look at first: feedback, else turns, else sessions. */
export function firstKind(records: PreviewRecords): Kind {
  return KINDS.find(({ name }) => records[name].length > 0)?.name ?? "feedback";
}

function feedbackLine(row: PreviewFeedback, polarity: Polarity | null): Line {
  const said: [string, string | null][] = [
    ["", row.comment],
    ["correction", row.correction],
    ["reason", row.reasons.join(", ")],
    ["label", row.label],
  ];
  const [word, text] = said.find(([, value]) => value !== null && value.trim() !== "") ?? ["no words", ""];
  const score = row.score === null ? null : String(Math.round(row.score * 1000) / 1000).replace("-", MINUS);
  return {
    id: row.id,
    tags: [row.author === "human" ? "" : row.author, word].filter((tag) => tag !== ""),
    text: folded(text),
    second: null,
    type: typeTitle(row.feedbackType).replace(" signal", ""),
    polarity,
    score,
    scoreName: row.scoreName,
    when: row.createdAt,
    facts: [
      { name: "feedback", value: row.id, mono: true },
      { name: "turn", value: row.turnId, mono: true },
      { name: "session", value: row.sessionId, mono: true },
      { name: "time", value: row.createdAt === null ? null : moment(row.createdAt) },
      { name: "author", value: row.author === "derived" ? "derived from the trail" : row.author },
      { name: "score", value: score === null ? null : [row.scoreName, score].filter(Boolean).join(" ") },
      { name: "label", value: row.label },
      { name: "reasons", value: row.reasons.join(", ") },
      { name: "confidence", value: row.confidence === null ? null : decimal(row.confidence) },
      { name: "tags", value: row.tags.join(", ") },
      ...metadata(row.metadata),
    ],
    texts: texts([
      ["comment", row.comment],
      ["correction", row.correction],
    ]),
  };
}

function turnLine(row: PreviewTurn): Line {
  return {
    id: row.id,
    tags: [],
    text: folded(row.query),
    second: folded(row.output),
    type: row.modelVersion,
    polarity: null,
    score: null,
    scoreName: null,
    when: row.createdAt,
    facts: [
      { name: "turn", value: row.id, mono: true },
      { name: "session", value: row.sessionId, mono: true },
      { name: "time", value: row.createdAt === null ? null : moment(row.createdAt) },
      { name: "model", value: row.model },
      { name: "version", value: row.modelVersion },
      { name: "prompt", value: row.promptVersion },
      { name: "release", value: row.release },
      { name: "environment", value: row.environment },
      { name: "role", value: row.userRole },
      { name: "documents", value: row.documents === 0 ? null : String(row.documents) },
      { name: "tags", value: row.tags.join(", ") },
      ...metadata(row.metadata),
    ],
    texts: texts([
      ["user query", row.query],
      ["system context", row.systemContext],
      ["model output", row.output],
    ]),
  };
}

function sessionLine(row: PreviewSession): Line {
  return {
    id: row.id,
    tags: [],
    text: row.id,
    second: folded([row.userId, row.userRole, row.environment].filter(Boolean).join(" · ")),
    type: null,
    polarity: null,
    score: null,
    scoreName: null,
    when: row.startedAt,
    facts: [
      { name: "session", value: row.id, mono: true },
      { name: "began", value: row.startedAt === null ? null : moment(row.startedAt) },
      { name: "user", value: row.userId },
      { name: "role", value: row.userRole },
      { name: "environment", value: row.environment },
      ...metadata(row.metadata),
    ],
    texts: [],
  };
}

function metadata(pairs: Partial<Record<string, string>>): Named[] {
  return Object.entries(pairs).map(([name, value]) => ({ name: `metadata ${name}`, value: value ?? null }));
}

/** An empty text is a text: it is shown as one. */
function texts(pairs: [string, string | null][]): Named[] {
  return pairs.filter(([, value]) => value !== null).map(([name, value]) => ({ name, value }));
}

function folded(text: string | null): string {
  return (text ?? "")
    .slice(0, 4 * LINE)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, LINE);
}
