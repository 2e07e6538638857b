// Does every view say what it is to those who do not see it? axe's rules, on the whole window with the recorded sample. Contrast is
// not looked at here, where nothing is laid out: tokens.test.ts compares the colours.
import axe from "axe-core";
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { play } from "../fake/scenario.ts";
import { PICKED } from "../fake/window.ts";
import App from "./App.svelte";
import { PLACES, type ViewName } from "./location.ts";
import { openSettings, SECTIONS } from "./panels/settings/sections.svelte.ts";
import { app, type Overlay } from "./shared/state.svelte.ts";
import { themeEditor } from "./views/themes/themeEditor.svelte.ts";

const PATIENCE = { timeout: 10_000 };

let shown: Record<string, unknown> | null = null;

beforeEach(async () => {
  play("sample");
  // As index.html has them.
  document.documentElement.lang = "en";
  document.title = "Hearback";
  app.navigation.enter();
  shown = mount(App, { target: document.body });
  await app.start();
  flushSync();
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  app.overlay = "none";
  app.tables = false;
  app.pendingImport = null;
  themeEditor.question = null;
  document.body.replaceChildren();
});

/** Waits until it is there and nothing is on its way any more. */
async function settled(selector: string): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    if (!document.querySelector(selector)) throw new Error(`no ${selector} yet`);
    if (document.querySelector("[aria-busy=true]")) throw new Error("still busy");
  }, PATIENCE);
}

async function violations(): Promise<string[]> {
  // What lies behind a modal dialog is out of reach, which only a browser knows.
  const { violations: found } = await axe.run(document.querySelector("dialog") ?? document.documentElement, {
    resultTypes: ["violations"],
    rules: { "color-contrast": { enabled: false }, "label-content-name-mismatch": { enabled: true } },
  });
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

test("a fault is found", async () => {
  const button = document.createElement("button");
  document.querySelector("main")?.append(button);
  expect(await violations()).toContainEqual(expect.stringContaining("button-name"));
});

/** What is waited for where the view itself is there before what it shows. */
const SHOWN: Partial<Record<ViewName, string>> = {
  overview: "figure [data-testid=point]",
  trends: "figure [data-testid=point]",
  themes: "[data-testid=theme-row]",
  map: "[data-testid=map-sheet]",
  feedback: "[data-testid=feedback-row]",
};

test.each(PLACES)("the view %s", async (view) => {
  app.navigation.go(view);
  await settled(`[data-testid=view-${view}] ${SHOWN[view] ?? ""}`);
  expect(await violations()).toEqual([]);
});

test("charts as tables", async () => {
  app.tables = true;
  app.navigation.go("trends");
  await settled("[data-testid=view-trends] figure table");
  expect(await violations()).toEqual([]);
});

test("the inspector of a theme", async () => {
  app.navigation.go("themes", { select: { kind: "theme", id: 1 } });
  await settled("[data-testid=theme-row][aria-selected=true]");
  expect(await violations()).toEqual([]);
});

test("the inspector of a feedback, and its trail", async () => {
  app.navigation.go("feedback");
  await settled("[data-testid=feedback-row]");
  document.querySelector<HTMLElement>("[data-testid=feedback-row]")?.click();
  await settled("[data-testid=feedback-inspector]");
  expect(await violations()).toEqual([]);
  const id = app.selection.kind === "feedback" ? app.selection.id : null;
  app.navigation.openFeedback(id ?? "", app.list);
  await settled("[data-testid=trail-inspector]");
  expect(await violations()).toEqual([]);
});

test.each<[Overlay, string]>([
  ["palette", "[role=option]"],
  ["help", "[data-testid=help]"],
  ["save-view", "#view-name"],
  ["known", "[data-testid=known]"],
])("over the view: %s", async (overlay, there) => {
  app.overlay = overlay;
  await settled(there);
  expect(await violations()).toEqual([]);
});

test.each(SECTIONS.map(({ name }) => name))("the settings: %s", async (section) => {
  openSettings(section);
  await settled("[data-testid=settings]");
  expect(await violations()).toEqual([]);
});

test("files that wait to be imported", async () => {
  void app.beginImport([PICKED[2]!]);
  await settled("[data-testid=import-candidate]");
  expect(await violations()).toEqual([]);
});

test("the members of a theme", async () => {
  app.navigation.go("themes", { select: { kind: "theme", id: 1 } });
  themeEditor.question = { kind: "members", theme: 1 };
  await settled("[data-testid=member]");
  expect(await violations()).toEqual([]);
});

test("an empty workspace, and one that cannot be read", async () => {
  play("error");
  app.navigation.go("trends");
  await settled("[data-testid=error]");
  expect(await violations()).toEqual([]);
  play("empty");
  await app.refresh();
  app.navigation.go("overview");
  await settled("[data-testid=empty-start]");
  expect(await violations()).toEqual([]);
});
