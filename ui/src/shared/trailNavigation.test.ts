import { beforeEach, describe, expect, it } from "vitest";
import { play } from "../../fake/scenario.ts";
import * as host from "../host/index.ts";
import type { RowsQuery } from "../location.ts";
import { emptyFilter } from "./filter.ts";
import { rowPages } from "./rowPages.ts";
import { app } from "./state.svelte.ts";
import { trailNavigation } from "./trailNavigation.svelte.ts";

const rows: RowsQuery = { filter: emptyFilter(), sortBy: "time", order: "descending" };

/** The ids of the first rows, and how many there are. */
async function first(many: number, of = rows): Promise<{ ids: string[]; total: number }> {
  const page = await host.feedbackPage({ ...of, after: null, limit: many });
  return { ids: page.rows.map((row) => row.id), total: page.total };
}

function open(ids: readonly string[], at: number, total: number, of = rows): void {
  const id = ids[at] ?? "";
  app.navigation.openFeedback(id, { kind: "rows", rows: of, at, id, total });
}

describe("trail navigation", () => {
  beforeEach(() => {
    play("sample");
    rowPages.forget();
    app.navigation.enter();
    app.navigation.go("feedback");
  });

  it("walks on through all rows of the list, past those that were on the screen", async () => {
    const { ids, total } = await first(6);
    open(ids, 1, total);
    expect(trailNavigation.position).toEqual({ at: 1, total });
    for (const at of [2, 3, 4, 5]) {
      await trailNavigation.step(1);
      expect(app.trailQuery?.feedbackId).toBe(ids[at]);
    }
    expect(app.selection).toEqual({ kind: "feedback", id: ids[5] });
    expect(app.rows.get(ids[5] ?? "")?.id).toBe(ids[5]);
    expect(trailNavigation.position).toEqual({ at: 5, total });
  });

  it("stops at both ends", async () => {
    const few = { ...rows, filter: { ...emptyFilter(), text: "refund" } };
    const { ids, total } = await first(2, few);
    open(ids, 0, total, few);
    await trailNavigation.step(-1);
    expect(trailNavigation.position?.at).toBe(0);
    await trailNavigation.step(total + 9);
    expect(trailNavigation.position?.at).toBe(total - 1);
    await trailNavigation.step(1);
    expect(trailNavigation.position?.at).toBe(total - 1);
  });

  it("has no place for a trail that was opened otherwise", async () => {
    const { ids, total } = await first(2);
    open(ids, 1, total);
    app.navigation.openTrail({ sessionId: "s-9", turnId: null, feedbackId: null });
    expect(trailNavigation.position).toBeNull();
    await trailNavigation.step(1);
    expect(app.trailQuery?.sessionId).toBe("s-9");
  });

  it("walks through what a search found", async () => {
    app.navigation.openFound(["a", "b"], 0);
    expect(trailNavigation.position).toEqual({ at: 0, total: 2 });
    await trailNavigation.step(1);
    expect(app.trailQuery?.feedbackId).toBe("b");
  });

  it("comes back from a trail that was opened within a trail, to the same place in the list", async () => {
    const { ids, total } = await first(3);
    open(ids, 2, total);
    app.navigation.openFeedback("elsewhere");
    expect(trailNavigation.position).toBeNull();
    app.navigation.back();
    expect(app.trailQuery?.feedbackId).toBe(ids[2]);
    expect(trailNavigation.position).toEqual({ at: 2, total });
  });

  it("says so when the next row cannot be read, and stays", async () => {
    const { ids, total } = await first(1);
    open(ids, 0, total);
    play("error");
    await trailNavigation.step(1);
    expect(app.trailQuery?.feedbackId).toBe(ids[0]);
    expect(app.notices.at(-1)?.text).toBe("The next row could not be read");
  });
});
