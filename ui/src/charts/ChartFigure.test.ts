import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { play, recover } from "../../fake/scenario.ts";
import * as host from "../host/index.ts";
import { emptyFilter } from "../shared/filter.ts";
import { app } from "../shared/state.svelte.ts";
import type { Dimension, TrendQuery, Value } from "../wire/index.ts";
import ChartFigure from "./ChartFigure.svelte";

// A busy machine takes its time; a figure that never comes fails all the same.
const PATIENCE = { timeout: 10_000 };

let figure: Record<string, unknown> | null = null;

const splitByType: TrendQuery = {
  filter: emptyFilter(),
  by: ["feedback_type"],
  measure: "negative_share",
  bucket: "week",
  maxSeries: 5,
  chosen: null,
};

async function show(by: Dimension[] = ["environment"]): Promise<HTMLElement[]> {
  const query = { ...splitByType, by };
  figure = mount(ChartFigure, { target: document.body, props: { query, kind: "lines", testid: "chart-environment" } });
  flushSync();
  return vi.waitFor(() => {
    flushSync();
    const points = [...document.querySelectorAll<HTMLElement>("[data-testid=point]")];
    if (points.length === 0 && !document.querySelector("[data-testid=error]")) throw new Error("not yet drawn");
    return points;
  }, PATIENCE);
}

/** Those of the environments that have a value: only they are drawn. */
async function drawn(): Promise<{ series: number; point: number; value: Value; start: string }[]> {
  const { series } = await host.trend({ ...splitByType, by: ["environment"] });
  return series.flatMap((one, at) =>
    one.points.flatMap(({ value, start }, point) =>
      value.value === null ? [] : [{ series: at, point, value, start }],
    ),
  );
}

function press(key: string, held: KeyboardEventInit = {}): void {
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held }),
  );
  flushSync();
}

beforeEach(() => {
  play("sample");
  app.navigation.go("trends");
});

afterEach(async () => {
  if (figure) await unmount(figure);
  figure = null;
  app.navigation.clearFilter();
  app.navigation.select({ kind: "none" });
  app.tables = false;
  document.body.replaceChildren();
});

test("a chart has a caption with its unit, a summary, and one point in the order of Tab", async () => {
  const points = await show();
  expect(points.length).toBeGreaterThan(50);
  expect(points).toHaveLength((await drawn()).length);
  expect(points.filter((p) => p.tabIndex === 0)).toHaveLength(1);
  expect(document.querySelector("figcaption")?.textContent).toMatch(
    /Negative share by environment.*percent of feedback with a polarity per week, 95 % interval/s,
  );
  expect(document.querySelector("figure")?.textContent).toContain("production");
  expect(document.querySelector("figure svg")?.getAttribute("aria-hidden")).toBe("true");
});

test("arrows walk, and Enter goes to the rows of that point", async () => {
  const points = await show();
  points[0]?.focus();
  press("ArrowRight");
  expect(document.activeElement).toBe(points[1]);
  press("Enter");
  expect(app.view).toBe("feedback");
  const second = (await drawn())[1];
  expect(app.filter).toEqual(second?.value.rows.filter);
  expect(app.filter.conditions).toContainEqual({ dimension: "environment", values: ["production"], exclude: false });
  expect(app.filter.from).toBe(second?.start);
});

test("a click opens the filter that came with the point, also of the rest of a split by two", async () => {
  const trend = await host.trend({ ...splitByType, by: ["feedback_type", "model_version"] });
  const rest = trend.series.findIndex((series) => series.kind === "other");
  const points = await show(["feedback_type", "model_version"]);
  const of = (index: number) =>
    points.filter((point) => point.getAttribute("aria-label")?.startsWith(`${trend.series[index]?.label},`));
  of(rest)[3]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  flushSync();
  expect(app.filter).toEqual(trend.series[rest]?.points[3]?.value.rows.filter);
  expect(app.filter.otherThan).toHaveLength(1);
  // The inspector opens the same, and so do the rows of the whole chart.
  expect(app.selection).toMatchObject({ kind: "point", series: rest, point: 3 });
});

test("Shift and arrows choose a span", async () => {
  const points = await show();
  points[0]?.focus();
  press("ArrowRight", { shiftKey: true });
  press("ArrowRight", { shiftKey: true });
  press("Enter");
  expect(app.view).toBe("trends");
  expect([app.filter.from?.slice(0, 10), app.filter.to?.slice(0, 10)]).toEqual(["2026-01-05", "2026-01-26"]);
});

test("a click filters to the point and shows it, and does not leave the view", async () => {
  const points = await show();
  points[2]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  flushSync();
  expect(app.view).toBe("trends");
  const third = (await drawn())[2];
  expect(app.filter).toEqual(third?.value.rows.filter);
  expect(app.selection).toMatchObject({ kind: "point", series: 0, point: third?.point });
});

test("t shows the same numbers as a table", async () => {
  const points = await show();
  points[0]?.focus();
  press("t");
  const { series } = await host.trend({ ...splitByType, by: ["environment"] });
  const cells = [...document.querySelectorAll("figure tbody button.link")];
  expect(cells).toHaveLength(series.length * document.querySelectorAll("figure tbody tr").length);
  expect(cells.filter((cell) => /\d/.test(cell.textContent ?? ""))).toHaveLength(points.length);
  expect(document.querySelector("figure thead")?.textContent).toContain("staging");
});

test("a failure says what to do, and trying again draws", async () => {
  play("error");
  await show();
  expect(document.querySelector("[data-testid=error]")?.textContent).toContain("Close the other DuckDB client");
  recover();
  document.querySelector<HTMLElement>("[data-testid=error] button")?.click();
  await vi.waitFor(() => {
    flushSync();
    expect(document.querySelectorAll("[data-testid=point]").length).toBeGreaterThan(0);
  });
});
