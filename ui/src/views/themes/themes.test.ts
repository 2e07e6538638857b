import { describe, expect, it } from "vitest";
import type { ThemeRow } from "../../wire/index.ts";
import { theme } from "./theme.fixture.ts";
import { arrange, turn, type ThemeOrder } from "./order.ts";
import { verdict } from "./words.ts";

const names = (rows: ThemeRow[]): string[] => rows.map((row) => row.name);

describe("arrange", () => {
  const rows = [
    theme(1, "b", 10, { change: 0.02 }),
    theme(2, "A", 30, { change: null }),
    theme(3, "c", 30, { change: -0.03 }),
  ];

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
  it("keeps pinned ones at the top, whatever the order", () => {
    const pinned = [...rows, theme(4, "z", 1, { pinned: true, change: -0.9 })];
    expect(names(arrange(pinned, { by: "feedback", descending: true }))[0]).toBe("z");
    expect(names(arrange(pinned, { by: "name", descending: false }))).toEqual(["z", "A", "b", "c"]);
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
  const grown = theme(1, "Refund", 683, {
    complaintsNow: 0.061,
    complaintsBefore: 0.023,
    change: 0.038,
    changeLow: 0.029,
    changeHigh: 0.047,
    significant: true,
    direction: "worse",
  });

  it("says direction, size, interval and number", () => {
    const said = verdict(grown, { kind: "previous_period" });
    expect(said).toMatchObject({ sign: "▲", word: "worse", rest: "against the period before" });
    expect(said?.numbers.replace(/\u202f/g, " ")).toBe(
      "complaints 2.3 % → 6.1 % of all feedback, difference 3.8 points (2.9 to 4.7), n = 683",
    );
  });
  it("names the versions that are compared", () => {
    expect(verdict(grown, { kind: "model_version", current: "2.1", previous: "2.0" })?.rest).toBe("in 2.1 against 2.0");
  });
  it("draws no arrow where nothing is clear", () => {
    expect(verdict(theme(1, "x", 9), { kind: "previous_period" })).toMatchObject({ sign: "", word: "no clear change" });
  });
  it("writes a real minus", () => {
    const fell = verdict(
      { ...grown, change: -0.02, changeLow: -0.03, changeHigh: -0.01, direction: "better" },
      { kind: "previous_period" },
    );
    expect(fell?.sign).toBe("▼");
    expect(fell?.numbers).toContain("difference −2.0 points (−3.0 to −1.0)");
  });
  it("is silent without a period before", () => {
    expect(verdict({ ...grown, change: null }, { kind: "previous_period" })).toBeNull();
    expect(verdict({ ...grown, complaintsBefore: null }, { kind: "previous_period" })).toBeNull();
  });
});
