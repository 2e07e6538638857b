import { emptyFilter } from "../../shared/filter.ts";
import { describe, expect, it } from "vitest";
import type { ThemeHistoryEntry, ThemeList } from "../../wire/index.ts";
import { eventSentence, goneIn, historyLine, isFirstRun, mark, named } from "./lineage.ts";
import { theme } from "./theme.fixture.ts";

const name = (id: number): string => ["", "Refund", "Taxi", "Label", "Tone"][id] ?? `theme ${id}`;
const list = (...themes: ThemeList["themes"]): ThemeList => ({
  subject: "said",
  run: null,
  themes,
  unclustered: null,
  shortAnswers: null,
  wordless: { n: 0, filter: emptyFilter() },
});
const entry = (values: Partial<ThemeHistoryEntry>): ThemeHistoryEntry => ({
  themeId: 1,
  runId: 2,
  at: "2026-06-29T08:00:00Z",
  recut: false,
  event: "kept",
  others: [],
  size: 10,
  sizeBefore: 10,
  ...values,
});

describe("names of several themes", () => {
  it("reads as people write it, and is never longer than three", () => {
    expect(named([1], name)).toBe("“Refund”");
    expect(named([1, 2], name)).toBe("“Refund” and “Taxi”");
    expect(named([1, 2, 3, 4, 9], name)).toBe("“Refund”, “Taxi”, “Label” and 2 more");
  });
});

describe("the chip", () => {
  const grew = theme(1, "Refund", 10, { event: "grew" });
  it("says where a part comes from, in its sentence", () => {
    expect(mark(theme(3, "Label", 10, { event: "split", others: [1] }), false, name)).toEqual({
      word: "split",
      title: "Part of what was “Refund” before",
      quiet: false,
    });
    expect(mark(theme(3, "Label", 10, { event: "merged", others: [1, 2] }), false, name)?.title).toBe(
      "Before, this was “Refund” and “Taxi”",
    );
  });
  it("is faint for what did not change, and is not there after a first run", () => {
    expect(mark(theme(2, "Taxi", 10, { event: "kept" }), false, name)?.quiet).toBe(true);
    const first = list(theme(1, "a", 1, { event: "new" }), theme(2, "b", 1, { event: "new" }));
    expect(isFirstRun(first)).toBe(true);
    expect(mark(first.themes[0]!, isFirstRun(first), name)).toBeNull();
    expect(isFirstRun(list(grew, theme(2, "b", 1, { event: "new" })))).toBe(false);
  });
  it("knows the user's own themes, also after a first run", () => {
    expect(mark(theme(7, "Mine", 10, { event: null }), true, name)?.word).toBe("yours");
  });
  it("leaves Unclustered alone", () => {
    expect(mark(theme(null, "Unclustered", 10, { event: null }), false, name)).toBeNull();
  });
});

describe("the history", () => {
  it("says sizes and where from", () => {
    expect(historyLine(entry({ event: "grew", size: 683, sizeBefore: 410 }), name)).toBe("grew, 683 from 410");
    expect(historyLine(entry({ event: "split", size: 61, others: [2] }), name)).toBe("split from “Taxi”, 61 feedback");
    expect(historyLine(entry({ event: "gone", size: 0, sizeBefore: 17, others: [1] }), name)).toBe(
      "gone, 17 before; most of it went to “Refund”",
    );
    expect(historyLine(entry({ event: "kept" }), name)).toBe("kept, 10 feedback");
  });
  it("finds what is gone in this run, the biggest first, and not what came back by another cut", () => {
    const history = [
      entry({ themeId: 5, event: "new", recut: true }),
      entry({ themeId: 5, event: "gone", sizeBefore: 99 }),
      entry({ themeId: 6, event: "gone", sizeBefore: 7 }),
      entry({ themeId: 7, event: "gone", sizeBefore: 30 }),
      entry({ themeId: 8, runId: 1, event: "gone", sizeBefore: 500 }),
    ];
    expect(goneIn(history, 2).map((one) => one.themeId)).toEqual([7, 6]);
  });
  it("has a sentence for every event, with and without others", () => {
    for (const event of ["kept", "grew", "shrank", "split", "merged", "new", "gone"] as const) {
      expect(eventSentence(event, [], name)).toMatch(/^[A-Z].*[^.]$/);
      expect(eventSentence(event, [1], name)).not.toContain("undefined");
    }
  });
});
