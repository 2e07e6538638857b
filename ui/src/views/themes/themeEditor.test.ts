// Edits of themes, as the engine answers them: what they do, and that all of them can be taken back.
import { beforeEach, describe, expect, test } from "vitest";
import { play } from "../../../fake/scenario.ts";
import * as host from "../../host/index.ts";
import { allCommands, commandFor, registerCommands } from "../../shared/commands.ts";
import { emptyFilter } from "../../shared/filter.ts";
import { app } from "../../shared/state.svelte.ts";
import type { ThemeList, ThemeRow } from "../../wire/index.ts";
import { themeCommands } from "./commands.ts";
import { themeEditor } from "./themeEditor.svelte.ts";
import { recut } from "./recut.svelte.ts";

const everything = { ...emptyFilter(), authors: "everyone" as const };
const press = (key: string, held: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

function themes(): Promise<ThemeList> {
  return host.listThemes(everything, app.comparison);
}

async function row(id: number): Promise<ThemeRow | undefined> {
  return (await themes()).themes.find((theme) => theme.id === id);
}

const sizes = (list: ThemeList): Record<string, number> =>
  Object.fromEntries<number>(list.themes.map((theme) => [String(theme.id), theme.sums.n]));

beforeEach(async () => {
  play("sample");
  themeEditor.forget();
  themeEditor.question = null;
  app.messages.shown = [];
  app.navigation.clearFilter();
  app.navigation.select({ kind: "none" });
  await app.start();
  await app.loadThemes();
});

describe("an edit", () => {
  test("is offered to be taken back, once, and leaves everything as it was", async () => {
    const before = await themes();
    const report = await themeEditor.edit({ kind: "rename", theme: 1, name: "Refunds" }, "Named it");
    expect(await row(1)).toMatchObject({ name: "Refunds", namedBy: "user" });
    expect(app.notices.at(-1)?.action?.label).toBe("Undo");
    expect(await themeEditor.undo(report?.id ?? -1)).toBe(true);
    expect(await themes()).toEqual(before);
    expect(app.notices.filter((notice) => notice.action)).toHaveLength(0);
    expect(themeEditor.last).toBeNull();
  });

  test("that is refused changes nothing and says why", async () => {
    const before = app.dataVersion;
    expect(await themeEditor.edit({ kind: "rename", theme: 1, name: "polite AND useful" }, "Named it")).toBeNull();
    expect(app.notices.at(-1)?.failure?.message).toBe("theme 3 has this name already");
    expect([app.dataVersion, themeEditor.last, themeEditor.busy]).toEqual([before, null, false]);
  });

  test("leaves one way back on the screen, and the last one undoes it", async () => {
    await themeEditor.pin(2, true);
    await themeEditor.edit({ kind: "note", theme: 2, note: "ticket 4711" }, "Kept");
    expect(app.notices.filter((notice) => notice.action)).toHaveLength(1);
    await themeEditor.undo(themeEditor.last ?? -1);
    expect(await row(2)).toMatchObject({ pinned: true, note: "" });
    await themeEditor.undo(themeEditor.last ?? -1);
    expect(await row(2)).toMatchObject({ pinned: false });
  });
});

describe("merging and splitting", () => {
  test("marked themes become the one that is chosen, and it is selected", async () => {
    const before = sizes(await themes());
    for (const id of [1, 2, 3]) themeEditor.toggleMark(id);
    await themeEditor.merge(2, [...themeEditor.marked]);
    const after = sizes(await themes());
    expect(after[2]).toBe((before[1] ?? 0) + (before[2] ?? 0) + (before[3] ?? 0));
    expect([1 in after, 3 in after, themeEditor.marked.size]).toEqual([false, false, 0]);
    expect(app.selection).toEqual({ kind: "theme", id: 2 });
    await themeEditor.undo(themeEditor.last ?? -1);
    expect(sizes(await themes())).toEqual(before);
  });

  test("taking a split back selects what it came from where a part was selected", async () => {
    const report = await themeEditor.edit({ kind: "split", theme: 3 }, "Split");
    const made = report?.made[0] ?? -1;
    app.navigation.select({ kind: "theme", id: made });
    expect((await row(made))?.event).toBeNull();
    await themeEditor.undo(report?.id ?? -1);
    expect(app.selection).toEqual({ kind: "theme", id: 3 });
    expect(await row(made)).toBeUndefined();
  });

  test("an edit that others stand on is not taken back before them", async () => {
    const split = await themeEditor.edit({ kind: "split", theme: 3 }, "Split");
    await themeEditor.pin(split?.made[0] ?? -1, true);
    expect((await host.listThemeEdits())[0]?.builtOn).toHaveLength(1);
    expect(await themeEditor.undo(split?.id ?? -1)).toBe(false);
    expect(app.notices.at(-1)?.kind).toBe("error");
  });

  test("a moved feedback that is selected shows where it is now", async () => {
    const { rows } = await host.feedbackPage({
      filter: { ...everything, conditions: [{ dimension: "theme", values: ["1"], exclude: false }] },
      sortBy: "time",
      order: "descending",
      after: null,
      limit: 1,
    });
    const member = rows[0]!;
    app.rows.keep(member);
    app.navigation.select({ kind: "feedback", id: member.id });
    await themeEditor.move([member.id], null);
    expect(app.selection).toEqual({ kind: "feedback", id: member.id });
    expect(app.rows.get(member.id)).toMatchObject({ themeId: null, themeName: null });
  });
});

test("the found name comes back however often it was changed", async () => {
  const found = (await row(1))?.name;
  for (const name of ["First", "Second"]) await themeEditor.edit({ kind: "rename", theme: 1, name }, "Named it");
  await themeEditor.edit({ kind: "rename", theme: 2, name: "Another" }, "Named it");
  await themeEditor.revertName(1);
  expect((await row(1))?.name).toBe(found);
  expect((await row(2))?.name).toBe("Another");
});

const run = { subject: "said" as const, options: "", seed: 1, texts: 100, unclusteredAtMost: null };

test("edits sleep while their themes are not there, and wake with them", async () => {
  await themeEditor.edit({ kind: "rename", theme: 35, name: "Arabic" }, "Named it");
  await recut.to({ ...run, resolution: 2 }, { resolution: 0.25 });
  expect((await host.listThemeEdits())[0]?.dormant).toMatch(/not among the present ones/);
  await recut.to({ ...run, resolution: 0.25 }, { resolution: 2 });
  expect((await host.listThemeEdits())[0]?.dormant).toBeNull();
  expect((await row(35))?.name).toBe("Arabic");
});

describe("another subject", () => {
  test("has themes of its own, and what was marked here is forgotten", async () => {
    themeEditor.toggleMark(1);
    await themeEditor.pin(1, true);
    await themeEditor.chooseSubject("asked");
    expect([themeEditor.marked.size, themeEditor.last]).toEqual([0, null]);
    const list = await themes();
    expect(list.run?.subject).toBe("asked");
    expect(list.themes.some((theme) => theme.id === 1)).toBe(false);
  });

  test("without a run is still known by name", async () => {
    await themeEditor.chooseSubject("both");
    const { run, subject } = await themes();
    expect([run, subject]).toEqual([null, "both"]);
  });
});

describe("the commands", () => {
  function register(): () => void {
    const rows = app.themes?.themes ?? [];
    return registerCommands(
      themeCommands({ rows: () => rows, chosen: () => 0, choose: () => undefined, analysing: () => false }),
    );
  }

  test("have ids of their own, and take no key from the common ones but Undo", () => {
    const common = new Set(allCommands().flatMap((command) => [command.shortcut, ...(command.also ?? [])]));
    const leave = register();
    const all = allCommands();
    expect(new Set(all.map((command) => command.id)).size).toBe(all.length);
    const own = all
      .slice(
        0,
        all.findIndex((command) => command.id === "palette"),
      )
      .flatMap((command) => [command.shortcut, ...(command.also ?? [])].filter((key) => key !== undefined));
    expect(own.filter((key) => common.has(key))).toEqual(["Mod+Z"]);
    expect(new Set(own).size).toBe(own.length);
    leave();
  });

  test("Undo takes back whatever was done last: the edit, or the change of the filter after it", async () => {
    const leave = register();
    const undo = (): string | undefined => commandFor(press("z", { ctrlKey: true }), false)?.id;
    app.navigation.addCondition("environment", ["production"]);
    await themeEditor.pin(1, true);
    expect(undo()).toBe("theme-undo");
    app.navigation.addCondition("user_role", ["pro"]);
    expect(undo()).toBe("undo");
    app.navigation.undo();
    expect(undo()).toBe("theme-undo");
    expect(commandFor(press("z", { ctrlKey: true }), true)).toBeUndefined();
    await themeEditor.undo(themeEditor.last ?? -1);
    expect(undo()).toBe("undo");
    leave();
  });
});
