import { describe, expect, it } from "vitest";
import { feedbackRow } from "../../shared/row.fixture.ts";
import { bySaying, find } from "./picking.ts";
import { theme } from "./theme.fixture.ts";

const themes = [
  theme(1, "Refund window", 30, { keywords: ["30 days"] }),
  theme(2, "Taxi late", 90),
  theme(3, "No refund at all", 50),
  theme(null, "Unclustered", 5),
];
const ids = (typed: string, limits: Partial<Parameters<typeof find>[2]> = {}): (number | null)[] =>
  find(themes, typed, { without: [], unclustered: false, ...limits }).map((row) => row.id);

describe("find", () => {
  it("lists the biggest first, without what is left out", () => {
    expect(ids("")).toEqual([2, 3, 1]);
    expect(ids("", { without: [3] })).toEqual([2, 1]);
    expect(ids("", { only: [1, 3] })).toEqual([3, 1]);
  });
  it("puts names that begin so first, and reads keywords", () => {
    expect(ids("refund")).toEqual([1, 3]);
    expect(ids("DAYS 30")).toEqual([1]);
    expect(ids("zeppelin")).toEqual([]);
  });
  it("offers Unclustered only where it is a place to go", () => {
    expect(ids("", { unclustered: true }).at(-1)).toBeNull();
    expect(ids("unclu")).toEqual([]);
    expect(ids("unclu", { unclustered: true })).toEqual([null]);
  });
});

describe("bySaying", () => {
  it("shows once what several say, in order, and leaves out who has no words", () => {
    const rows = [
      feedbackRow({ id: "a", comment: "late" }),
      feedbackRow({ id: "b", comment: null, correction: null, reasons: [], query: null }),
      feedbackRow({ id: "c", comment: "wrong" }),
      feedbackRow({ id: "d", comment: "late" }),
    ];
    expect(bySaying(rows).map(({ words, row, n }) => [words, row.id, n])).toEqual([
      ["late", "a", 2],
      ["wrong", "c", 1],
    ]);
  });
});
