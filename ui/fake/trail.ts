// What does a session look like that shows everything at once? One with changes in the system context, marks, documents,
// judges, corrections and derived signals; one with texts of 13 kB; and one for each other session that is asked for.
import type { Change, FeedbackRow, Segment, Trail, TrailQuery, TrailTurn } from "../src/wire/index.ts";
import { fakeRows, LONG_TEXT } from "./feedback.ts";
import type { Handlers } from "./scenario.ts";

const plain = (text: string): Segment[] => [{ text, feedback: [] }];

const CONTEXT_1 =
  "You are the support assistant of Example Lamps. Be friendly.\n\nRefunds are possible within 60 days. Answer briefly. " +
  "Never promise a delivery date that the carrier has not confirmed.\n\n" +
  Array.from(
    { length: 30 },
    (_, k) =>
      `Rule ${k + 1}: when the customer asks about topic ${k + 1}, look it up in the handbook before you answer.`,
  ).join("\n") +
  "\n\nSign with “Your Example Lamps team”.";
const CONTEXT_2 = CONTEXT_1.replace(
  "Refunds are possible within 60 days.",
  "Look refunds up in the policy before you answer.",
).replace("Your Example Lamps team", "Example Lamps");

function contextChanges(): Change[] {
  const [before, rest] = CONTEXT_1.split("Refunds are possible within 60 days.") as [string, string];
  const [middle, end] = rest.split("Your Example Lamps team") as [string, string];
  return [
    { kind: "kept", text: before },
    { kind: "removed", text: "Refunds are possible within 60 days." },
    { kind: "added", text: "Look refunds up in the policy before you answer." },
    { kind: "kept", text: middle },
    { kind: "removed", text: "Your " },
    { kind: "kept", text: "Example Lamps" },
    { kind: "removed", text: " team" },
    { kind: "kept", text: end },
  ];
}

function turn(values: Partial<TrailTurn> & { id: string }): TrailTurn {
  return {
    createdAt: null,
    query: [],
    output: [],
    systemContext: CONTEXT_1,
    contextChanges: null,
    documents: [],
    model: "assistant",
    modelVersion: "2.1",
    promptName: "assistant",
    promptVersion: "v3",
    release: "2.1.4",
    environment: "production",
    userRole: "enterprise",
    latencyMs: 1400,
    inputTokens: 1210,
    outputTokens: 312,
    tags: [],
    metadata: {},
    feedback: [],
    ...values,
  };
}

function feedback(values: Partial<FeedbackRow> & { id: string }): FeedbackRow {
  const base = fakeRows()[0] as FeedbackRow;
  return {
    ...base,
    comment: null,
    correction: null,
    reasons: [],
    label: null,
    score: null,
    scoreNormal: null,
    scoreName: null,
    span: null,
    ...values,
  };
}

function full(): Trail {
  const first = fakeRows()[0] as FeedbackRow;
  return {
    sessionId: "mwoz-0412",
    startedAt: "2026-05-20T09:12:40Z",
    userId: "u_41",
    userRole: "enterprise",
    environment: "production",
    metadata: { surface: "web", plan: "yearly", "experiment.bucket": "B" },
    turns: [
      turn({
        id: "mwoz-0412-t1",
        createdAt: "2026-05-20T09:12:40Z",
        query: plain("Hi! Do you ship to Norway?"),
        output: plain(
          "Yes, we ship to Norway with two carriers.\n\n  • Standard: 5 to 7 days\n  • Express: 2 days\n\nAnything else?",
        ),
        modelVersion: "2.0",
        promptVersion: "v2",
        latencyMs: 940,
        outputTokens: 54,
        feedback: [
          feedback({
            id: "fb-up",
            feedbackType: "thumb",
            polarity: "positive",
            score: 1,
            scoreNormal: 1,
            scoreName: "user-thumbs",
            createdAt: "2026-05-20T09:13:01Z",
          }),
        ],
      }),
      turn({
        id: "mwoz-0412-t2",
        createdAt: "2026-05-20T09:14:03Z",
        query: plain("Can I still get my money back? I bought it on 2 April."),
        output: [
          { text: "Yes. ", feedback: [] },
          { text: "You can return it ", feedback: ["fb-note"] },
          { text: "within 60 days", feedback: ["fb-note", "fb-judge"] },
          { text: " of purchase", feedback: ["fb-note"] },
          { text: ", so you have until 1 June. Would you like me to start the return for you?", feedback: [] },
        ],
        systemContext: CONTEXT_2,
        contextChanges: contextChanges(),
        documents: [
          {
            id: "refund-policy.md#2",
            title: "Refund policy, section 2",
            content: "Purchases can be returned within 30 days.\nThe day of purchase counts as day one.",
            score: 0.83,
          },
          { id: "shipping.md", title: null, content: LONG_TEXT, score: 0.41 },
        ],
        feedback: [
          { ...first, createdAt: "2026-05-20T09:15:00Z" },
          feedback({
            id: "fb-note",
            feedbackType: "annotation",
            author: "human",
            polarity: "negative",
            comment: "contradicts refund-policy.md, section 2",
            createdAt: "2026-05-21T11:00:00Z",
            span: { target: "output", start: 5, end: 49, quote: "You can return it within 60 days of purchase" },
          }),
          feedback({
            id: "fb-judge",
            feedbackType: "annotation",
            author: "judge",
            polarity: "negative",
            label: "unsupported claim",
            comment: "The retrieved policy says 30 days.",
            confidence: 0.93,
            createdAt: "2026-05-20T09:14:30Z",
            span: { target: "output", start: 23, end: 37, quote: "within 60 days" },
          }),
        ],
      }),
      turn({
        id: "mwoz-0412-t3",
        createdAt: "2026-05-20T09:15:20Z",
        query: plain("Your page says 30 days. Which is it now, 30 or 60?"),
        output: plain(
          "I am sorry for the confusion. The refund window is 30 days from the day of purchase; your order from 2 April is past it. I can check whether an exception is possible.",
        ),
        systemContext: CONTEXT_2,
        latencyMs: 1100,
        outputTokens: 298,
        feedback: [
          feedback({
            id: "fb-again",
            feedbackType: "implicit",
            author: "derived",
            polarity: "negative",
            label: "asked again",
            comment: "0.91 similar to the last query",
            createdAt: "2026-05-20T09:15:20Z",
          }),
          feedback({
            id: "fb-fix",
            feedbackType: "correction",
            polarity: "negative",
            correction: "The refund window is 30 days.",
            createdAt: "2026-05-20T09:16:00Z",
          }),
        ],
      }),
      turn({
        id: "mwoz-0412-t4",
        createdAt: "2026-05-20T09:17:10Z",
        query: plain('<b>please</b> <script>alert("trail")</script> شكرا جزيلا 🙂'),
        output: [],
        systemContext: null,
        model: null,
        modelVersion: null,
        promptName: null,
        promptVersion: null,
        release: null,
        latencyMs: null,
        inputTokens: null,
        outputTokens: null,
      }),
    ],
    sessionFeedback: [
      feedback({
        id: "fb-session",
        feedbackType: "rating",
        polarity: "negative",
        score: 2,
        scoreNormal: 0.25,
        scoreName: "session-csat",
        comment: "Had to look it up myself in the end",
        createdAt: "2026-05-20T09:20:00Z",
        turnId: null,
      }),
    ],
    orphans: [
      feedback({
        id: "fb-orphan",
        feedbackType: "thumb",
        polarity: "negative",
        score: 0,
        scoreNormal: 0,
        scoreName: "user-thumbs",
        comment: "And the voice line cut me off",
        turnId: "mwoz-0412-t7",
        createdAt: "2026-05-20T09:31:00Z",
      }),
    ],
  };
}

function long(asked: FeedbackRow | null): Trail {
  return {
    ...full(),
    sessionId: "long-0001-a-session-id-of-a-length-that-only-machines-can-like-8f3b1c9e7d5a4f62",
    sessionFeedback: [],
    orphans: [],
    turns: Array.from({ length: 24 }, (_, k) =>
      turn({
        id: `long-0001-t${k + 1}`,
        createdAt: new Date(Date.UTC(2026, 5, 1, 8, k)).toISOString(),
        query: plain(k === 0 ? LONG_TEXT : `Question ${k + 1}: ${"and what about this? ".repeat(1 + (k % 5))}`),
        output: plain(
          k === 0
            ? LONG_TEXT
            : k === 3
              ? "يمكنك إرجاع المنتج خلال 30 يوماً من تاريخ الشراء."
              : `Answer ${k + 1}. ${"It depends on the order. ".repeat(3 + (k % 7))}`,
        ),
        feedback: k === 0 && asked !== null ? [asked] : [],
      }),
    ),
  };
}

function usual(asked: FeedbackRow): Trail {
  const [number] = /\d+$/.exec(asked.turnId ?? "1") ?? ["1"];
  const place = Math.max(1, Math.min(4, Number(number)));
  return {
    ...full(),
    sessionId: asked.sessionId,
    startedAt: asked.createdAt,
    environment: asked.environment,
    userRole: asked.userRole,
    sessionFeedback: [],
    orphans: [],
    turns: Array.from({ length: 4 }, (_, k) =>
      turn({
        id: `${asked.sessionId}-t${k + 1}`,
        createdAt: asked.createdAt,
        query: plain(k + 1 === place ? (asked.query ?? "Hello") : `Something before or after, number ${k + 1}`),
        output: plain("Certainly. I have looked into that for you and found two possibilities."),
        modelVersion: asked.modelVersion,
        promptVersion: asked.promptVersion,
        environment: asked.environment,
        userRole: asked.userRole,
        feedback: k + 1 === place ? [asked] : [],
      }),
    ),
  };
}

function trail(query: TrailQuery): Trail {
  const asked = query.feedbackId === null ? null : (fakeRows().find((row) => row.id === query.feedbackId) ?? null);
  const sessionId = asked === null ? query.sessionId : asked.sessionId;
  if (sessionId === "long-0001") return long(asked);
  if (asked !== null && asked.sessionId === null) {
    return {
      ...full(),
      sessionId: null,
      startedAt: null,
      userId: null,
      turns: [],
      sessionFeedback: [],
      orphans: [asked],
      metadata: {},
    };
  }
  if (asked !== null && sessionId !== "mwoz-0412") return usual(asked);
  return full();
}

export const handlers: Handlers = {
  trail: ({ query }: { query: TrailQuery }) => trail(query),
};
