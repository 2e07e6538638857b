import { describe, expect, test } from "vitest";
import {
  MINUS,
  THIN,
  bucketName,
  bytes,
  count,
  counted,
  decimal,
  duration,
  interval,
  measured,
  moment,
  points,
  relative,
  share,
  span,
  timeLeft,
  valueLabel,
} from "./format.ts";

/** Thin spaces as plain ones, so that expectations can be read. */
const plain = (text: string | null) => (text ?? "").replaceAll(THIN, " ");

describe("numbers", () => {
  test.each([
    [0, "0"],
    [999, "999"],
    [1000, "1 000"],
    [24386, "24 386"],
    [1234567, "1 234 567"],
    [-1204, `${MINUS}1 204`],
  ])("count %d", (n, text) => {
    expect(plain(count(n))).toBe(text);
  });

  test("nothing is a dash, never NaN", () => {
    for (const value of [null, undefined, NaN]) {
      expect(count(value)).toBe("–");
      expect(share(value)).toBe("–");
      expect(points(value)).toBe("–");
      expect(decimal(value)).toBe("–");
    }
  });

  test("shares and changes", () => {
    expect(plain(share(0.184))).toBe("18.4 %");
    expect(points(0.038)).toBe("▲ 3.8");
    expect(points(-0.019)).toBe("▼ 1.9");
    expect(points(0.0001)).toBe("0.0");
    expect(plain(relative(0.08))).toBe("▲ 8.0 %");
    expect(plain(relative(-0.5))).toBe("▼ 50 %");
    expect(decimal(-0.5)).toBe(`${MINUS}0.50`);
    expect(decimal(-0.001)).toBe("0.00");
  });

  test("one and many", () => {
    expect(counted(1, "record")).toBe("1 record");
    expect(plain(counted(2000, "session"))).toBe("2 000 sessions");
  });

  test("measures have their own form", () => {
    expect(measured(12, "volume")).toBe("12");
    expect(plain(measured(0.5, "negative_share"))).toBe("50.0 %");
    expect(measured(0.5, "mean_score")).toBe("0.50");
    expect(interval(null, null, "volume")).toBeNull();
    expect(plain(interval(0.12, 0.14, "negative_share"))).toBe("12.0 % to 14.0 %");
  });

  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [12_400_000, "12.4 MB"],
    [226_000_000, "226 MB"],
  ])("bytes %d", (n, text) => {
    expect(plain(bytes(n))).toBe(text);
  });

  test.each([
    [840, "840 ms"],
    [1400, "1.4 s"],
    [42_000, "42 s"],
    [200_000, "3 min 20 s"],
    [7_260_000, "2 h 1 min"],
  ])("duration %d", (ms, text) => {
    expect(plain(duration(ms))).toBe(text);
  });

  test("time left", () => {
    expect(timeLeft(0.4)).toBe("under a second left");
    expect(plain(timeLeft(61))).toBe("61 s left");
    expect(plain(timeLeft(120))).toBe("2 min left");
  });
});

describe("moments, in UTC wherever this runs", () => {
  test("moment", () => {
    expect(moment("2026-05-20T09:14:03Z")).toBe("20 May 2026, 09:14:03");
    expect(moment("2026-05-20T23:30:00-02:00")).toBe("21 May 2026, 01:30:00");
    expect(moment("rubbish")).toBe("–");
    expect(moment(null)).toBe("–");
  });

  test("a span's end is excluded", () => {
    expect(span("2026-01-05T00:00:00Z", "2026-06-29T00:00:00Z")).toBe("5 Jan – 28 Jun 2026");
    expect(span("2026-05-11T00:00:00Z", "2026-05-18T00:00:00Z")).toBe("11 – 17 May 2026");
    expect(span("2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z")).toBe("29 Dec 2025 – 4 Jan 2026");
    expect(span("2026-05-11T00:00:00Z", "2026-05-12T00:00:00Z")).toBe("11 May 2026");
    expect(span("2026-05-11T14:00:00Z", "2026-05-11T15:00:00Z")).toBe("11 May 2026, 14:00 – 15:00");
    expect(span(null, null)).toBe("All time");
    expect(span("2026-05-11T00:00:00Z", null)).toBe("since 11 May 2026");
    expect(span(null, "2026-05-11T00:00:00Z")).toBe("until 10 May 2026");
  });

  test("buckets", () => {
    expect(bucketName("2026-05-11T00:00:00Z", "week")).toBe("week of 11 May 2026");
    expect(bucketName("2026-05-01T00:00:00Z", "month")).toBe("May 2026");
    expect(bucketName("2026-05-11T14:00:00Z", "hour")).toBe("11 May 2026, 14:00");
  });
});

test("a missing value has a name", () => {
  expect(valueLabel("environment", null)).toBe("(none)");
  expect(valueLabel("environment", "")).toBe("(empty)");
  expect(valueLabel("environment", "null")).toBe("null");
  expect(valueLabel("environment", "short")).toBe("short");
  expect([null, "short", "wordless"].map((value) => valueLabel("theme", value))).toEqual([
    "Unclustered",
    "Short answers",
    "Without words",
  ]);
});
