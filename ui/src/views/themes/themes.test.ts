import { describe, expect, it } from "vitest";
import type { ThemeRow, Value } from "../../wire/index.ts";
import { arrange, turn, type ThemeOrder } from "./order.ts";
import { verdict } from "./words.ts";

const value = (v: number | null, n = 100): Value => ({
  sums: { n, negative: 0, positive: 0, scored: 0, meanScore: null },
  value: v,
  low: null,
  high: null,
  small: false,
});

function theme(id: number, name: string, n: number, values: Partial<ThemeRow> = {}): ThemeRow {
  return {
    id,
    name,
    keywords: [],
    sums: value(null, n).sums,
    share: value(n / 1000),
    negativeShare: value(0.5),
    change: 0,
    complaintsNow: 0.02,
    complaintsBefore: 0.02,
    changeLow: -0.01,
    changeHigh: 0.01,
    significant: false,
    direction: "unclear",
    sparkline: [],
    ...values,
  };
}

const names = (rows: ThemeRow[]): string[] => rows.map((row) => row.name);

describe("arrange", () => {
  const rows = [theme(1, "b", 10, { change: 0.02 }), theme(2, "A", 30, { change: null }), theme(3, "c", 30, { change: -0.03 })];

  it("puts the biggest first and breaks ties by id", () => {
    expect(names(arrange(rows, { by: "feedback", descending: true }))).toEqual(["A", "c", "b"]);
  });
  it("puts what has no value last, in both directions", () => {
    expect(names(arrange(rows, { by: "change", descending: true }))).toEqual(["b", "c", "A"]);
    expect(names(arrange(rows, { by: "change", descending: false }))).toEqual(["c", "b", "A"]);
  });
  it("reads names as people do", () => {
    expect(names(arrange(rows, { by: "name", descending: false }))).toEqual(["A", "b", "c"]);
  });
  it("leaves its input alone", () => {
    arrange(rows, { by: "name", descending: false });
    expect(names(rows)).toEqual(["b", "A", "c"]);
  });
});

describe("turn", () => {
  const start: ThemeOrder = { by: "feedback", descending: true };
  it("turns the same column round and starts others at their telling end", () => {
    expect(turn(start, "feedback")).toEqual({ by: "feedback", descending: false });
    expect(turn(start, "negative")).toEqual({ by: "negative", descending: true });
    expect(turn(start, "name")).toEqual({ by: "name", descending: false });
  });
});

describe("verdict", () => {
  const grown = theme(1, "Refund", 683, { complaintsNow: 0.061, complaintsBefore: 0.023, change: 0.038, changeLow: 0.029, changeHigh: 0.047, significant: true, direction: "worse" });

  it("says direction, size, interval and number", () => {
    const said = verdict(grown, { kind: "previous_period" });
    expect(said).toMatchObject({ sign: "▲", word: "worse", rest: "against the period before" });
    expect(said?.numbers.replace(/\u202f/g, " ")).toBe("complaints 2.3 % → 6.1 % of all feedback, difference 3.8 points (2.9 to 4.7), n = 683");
  });
  it("names the versions that are compared", () => {
    expect(verdict(grown, { kind: "model_version", current: "2.1", previous: "2.0" })?.rest).toBe("in 2.1 against 2.0");
  });
  it("draws no arrow where nothing is clear", () => {
    expect(verdict(theme(1, "x", 9), { kind: "previous_period" })).toMatchObject({ sign: "", word: "no clear change" });
  });
  it("writes a real minus", () => {
    const fell = verdict({ ...grown, change: -0.02, changeLow: -0.03, changeHigh: -0.01, direction: "better" }, { kind: "previous_period" });
    expect(fell?.sign).toBe("▼");
    expect(fell?.numbers).toContain("difference −2.0 points (−3.0 to −1.0)");
  });
  it("is silent without a period before", () => {
    expect(verdict({ ...grown, change: null }, { kind: "previous_period" })).toBeNull();
    expect(verdict({ ...grown, complaintsBefore: null }, { kind: "previous_period" })).toBeNull();
  });
});
