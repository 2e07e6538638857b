import { beforeEach, describe, expect, it } from "vitest";
import { app } from "./state.svelte.ts";
import { feedbackRow } from "./row.fixture.ts";
import { walk } from "./trailNavigation.svelte.ts";

const rows = Array.from({ length: 5 }, (_, k) => feedbackRow({ id: `fb-${k}` }));

function begin(at: number): number[] {
  const moved: number[] = [];
  walk.begin({
    at,
    id: `fb-${at}`,
    total: rows.length,
    read: (index) => Promise.resolve(rows[index]),
    moved: (index) => moved.push(index),
  });
  app.openTrail({ sessionId: null, turnId: null, feedbackId: `fb-${at}` });
  return moved;
}

describe("walk", () => {
  beforeEach(() => {
    app.view = "feedback";
    walk.arrive();
  });

  it("knows where it is in its list and tells the list where it goes", async () => {
    const moved = begin(1);
    expect(walk.position).toEqual({ at: 1, total: 5 });
    await walk.step(1);
    await walk.step(1);
    expect(app.trailQuery?.feedbackId).toBe("fb-3");
    expect(app.selection).toMatchObject({ kind: "feedback", row: { id: "fb-3" } });
    expect(moved).toEqual([2, 3]);
  });

  it("stops at both ends", async () => {
    const moved = begin(4);
    await walk.step(1);
    expect(walk.position?.at).toBe(4);
    await walk.step(-9);
    expect(walk.position?.at).toBe(0);
    expect(moved).toEqual([0]);
  });

  it("has no place for a trail that was opened otherwise", () => {
    begin(1);
    app.openTrail({ sessionId: "s-9", turnId: null, feedbackId: null });
    expect(walk.position).toBeNull();
  });

  it("walks a list of ids that someone else gave", async () => {
    app.openTrail({ sessionId: null, turnId: null, feedbackId: "a" }, { ids: ["a", "b"], at: 0 });
    expect(walk.position).toEqual({ at: 0, total: 2 });
    await walk.step(1);
    expect(app.trailQuery?.feedbackId).toBe("b");
  });

  it("comes back from a trail that was opened within a trail, to the same place in the list", () => {
    begin(2);
    walk.visit({ sessionId: null, turnId: null, feedbackId: "elsewhere" });
    expect([walk.position, walk.canReturn]).toEqual([null, true]);
    walk.return();
    expect(app.trailQuery?.feedbackId).toBe("fb-2");
    expect([walk.position, walk.canReturn]).toEqual([{ at: 2, total: 5 }, false]);
  });
});
