// Does the panel say what is known of a problem, and that nothing is where nothing is near?
import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { play, recover } from "../../fake/scenario.ts";
import * as host from "../host/index.ts";
import { app } from "../shared/state.svelte.ts";
import type { KnownProblem as Known } from "../wire/index.ts";
import KnownProblem from "./KnownProblem.svelte";
import { asked, openKnown } from "./known.svelte.ts";

const COMPLAINT = "There is no menu called Identity Center";
const NOTE = "Prompt 14 still names the old pages: ask the accounts team";

let panel: Record<string, unknown> | null = null;

function open(text?: string): void {
  openKnown(text);
  panel = mount(KnownProblem, { target: document.body });
  flushSync();
}

function all(testid: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-testid=${testid}]`)];
}

/** Waits, however long it takes, until the page shows something of which `look` gives a value. */
function until<T>(look: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const again = (): void => {
      const found = look();
      if (found === undefined) return;
      observer.disconnect();
      resolve(found);
    };
    const observer = new MutationObserver(again);
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    again();
  });
}

/** What is said once there is an answer or a failure. */
function verdict(): Promise<string> {
  return until(() => (all("known-verdict")[0] ?? all("error")[0])?.textContent?.replace(/\s+/g, " "));
}

/** What is said once it is this. */
function verdictWith(words: string): Promise<string> {
  return until(() => all("known-verdict").find(({ textContent }) => textContent?.includes(words))?.textContent);
}

function textarea(): HTMLTextAreaElement {
  return document.querySelector("textarea")!;
}

function write(text: string): void {
  textarea().value = text;
  textarea().dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
}

function press(key: string, held: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held });
  textarea().dispatchEvent(event);
  flushSync();
  return event;
}

/** The engine's answer. */
function known(text: string): Promise<Known> {
  return host.known(text, app.filter);
}

beforeEach(() => play("sample"));

afterEach(async () => {
  if (panel) await unmount(panel);
  panel = null;
  asked.text = "";
  app.overlay = "none";
  app.navigation.clearFilter();
  app.navigation.select({ kind: "none" });
  document.body.replaceChildren();
});

describe("before anything is asked", () => {
  test("there is a field and nothing to look at, and the button waits for words", () => {
    open();
    const look = (): HTMLButtonElement => document.querySelector("button[type=submit]")!;
    expect(document.querySelector("label[for=known-text]")?.textContent).toBe("A complaint or a prompt");
    expect(document.querySelector(".answer")).toBeNull();
    expect(look().disabled).toBe(true);
    write("  \n ");
    expect(look().disabled).toBe(true);
    press("Enter");
    expect(document.querySelector(".answer")).toBeNull();
    write(COMPLAINT);
    expect(look().disabled).toBe(false);
    expect(document.querySelector(".answer")).toBeNull();
  });

  test("it says where it looks", () => {
    open();
    expect(document.querySelector("form")?.textContent).toContain("Looks in all feedback");
    app.navigation.setFilter({ ...app.filter, text: "refund" });
    flushSync();
    expect(document.querySelector("form")?.textContent).toContain("Looks in the filtered feedback");
  });
});

describe("where nothing is near", () => {
  test("it says so, with how near the nearest is", async () => {
    open("zebra violin sonata");
    expect(await verdict()).toMatch(/Not known: nothing is near\s+the nearest case has a similarity of 0\.25/);
    expect(document.querySelector(".answer")?.textContent).toContain("Nobody has said anything like it");
    expect([...all("known-theme"), ...all("known-case")]).toEqual([]);
  });
});

describe("an answer", () => {
  test("opened with a text, it is there at once: themes, how often, since when, correction and note", async () => {
    await host.editThemes({ kind: "note", theme: 1, note: NOTE });
    open(COMPLAINT);
    const answer = await known(COMPLAINT);
    expect(await verdict()).toMatch(/Yes, it is known\s+\S+.*1\.00/);
    expect(textarea().value).toBe(COMPLAINT);
    const themes = all("known-theme");
    expect(themes).toHaveLength(answer.themes.length);
    const [first, second] = answer.themes;
    expect([first?.note, second?.note]).toEqual([NOTE, null]);
    expect(themes[0]?.querySelector(".name")?.textContent).toBe(first?.name);
    expect(themes[0]?.textContent).toContain(`${first?.count} feedback, `);
    expect(themes[0]?.textContent).toMatch(/\d\s%\snegative/);
    expect(themes[0]?.textContent).toContain(`${first?.near} of it near`);
    for (const [at, theme] of answer.themes.entries())
      expect(themes[at]?.querySelector(".correction")?.textContent).toBe(theme.correction?.text);
    expect(themes[0]?.textContent).toContain(`given ${first?.correction?.times} times`);
    expect(all("known-note").map((note) => note.textContent)).toEqual([`Note ${NOTE}`]);
    expect(all("known-case")).toHaveLength(answer.cases.length);
  });

  test("says where no correction was given", async () => {
    const text = "The chat box opens by itself each time";
    open(text);
    const { themes } = await known(text);
    await verdict();
    const without = themes.findIndex((theme) => theme.correction === null);
    expect(all("known-theme")[without]?.textContent).toContain("No correction was given");
  });

  test("Enter asks, Shift and Enter begins a line, and what is being written is no question yet", async () => {
    open();
    write("zebra violin sonata");
    expect(press("Enter", { shiftKey: true }).defaultPrevented).toBe(false);
    expect(press("Enter", { isComposing: true }).defaultPrevented).toBe(false);
    expect(document.querySelector(".answer")).toBeNull();
    expect(press("Enter").defaultPrevented).toBe(true);
    expect(await verdict()).toContain("Not known");
    write(COMPLAINT);
    expect(await verdict()).toContain("Not known");
    press("Enter");
    await verdictWith("Yes, it is known");
  });

  test("a theme and a case lead to where they are", async () => {
    open(COMPLAINT);
    await verdict();
    all("known-theme")[0]?.querySelector<HTMLButtonElement>(".name")?.click();
    expect([app.overlay, app.view]).toEqual(["none", "themes"]);
    expect(app.selection).toEqual({ kind: "theme", id: (await known(COMPLAINT)).themes[0]?.id });
    app.overlay = "known";
    all("known-case")[1]?.click();
    expect(app.overlay).toBe("none");
    expect(app.trailQuery?.feedbackId).toBe((await known(COMPLAINT)).cases[1]?.feedback.id);
  });
});

test("a failure is told, and asked again on request", async () => {
  play("error");
  open(COMPLAINT);
  expect(await verdict()).toContain("locked by another program");
  recover();
  [...document.querySelectorAll<HTMLButtonElement>(".answer button")]
    .find((button) => /again/i.test(button.textContent ?? ""))
    ?.click();
  await verdictWith("Yes, it is known");
});
