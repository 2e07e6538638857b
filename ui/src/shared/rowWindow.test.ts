import { describe, expect, it } from "vitest";
import { LIMIT, reveal, ROW, sight } from "./rowWindow.ts";

describe("sight", () => {
  it("holds only the rows near the viewport", () => {
    const seen = sight(24_386, 10_000 * ROW, 560);
    expect(seen.height).toBe(24_386 * ROW);
    expect([seen.top, seen.bottom]).toEqual([10_000, 10_020]);
    expect(seen.end - seen.first).toBeLessThan(60);
    expect(seen.offset).toBe(seen.first * ROW);
  });

  it("ends with the last row and starts with the first", () => {
    expect(sight(3, 0, 560)).toMatchObject({ first: 0, end: 3, offset: 0, height: 84 });
    expect(sight(0, 0, 560)).toMatchObject({ first: 0, end: 0, height: 0 });
    const seen = sight(1000, 1e9, 560);
    expect([seen.top, seen.bottom, seen.end]).toEqual([980, 1000, 1000]);
  });

  it("reaches every row of ten million without a taller spacer than a browser can lay out", () => {
    const total = 10_000_000;
    const seen = sight(total, LIMIT - 560, 560);
    expect(seen.height).toBe(LIMIT);
    expect(seen.bottom).toBe(total);
    // The last row ends where the spacer ends.
    expect(seen.offset + (total - seen.first) * ROW).toBeCloseTo(LIMIT, 3);
    expect(sight(total, 0, 560).top).toBe(0);
    const middle = sight(total, (LIMIT - 560) / 2, 560);
    expect(Math.abs(middle.top - total / 2)).toBeLessThan(20);
  });
});

describe("reveal", () => {
  it("leaves a visible row where it is", () => {
    expect(reveal(5, 1000, 0, 560)).toBe(0);
  });
  it("scrolls just far enough, up and down", () => {
    expect(reveal(20, 1000, 0, 560)).toBe(ROW);
    expect(reveal(3, 1000, 10 * ROW, 560)).toBe(3 * ROW);
  });
  it("shows the row it was asked for in a scaled table too", () => {
    for (const index of [0, 1_234_567, 9_999_999]) {
      const seen = sight(10_000_000, reveal(index, 10_000_000, 1_000_000, 560), 560);
      expect(seen.top).toBeLessThanOrEqual(index);
      expect(seen.bottom).toBeGreaterThan(index);
    }
  });
});
