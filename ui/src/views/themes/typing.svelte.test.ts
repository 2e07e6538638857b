// Does what is being typed stay while numbers come anew?
import { flushSync, mount, unmount, type Component } from "svelte";
import { afterEach, expect, test } from "vitest";
import { play } from "../../../fake/scenario.ts";
import { app } from "../../shared/state.svelte.ts";
import type { ThemeRow } from "../../wire/index.ts";
import { themeEditor } from "./themeEditor.svelte.ts";
import ThemeName from "./ThemeName.svelte";
import ThemeNote from "./ThemeNote.svelte";

let shown: Record<string, unknown> | null = null;

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  themeEditor.forget();
  document.body.replaceChildren();
});

test.each([
  ["name", ThemeName, "input"],
  ["note", ThemeNote, "textarea"],
] as const)("a %s that is being typed stays when the row comes anew", async (what, component, tag) => {
  play("sample");
  await app.start();
  await app.loadThemes();
  const props = $state({ row: app.themes!.themes[0]! });
  shown = mount(component as unknown as Component<{ row: ThemeRow }>, { target: document.body, props });
  themeEditor.writing = what;
  flushSync();
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(tag)!;
  field.value = "Refund wi";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  props.row = { ...props.row, name: `${props.row.name} `, note: "another", keywords: [] };
  flushSync();
  expect(field.value).toBe("Refund wi");
});
