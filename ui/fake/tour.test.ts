// What can be seen in a plain browser: every view of every recorded workspace, its themes, and some trails, at the size of a window.
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import App from "../src/App.svelte";
import { PLACES } from "../src/location.ts";
import { app } from "../src/shared/state.svelte.ts";
import { keyOf, Recording, WORKSPACES, type WorkspaceName } from "./recording.ts";
import { nearestChart } from "./charts.ts";
import { play } from "./scenario.ts";
import * as host from "../src/host/index.ts";

let shown: Record<string, unknown> | null = null;

beforeEach(() => {
  // Nothing is laid out here; a chart as wide as in a window.
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(640);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(260);
});

afterEach(async () => {
  vi.restoreAllMocks();
  if (shown) await unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

async function see(where: () => void): Promise<void> {
  where();
  await vi.waitFor(
    () => {
      flushSync();
      expect(document.querySelector("main")).not.toBeNull();
      expect(document.querySelector("[aria-busy=true]")).toBeNull();
    },
    { timeout: 20_000 },
  );
  expect(document.querySelector("[data-testid=error]")).toBeNull();
}

async function enter(name: WorkspaceName): Promise<void> {
  play(name);
  shown ??= mount(App, { target: document.body });
  if (!app.started) await app.start();
  await app.openWorkspace(WORKSPACES[name]);
}

test.each<WorkspaceName>(["sample", "long", "empty"])("the workspace %s, view by view", async (name) => {
  await enter(name);
  for (const view of PLACES) await see(() => app.navigation.go(view));
});

test("themes, rows and trails of the sample", async () => {
  await enter("sample");
  await see(() => app.navigation.go("themes"));
  for (const { id } of app.themes?.themes ?? []) await see(() => app.navigation.select({ kind: "theme", id }));
  const page = { sortBy: "time", order: "descending", after: null, limit: 200 } as const;
  const { rows } = await host.feedbackPage({ filter: app.filter, ...page });
  for (const { id } of rows.slice(0, 5)) {
    await see(() => app.navigation.go("feedback", { select: { kind: "feedback", id } }));
    await see(() => app.navigation.openFeedback(id));
  }
});

test("a chart of another size is the nearest of the same chart, and of no other", () => {
  const query = { filter: app.filter, by: [], measure: "volume", bucket: null, maxSeries: 5, chosen: null };
  const request = (width: number, kind = "lines") => ({ request: { query, kind, width, height: 200, theme: "light" } });
  const entries = [300, 600].map((width) => ({ state: 0, command: "draw_trend", args: request(width), answer: width }));
  const recording = new Recording(entries);
  const found = (args: unknown) => nearestChart(recording, 0, { command: "draw_trend", args })?.answer;
  expect([found(request(350)), found(request(900)), found(request(600, "stacked"))]).toEqual([300, 600, undefined]);
  expect(keyOf(1, "a", { x: 1, y: [{ b: 1, a: 2 }] })).toBe(keyOf(1, "a", { y: [{ a: 2, b: 1 }], x: 1 }));
});
