import { describe, expect, it } from "vitest";
import type { Drift, ThemeRun } from "../../wire/index.ts";
import {
  costWords,
  driftWords,
  fitWord,
  positionOf,
  POSITIONS,
  readPercent,
  resolutionAt,
  unclusteredShare,
} from "./cut.ts";

const plain = (text: string | null): string | null => text?.replace(/\u202f/g, " ") ?? null;
const drift: Drift = {
  placed: 0,
  unclustered: 0,
  waiting: 0,
  removed: 0,
  similarity: 0,
  similarityAtRun: 0.67,
  worthARun: false,
  reason: "nothing came since",
};
const run: ThemeRun = {
  id: 1,
  createdAt: "2026-06-29T08:00:00Z",
  subject: "said",
  model: "m",
  modelDigest: null,
  resolution: 2,
  unclusteredAtMost: null,
  seed: 1,
  options: "",
  versions: "",
  texts: 1000,
  unclustered: 138,
  shortAnswers: 0,
  pulledIn: 0,
  pulledInSimilarity: 0,
  similarity: 0.68,
  stale: false,
  canRecut: true,
  drift,
};

describe("granularity", () => {
  it("goes from 0.25 to 8, finer at every step, and back to the same position", () => {
    expect([resolutionAt(0), resolutionAt(POSITIONS)]).toEqual([0.25, 8]);
    for (let position = 0; position <= POSITIONS; position += 1) {
      expect(positionOf(resolutionAt(position))).toBe(position);
      if (position > 0) expect(resolutionAt(position)).toBeGreaterThan(resolutionAt(position - 1));
    }
  });
  it("stays on the slider for what the command line asked for", () => {
    expect([positionOf(0.01), positionOf(100), resolutionAt(-3), resolutionAt(99)]).toEqual([0, POSITIONS, 0.25, 8]);
  });
});

describe("what may stay unclustered", () => {
  it("is read as people type it", () => {
    expect(["10", " 7,5 % ", "0", "100"].map(readPercent)).toEqual([0.1, 0.075, 0, 1]);
    expect(["", "ten", "-3", "101", "1e1", "5 5"].map(readPercent)).toEqual([null, null, null, null, null, null]);
  });
  it("costs nothing while nothing is forced", () => {
    expect(costWords(run)).toBeNull();
    expect(costWords({ ...run, unclusteredAtMost: 0.2 })).toMatch(/^Nothing had to be pulled in/);
  });
  it("names the price in words and as a number", () => {
    const words = plain(costWords({ ...run, unclusteredAtMost: 0.05, pulledIn: 1120, pulledInSimilarity: 0.36 }));
    expect(words).toBe("1 120 texts pulled in, only loosely related: 0.36 like their theme on average (all: 0.68)");
  });
  it("judges against what is usual in this run", () => {
    expect([0.66, 0.5, 0.36, 0.2].map((similarity) => fitWord(similarity, 0.68))).toEqual([
      "as alike as the others",
      "somewhat less alike",
      "only loosely related",
      "hardly related",
    ]);
    expect(fitWord(0, 0)).toBe("hardly related");
  });
  it("divides by no texts", () => {
    expect(unclusteredShare({ ...run, texts: 0, unclustered: 0 })).toBe(0);
  });
});

describe("drift", () => {
  it("is silent while nothing came", () => {
    expect(driftWords(drift)).toBeNull();
  });
  it("counts what was placed, what was not, what waits and what is gone", () => {
    expect(plain(driftWords({ ...drift, placed: 1704, unclustered: 600, waiting: 12, removed: 1 }))).toBe(
      "1 704 new texts were placed into existing themes, 600 unclustered, 12 wait for the model, 1 text is no longer said",
    );
    expect(driftWords({ ...drift, placed: 1 })).toBe("1 new text was placed into existing themes, 0 unclustered");
    expect(driftWords({ ...drift, removed: 3 })).toBe("3 texts are no longer said");
  });
});
