// Three doors lead from rows to a trail: each hands on its rows, so that j and k walk through all of them.
import { flushSync, mount, unmount, type Component } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { play } from "../../fake/scenario.ts";
import * as host from "../host/index.ts";
import type { RowsQuery } from "../location.ts";
import { emptyFilter } from "../shared/filter.ts";
import { app } from "../shared/state.svelte.ts";
import { trailNavigation } from "../shared/trailNavigation.svelte.ts";
import { table } from "../views/feedback/table.svelte.ts";
import RowsBehind from "../views/trends/RowsBehind.svelte";
import PointInspector from "./PointInspector.svelte";

let shown: Record<string, unknown> | null = null;

beforeEach(async () => {
  play("sample");
  await app.start();
  app.navigation.enter();
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

function show<Props extends Record<string, unknown>>(component: Component<Props>, props: Props): void {
  shown = mount(component, { target: document.body, props });
  flushSync();
}

async function click(selector: string, at: number): Promise<void> {
  const element = await vi.waitFor(() => {
    flushSync();
    const found = document.querySelectorAll<HTMLElement>(selector)[at];
    if (!found) throw new Error("not yet there");
    return found;
  });
  element.click();
}

/** The trail that is open walks on through the rows of the query. */
async function expectWalk(rows: RowsQuery, at: number): Promise<void> {
  const page = await host.feedbackPage({ ...rows, after: null, limit: at + 3 });
  expect(app.view).toBe("trail");
  expect(app.trailQuery?.feedbackId).toBe(page.rows[at]?.id);
  expect(trailNavigation.position).toEqual({ at, total: page.total });
  for (const step of [1, 2]) {
    await trailNavigation.step(1);
    expect(app.trailQuery?.feedbackId).toBe(page.rows[at + step]?.id);
  }
}

test("the rows behind the charts", async () => {
  const rows: RowsQuery = { filter: app.filter, sortBy: "time", order: "descending" };
  // Fewer are shown than there are.
  const page = await host.feedbackPage({ ...rows, after: null, limit: 2 });
  show(RowsBehind, { query: rows, page, failure: null, busy: false });
  await click("tbody button", 1);
  await expectWalk(rows, 1);
});

test("what people said at a point", async () => {
  const by = ["environment" as const];
  const query = { filter: emptyFilter(), by, measure: "volume" as const, bucket: null, maxSeries: 5, chosen: null };
  const { trend } = await host.drawTrend({ query, kind: "lines", width: 400, height: 200, theme: "light" });
  const selection = { kind: "point", trend, series: 0, point: null, before: emptyFilter() } as const;
  show(PointInspector, { selection });
  await click("button.quote", 3);
  const list = app.list;
  if (list?.kind !== "rows") throw new Error("no rows were handed on");
  expect(list.rows.filter.conditions).toEqual([
    { dimension: "environment", values: trend.series[0]?.key, exclude: false },
  ]);
  await expectWalk(list.rows, 3);
});

test("the feedback table, which is at the row that was reached when one comes back", async () => {
  app.navigation.go("feedback");
  table.follow(app.filter, table.sortBy, table.order, app.dataVersion);
  await vi.waitFor(() => expect(table.total).not.toBeNull());
  await table.open(1);
  await expectWalk({ filter: app.filter, sortBy: "time", order: "descending" }, 1);
  app.navigation.back();
  expect([app.view, table.cursor]).toEqual(["feedback", 3]);
  expect(app.selection).toEqual({ kind: "feedback", id: table.row(3)?.id });
});
