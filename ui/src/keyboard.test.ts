// Can everything be reached without a mouse? The whole window, played with keys alone.
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { play } from "../fake/scenario.ts";
import App from "./App.svelte";
import { app } from "./shared/state.svelte.ts";
import { themeEditor } from "./views/themes/themeEditor.svelte.ts";

const PATIENCE = { timeout: 10_000 };

let shown: Record<string, unknown> | null = null;

beforeEach(async () => {
  play("sample");
  app.navigation.enter();
  shown = mount(App, { target: document.body });
  await app.start();
  flushSync();
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  themeEditor.question = null;
  document.body.replaceChildren();
});

/** A key, where the focus is. Gives whether the key had its usual effect as well. */
function press(key: string, held: KeyboardEventInit = {}): boolean {
  const target = document.activeElement ?? document.body;
  const usual = target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held }));
  if (usual && key === "Enter" && target instanceof HTMLButtonElement) target.click();
  flushSync();
  return usual;
}

function element(selector: string): Promise<HTMLElement> {
  return vi.waitFor(() => {
    flushSync();
    const found = document.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`no ${selector} yet`);
    return found;
  }, PATIENCE);
}

async function eventually(holds: () => void): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    holds();
  }, PATIENCE);
}

/** The row that the grid says is active. */
function active(): Element | null {
  const id = document.activeElement?.getAttribute("aria-activedescendant");
  return id ? document.getElementById(id) : null;
}

test("a row that was chosen by key holds the focus: Enter opens it, and not the button pressed before", async () => {
  (await element("nav button[aria-current], [data-testid=go-feedback], .rail button:nth-of-type(5)")).focus();
  app.navigation.go("feedback");
  await element("[data-testid=feedback-row]");
  const before = document.activeElement;
  expect(before).toBeInstanceOf(HTMLButtonElement);
  press("j");
  press("j");
  await eventually(() => expect(active()?.getAttribute("aria-selected")).toBe("true"));
  const id = active()?.getAttribute("data-feedback-id");
  press("Enter");
  await eventually(() => expect(app.view).toBe("trail"));
  expect(app.trailQuery?.feedbackId).toBe(id);
  // And back: the row has the focus again.
  press("Escape");
  await eventually(() => expect(active()?.getAttribute("data-feedback-id")).toBe(id));
});

test("a theme that was chosen by key holds the focus", async () => {
  app.navigation.go("themes");
  await element("[data-testid=theme-row]");
  press("j");
  press("j");
  await eventually(() => expect(document.activeElement?.getAttribute("aria-selected")).toBe("true"));
  expect(app.selection).toEqual({ kind: "theme", id: Number(document.activeElement?.getAttribute("data-theme-id")) });
  press("Enter");
  expect(app.view).toBe("feedback");
});

test.each(["Enter", "ArrowDown"])("from the search %s leads to the first row of what it found", async (key) => {
  app.navigation.go("feedback");
  await element("[data-testid=feedback-row]");
  press("/");
  const field = document.activeElement as HTMLInputElement;
  expect(field.id).toBe("filter-text");
  field.value = "refund";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  press(key);
  await eventually(() => expect(active()?.getAttribute("aria-rowindex")).toBe("1"));
  expect(app.filter.text).toBe("refund");
  expect(app.selection).toEqual({ kind: "feedback", id: active()?.getAttribute("data-feedback-id") });
});

test("Esc leaves the search at the first press, and changes nothing", async () => {
  app.navigation.go("feedback", { filter: { ...app.filter, text: "refund" } });
  await element("[data-testid=feedback-row]");
  press("/");
  const field = document.activeElement as HTMLInputElement;
  field.value = "refund window";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  expect(press("Escape")).toBe(false);
  expect(document.activeElement).toBe(document.body);
  expect([app.view, app.filter.text, field.value]).toEqual(["feedback", "refund", "refund"]);
});

test("Esc closes the members of a theme, though their search has the focus", async () => {
  app.navigation.go("themes", { select: { kind: "theme", id: 1 } });
  await element("[data-testid=theme-row]");
  themeEditor.question = { kind: "members", theme: 1 };
  const field = await element("[data-testid=members] input[type=search]");
  field.focus();
  press("Escape");
  expect(themeEditor.question).toBeNull();
  expect(app.view).toBe("themes");
});

test("Alt and the arrows go back and forward", () => {
  app.navigation.go("themes");
  app.navigation.go("map");
  press("ArrowLeft", { altKey: true });
  expect(app.view).toBe("themes");
  press("ArrowRight", { altKey: true });
  expect(app.view).toBe("map");
});
