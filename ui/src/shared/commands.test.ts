import { afterEach, describe, expect, test, vi } from "vitest";
import { allCommands, commandFor, matches, registerCommands, runCommand, shortcutText, tooltip } from "./commands.ts";
import { app } from "./state.svelte.ts";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey" | "altKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

afterEach(() => {
  app.overlay = "none";
  app.navigation.enter();
});

describe("the list", () => {
  test("ids are unique, and no key does two things", () => {
    const commands = allCommands();
    expect(new Set(commands.map((c) => c.id)).size).toBe(commands.length);
    const keys = commands.flatMap((c) => [c.shortcut, ...(c.also ?? [])]).filter((k) => k !== undefined);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("has every key that the interface promises", () => {
    const keys = new Set(allCommands().flatMap((c) => [c.shortcut, ...(c.also ?? [])]));
    for (const key of ["Mod+K", "/", "1", "2", "3", "4", "5", "Escape", "[", "]", ",", ".", "c", "t", "Mod+Z", "?"])
      expect(keys, key).toContain(key);
  });
});

describe("keys", () => {
  test("modifiers must fit", () => {
    expect(matches(press("k", { ctrlKey: true }), "Mod+K")).toBe(true);
    expect(matches(press("k"), "Mod+K")).toBe(false);
    expect(matches(press("Z", { ctrlKey: true, shiftKey: true }), "Mod+Z")).toBe(false);
    expect(matches(press("Z", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Z")).toBe(true);
    expect(matches(press("1", { altKey: true }), "1")).toBe(false);
  });

  test("a sign counts however it was typed", () => {
    expect(matches(press("?", { shiftKey: true }), "?")).toBe(true);
    expect(matches(press("/", { shiftKey: true }), "/")).toBe(true);
  });

  test("single keys are letters while someone types, and undo is the field's own", () => {
    expect(commandFor(press("2"), false)?.id).toBe("go-trends");
    expect(commandFor(press("2"), true)).toBeUndefined();
    expect(commandFor(press("k", { ctrlKey: true }), true)?.id).toBe("palette");
    app.navigation.setFilter({ ...app.filter, text: "refund" });
    expect(commandFor(press("z", { ctrlKey: true }), false)?.id).toBe("undo");
    expect(commandFor(press("z", { ctrlKey: true }), true)).toBeUndefined();
    app.navigation.undo();
    expect(app.filter.text).toBeNull();
  });

  test("what is not enabled does not run", () => {
    expect(app.navigation.canUndo).toBe(false);
    expect(runCommand("undo")).toBe(false);
    expect(runCommand("go-themes")).toBe(true);
    expect(app.view).toBe("themes");
  });

  test("as people read them", () => {
    expect(shortcutText("Mod+Shift+Z")).toBe("Ctrl Shift Z");
    expect(shortcutText("Escape")).toBe("Esc");
    expect(shortcutText("+")).toBe("+");
    expect(tooltip("help")).toBe("Keyboard and help (?)");
  });
});

test("a view's own command wins while it is there", () => {
  const run = vi.fn();
  const leave = registerCommands([{ id: "own", title: "Own", group: "Rows", shortcut: "Escape", run }]);
  commandFor(press("Escape"), false)?.run();
  expect(run).toHaveBeenCalledOnce();
  leave();
  expect(commandFor(press("Escape"), false)?.id).toBe("back");
});
