import { describe, expect, it } from "vitest";
import type { Change, Segment } from "../../wire/index.ts";
import { condense, countChanges } from "./changes.ts";
import { cut, fold } from "../../shared/fold.ts";

const plain = (text: string): Segment => ({ text, feedback: [] });
const whole = (segments: Segment[]): string => segments.map((segment) => segment.text).join("");

describe("fold", () => {
  it("leaves a text of ordinary length whole", () => {
    expect(fold([plain("word ".repeat(380))]).hidden).toBe(0);
  });
  it("cuts 13 kB between words and says how much is hidden", () => {
    const text = "sentence with words ".repeat(650);
    const folded = fold([plain(text)]);
    expect(whole(folded.segments).length + folded.hidden).toBe(text.length);
    expect(folded.hidden).toBeGreaterThan(10_000);
    expect(text.startsWith(whole(folded.segments))).toBe(true);
    expect(whole(folded.segments)).toMatch(/\w$/);
  });
  it("never hides a mark", () => {
    const mark: Segment = { text: "within 60 days", feedback: ["fb-1"] };
    const folded = fold([plain("a ".repeat(2500)), mark, plain("b ".repeat(2500))]);
    expect(folded.segments).toContainEqual(mark);
    expect(folded.hidden).toBeGreaterThan(4000);
  });
  it("does not split a character", () => {
    expect(cut("🙂".repeat(100), 31)).toBe("🙂".repeat(15));
  });
});

const kept = (text: string): Change => ({ kind: "kept", text });
const added = (text: string): Change => ({ kind: "added", text });
const removed = (text: string): Change => ({ kind: "removed", text });

describe("condense", () => {
  it("keeps short stretches whole, with their whitespace", () => {
    const changes = [
      kept("You are  the\nassistant. "),
      removed("Refunds: 60 days."),
      added("Look it up."),
      kept(" Be brief."),
    ];
    expect(condense(changes)).toEqual(changes);
  });
  it("leaves the middle of long stretches out and counts it", () => {
    const long = Array.from({ length: 100 }, (_, k) => `w${k}`).join(" ");
    const pieces = condense([kept(long), added("new"), kept(long), removed("old"), kept(long)], 10);
    expect(pieces.map((piece) => (piece.kind === "left_out" ? piece.words : piece.kind))).toEqual([
      90,
      "kept",
      "added",
      "kept",
      80,
      "kept",
      "removed",
      "kept",
      90,
    ]);
    expect(pieces[1]).toEqual({ kind: "kept", text: " w90 w91 w92 w93 w94 w95 w96 w97 w98 w99" });
  });
});

describe("countChanges", () => {
  it("counts a replacement once", () => {
    expect(countChanges([kept("a "), removed("b"), added("c"), kept(" d "), added("e")])).toBe(2);
    expect(countChanges([removed("a"), kept(" "), removed("b"), added("c")])).toBe(1);
    expect(countChanges([kept("a")])).toBe(0);
  });
});
