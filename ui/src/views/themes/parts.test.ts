// What can be clicked and typed in a theme's row and name.
import { flushSync, mount, unmount, type Component } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { play } from "../../../fake/scenario.ts";
import * as host from "../../host/index.ts";
import { app } from "../../shared/state.svelte.ts";
import { themeEditor } from "./themeEditor.svelte.ts";
import { isFirstRun, mark } from "./lineage.ts";
import ThemeInspector from "./ThemeInspector.svelte";
import ThemeName from "./ThemeName.svelte";
import ThemeTable from "./ThemeTable.svelte";
import UnclusteredLimit from "./UnclusteredLimit.svelte";

let shown: Record<string, unknown> | null = null;

function show<Props extends Record<string, unknown>>(component: Component<Props>, props: Props): void {
  shown = mount(component, { target: document.body, props });
  flushSync();
}

const all = (testid: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[data-testid=${testid}]`)];

function press(element: HTMLElement, key: string): void {
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  flushSync();
}

beforeEach(async () => {
  play("sample");
  themeEditor.forget();
  await app.start();
  await app.loadThemes();
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  app.navigation.select({ kind: "none" });
  app.messages.shown = [];
  document.body.replaceChildren();
});

const listed = (): NonNullable<typeof app.themes> => app.themes!;
const table = (): void =>
  show(ThemeTable, { list: listed(), rows: listed().themes, chosen: -1, order: { by: "feedback", descending: true } });

test("a theme opens to its sub-themes and says so", () => {
  table();
  const fold = all("theme-parts")[0]!;
  expect([fold.getAttribute("aria-expanded"), all("subtheme-row").length]).toEqual(["false", 0]);
  fold.click();
  flushSync();
  const parts = listed().themes[0]!.subthemes;
  expect([fold.getAttribute("aria-expanded"), all("subtheme-row").length]).toEqual(["true", parts.length]);
  expect(document.getElementById(fold.getAttribute("aria-controls") ?? "")?.textContent).toContain(parts[0]!.name);
  // Opening is not selecting.
  expect(app.selection.kind).toBe("none");
});

test("rows are marked by their box, by Ctrl, and up to a row by Shift", async () => {
  table();
  all("theme-mark")[0]?.click();
  const [first, second] = listed().themes;
  expect([...themeEditor.marked]).toEqual([first?.id]);
  all("theme-row")[1]?.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true }));
  expect([...themeEditor.marked]).toEqual([first?.id, second?.id]);
  await unmount(shown!);
  show(ThemeTable, { list: listed(), rows: listed().themes, chosen: 2, order: { by: "feedback", descending: true } });
  all("theme-row")[4]?.dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true }));
  expect(themeEditor.marked.size).toBe(5);
});

test("each row says what became of its theme", () => {
  table();
  const first = isFirstRun(listed());
  const marks = listed()
    .themes.map((row) => mark(row, first, String)?.word)
    .filter((word) => word !== undefined);
  expect(all("theme-event").map((chip) => chip.firstChild?.textContent)).toEqual(marks);
});

test("Enter keeps a name once, Esc keeps the old one", async () => {
  const row = listed().themes.find((theme) => theme.id === 1)!;
  show(ThemeName, { row });
  all("theme-rename")[0]?.click();
  flushSync();
  let field = all("theme-name-field")[0] as HTMLInputElement;
  expect(field.value).toBe(row.name);
  field.value = "Something";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  press(field, "Escape");
  expect([all("theme-name-field").length, (await host.listThemeEdits()).length]).toEqual([0, 0]);

  all("theme-rename")[0]?.click();
  flushSync();
  field = all("theme-name-field")[0] as HTMLInputElement;
  field.value = "Refunds";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  press(field, "Enter");
  await vi.waitFor(() => expect(themeEditor.writing).toBeNull());
  field.dispatchEvent(new FocusEvent("blur"));
  flushSync();
  // The field that goes is left, as in a browser: that is not another renaming.
  await new Promise((resolve) => setTimeout(resolve, 60));
  await vi.waitFor(() => expect(themeEditor.busy).toBe(false));
  expect((await host.listThemeEdits()).map((edit) => edit.description)).toEqual(["Named theme 1 “Refunds”"]);
  await app.loadThemes();
  expect(listed().themes.find((theme) => theme.id === 1)?.name).toBe("Refunds");
});

test("a limit tells its price, and nothing is forced before it is asked for", async () => {
  show(UnclusteredLimit, { run: listed().run! });
  all("unclustered-limit")[0]?.click();
  flushSync();
  expect(all("unclustered-cost")).toHaveLength(0);
  const field = all("unclustered-percent")[0] as HTMLInputElement;
  field.value = "ninety";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
  expect(field.getAttribute("aria-invalid")).toBe("true");
  field.value = "2";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.form?.requestSubmit();
  await vi.waitFor(async () => {
    await app.loadThemes();
    expect(listed().run?.unclusteredAtMost).toBe(0.02);
  });
  await unmount(shown!);
  show(UnclusteredLimit, { run: listed().run! });
  all("unclustered-limit")[0]?.click();
  flushSync();
  expect(all("unclustered-cost")[0]?.textContent).toMatch(/^9 texts pulled in, .+ related: 0\.30/);
});

test("a selected theme that another granularity takes apart is said to be gone, and not shown as it was", async () => {
  app.navigation.select({ kind: "theme", id: 33 });
  show(ThemeInspector, {});
  await vi.waitFor(() => expect(all("theme-example").length).toBeGreaterThan(0));
  expect(all("theme-history")[0]?.textContent).toContain("new");
  await host.recutThemes({ resolution: 0.25, unclusteredAtMost: null });
  await app.refresh();
  await app.loadThemes();
  await vi.waitFor(() => {
    flushSync();
    expect(all("theme-example")).toHaveLength(0);
    expect(document.body.textContent).toMatch(/its feedback is gone|no such theme any more/);
  });
  expect(all("theme-open")).toHaveLength(0);
});
