import { describe, expect, it } from "vitest";
import { withCondition, emptyFilter } from "./filter.ts";
import { COLUMNS, differing, layout, TEXT } from "../views/feedback/columns.ts";
import { act, authorTag, said } from "./feedbackWords.ts";
import { feedbackRow as row } from "./row.fixture.ts";

describe("authorTag", () => {
  it("marks what no person said, and by which rule it was derived", () => {
    expect(authorTag(row({ author: "human" }))).toBeNull();
    expect(authorTag(row({ author: "judge" }))).toBe("judge");
    expect(authorTag(row({ author: "derived", label: "asked_again" }))).toBe("derived: asked again");
    expect(authorTag(row({ author: "derived" }))).toBe("derived");
    expect(said(row({ author: "derived", label: "asked_again", query: "Where is it?" }))).toEqual({
      kind: "query",
      text: "Where is it?",
    });
    expect(act(row({ author: "derived", feedbackType: "implicit", label: "asked_again" }))).toBe("asked again");
  });
});

describe("said", () => {
  it("prefers the user's own words", () => {
    expect(said(row({ comment: "too\n long", correction: "short", query: "q" }))).toEqual({
      kind: "comment",
      text: "too long",
    });
    expect(said(row({ comment: "  ", correction: "short" }))).toEqual({ kind: "correction", text: "short" });
    expect(said(row({ reasons: ["too vague", "wrong tone"], label: "x" }))).toEqual({
      kind: "reason",
      text: "too vague, wrong tone",
    });
    expect(said(row({ label: "👎" }))).toEqual({ kind: "label", text: "👎" });
  });
  it("never passes a query off as feedback", () => {
    expect(said(row({ query: "Where is it?" }))).toEqual({ kind: "query", text: "Where is it?" });
    expect(said(row({}))).toEqual({ kind: "nothing", text: "" });
  });
  it("keeps a row short however long the text is", () => {
    expect(said(row({ comment: "word ".repeat(100_000) })).text.length).toBeLessThan(500);
  });
});

describe("act", () => {
  it("names what was done", () => {
    expect(act(row({ feedbackType: "thumb", polarity: "negative" }))).toBe("Thumb down");
    expect(act(row({ feedbackType: "rating", score: -1 }))).toBe("Rating −1");
    expect(act(row({ feedbackType: "implicit", label: "asked again" }))).toBe("asked again");
  });
});

describe("layout", () => {
  it("shows everything where there is room", () => {
    expect(layout(1400).hidden).toEqual([]);
  });
  it("lets columns go in order and keeps time, polarity and text", () => {
    const narrow = layout(440);
    expect(narrow.columns.map((column) => column.name)).toEqual(["time", "polarity", "text"]);
    for (let width = 450; width < 1400; width += 7) {
      const { columns } = layout(width);
      expect(columns.reduce((sum, column) => sum + column.width, TEXT)).toBeLessThanOrEqual(width);
    }
  });
  it("lets the first to leave go first", () => {
    const full = COLUMNS.reduce((sum, column) => sum + column.width, TEXT);
    const [first] = COLUMNS.filter(({ leaves }) => leaves !== null).sort((a, b) => a.leaves! - b.leaves!);
    expect(layout(full - 1).hidden).toEqual([first]);
  });
});

describe("differing", () => {
  it("leaves out a column in which all rows are the same", () => {
    const names = (filter = emptyFilter()): string[] => differing(filter).map((column) => column.name);
    expect(names()).toContain("theme");
    expect(names(withCondition(emptyFilter(), "theme", ["1"]))).not.toContain("theme");
    expect(names(withCondition(emptyFilter(), "theme", ["1", "2"]))).toContain("theme");
    expect(names(withCondition(emptyFilter(), "theme", ["1"], { exclude: true }))).toContain("theme");
  });
});
