import { describe, expect, test } from "vitest";
import { emptyFilter, isEmpty, sameFilter, shifted, withCondition, withSpan, withoutCondition } from "./filter.ts";

describe("conditions", () => {
  test("one dimension has one condition of each sense", () => {
    let filter = withCondition(emptyFilter(), "environment", ["production"]);
    filter = withCondition(filter, "environment", ["staging", "staging"]);
    filter = withCondition(filter, "environment", ["dev"], { exclude: true });
    expect(filter.conditions).toEqual([
      { dimension: "environment", values: ["staging"], exclude: false },
      { dimension: "environment", values: ["dev"], exclude: true },
    ]);
  });

  test("no values take the condition away, and 'none' is a value", () => {
    const filter = withCondition(emptyFilter(), "theme", [null]);
    expect(filter.conditions[0]?.values).toEqual([null]);
    expect(isEmpty(filter)).toBe(false);
    expect(isEmpty(withCondition(filter, "theme", []))).toBe(true);
    expect(isEmpty(withoutCondition(filter, 0))).toBe(true);
  });

  test("the filter given is left as it was", () => {
    const before = withCondition(emptyFilter(), "tag", ["a"]);
    const copy = structuredClone(before);
    withCondition(before, "tag", ["b"]);
    withSpan(before, "2026-01-01T00:00:00Z", null);
    expect(before).toEqual(copy);
  });

  test("an empty text is no text", () => {
    expect(sameFilter({ ...emptyFilter(), text: "" }, emptyFilter())).toBe(true);
    expect(sameFilter({ ...emptyFilter(), authors: "judges" }, emptyFilter())).toBe(false);
  });
});

describe("periods", () => {
  test("the period before ends where this one begins", () => {
    const week = withSpan(emptyFilter(), "2026-05-11T00:00:00Z", "2026-05-18T00:00:00Z");
    expect(shifted(week, -1)).toMatchObject({ from: "2026-05-04T00:00:00Z", to: "2026-05-11T00:00:00Z" });
    expect(shifted(week, 1)).toMatchObject({ from: "2026-05-18T00:00:00Z", to: "2026-05-25T00:00:00Z" });
  });

  test("an open span has no period before", () => {
    expect(shifted(emptyFilter(), -1)).toBeNull();
    expect(shifted(withSpan(emptyFilter(), "2026-05-11T00:00:00Z", null), -1)).toBeNull();
  });
});
