// What can be done, and by which key? One list feeds keyboard, palette, tooltips and help.
import { PLACES, VIEWS } from "../location.ts";
import { shifted } from "./filter.ts";
import { app } from "./state.svelte.ts";

export type Command = {
  id: string;
  title: string;
  /** Where help lists it. */
  group: "Go to" | "Filter" | "View" | "Rows" | "Charts" | "Workspace";
  /** "Mod" is Ctrl, or Command on a Mac: "Mod+K", "Mod+Shift+Z", "/", "[", "Escape". */
  shortcut?: string;
  /** Other keys that do the same. */
  also?: string[];
  enabled?: () => boolean;
  run: () => void;
};

/** Keys that a focused part handles itself; only help lists them. */
export const documentedKeys: Array<{ group: Command["group"]; title: string; keys: string[] }> = [
  { group: "Rows", title: "Next and previous row", keys: ["j", "k", "ArrowDown", "ArrowUp"] },
  { group: "Rows", title: "Open the row's trail", keys: ["Enter"] },
  { group: "Rows", title: "In the trail: system context", keys: ["s"] },
  { group: "Charts", title: "Walk the points", keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] },
  { group: "Charts", title: "Choose a span", keys: ["Shift+ArrowLeft", "Shift+ArrowRight"] },
  { group: "Charts", title: "Filter to the point", keys: ["Space"] },
  { group: "Charts", title: "Open the point's rows", keys: ["Enter"] },
  { group: "View", title: "On the map: move", keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"] },
  { group: "View", title: "On the map: zoom", keys: ["+", "-"] },
  { group: "View", title: "On the map: choose with a rectangle", keys: ["r"] },
];

const local: Command[] = [];

/** A view's own commands, for as long as it is on screen: call what is returned when it goes. They win over the common ones. */
export function registerCommands(commands: Command[]): () => void {
  local.unshift(...commands);
  return () => {
    for (const command of commands) {
      const at = local.indexOf(command);
      if (at >= 0) local.splice(at, 1);
    }
  };
}

export function allCommands(): Command[] {
  return [...local, ...common];
}

export function isEnabled(command: Command): boolean {
  return command.enabled ? command.enabled() : true;
}

export function findCommand(id: string): Command | undefined {
  return allCommands().find((c) => c.id === id);
}

/** Runs the command of that id where it exists and is enabled. */
export function runCommand(id: string): boolean {
  const command = findCommand(id);
  if (!command || !isEnabled(command)) return false;
  command.run();
  return true;
}

export function isMac(): boolean {
  return /Mac/.test(globalThis.navigator?.platform ?? "");
}

const KEY_NAMES: Record<string, string> = {
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "Enter",
};

/** "Mod+K" as its keys; a plus alone is the key of that sign. */
function keysOf(shortcut: string): string[] {
  return shortcut === "+" ? ["+"] : shortcut.split("+");
}

/** As people read it: "Ctrl K". */
export function shortcutText(shortcut: string): string {
  return keysOf(shortcut)
    .map((part) => (part === "Mod" ? (isMac() ? "⌘" : "Ctrl") : (KEY_NAMES[part] ?? part)))
    .join(" ");
}

/** "Search… (Ctrl K)" */
export function tooltip(id: string): string {
  const command = findCommand(id);
  if (!command) return "";
  return command.shortcut ? `${command.title} (${shortcutText(command.shortcut)})` : command.title;
}

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

export function matches(event: Keys, shortcut: string): boolean {
  const parts = keysOf(shortcut);
  const key = parts.at(-1) ?? "";
  const mod = parts.includes("Mod");
  const pressed = isMac() ? event.metaKey : event.ctrlKey;
  const other = isMac() ? event.ctrlKey : event.metaKey;
  if (mod !== pressed || other || parts.includes("Alt") !== event.altKey) return false;
  const named = key.length > 1;
  // "?" and "[" need Shift or AltGr on some keyboards: for single signs only the sign counts.
  if ((named || mod) && parts.includes("Shift") !== event.shiftKey) return false;
  return named ? event.key === key : event.key.toLowerCase() === key.toLowerCase();
}

/** The command of a key press; `typing` is true while a text field has the focus. */
export function commandFor(event: Keys, typing: boolean): Command | undefined {
  return allCommands().find((command) => {
    const shortcuts = [command.shortcut, ...(command.also ?? [])].filter((s) => s !== undefined);
    const hit = shortcuts.some(
      (s) => matches(event, s) && (!typing || (s.includes("Mod+") && !/Mod\+(Shift\+)?[ZY]$/.test(s))),
    );
    return hit && isEnabled(command);
  });
}

function focusSearch(): void {
  const field = document.getElementById("filter-text");
  if (field instanceof HTMLInputElement) {
    field.focus();
    field.select();
  }
}

function shift(periods: number): void {
  const next = shifted(app.filter, periods);
  if (next) app.navigation.setFilter(next);
}

const hasData = () => !app.isEmpty;

const common: Command[] = [
  {
    id: "palette",
    title: "Search or run a command…",
    group: "View",
    shortcut: "Mod+K",
    run: () => (app.overlay = app.overlay === "palette" ? "none" : "palette"),
  },
  ...PLACES.map((name): Command => {
    const { title, shortcut } = VIEWS[name];
    return {
      id: `go-${name}`,
      title: `Go to ${title}`,
      group: "Go to",
      ...(shortcut === null ? {} : { shortcut }),
      run: () => app.navigation.go(name),
    };
  }),
  {
    id: "back",
    title: "Back",
    group: "Go to",
    shortcut: "Escape",
    also: ["Alt+ArrowLeft"],
    enabled: () => app.overlay === "none",
    run: () => app.navigation.back(),
  },
  {
    id: "forward",
    title: "Forward again",
    group: "Go to",
    shortcut: "Alt+ArrowRight",
    enabled: () => app.overlay === "none" && app.navigation.canGoForward,
    run: () => app.navigation.forward(),
  },

  {
    id: "search-text",
    title: "Search in the text of feedback",
    group: "Filter",
    shortcut: "/",
    enabled: hasData,
    run: focusSearch,
  },
  {
    id: "known",
    title: "Known problem?…",
    group: "View",
    shortcut: "Mod+Shift+K",
    enabled: hasData,
    run: () => (app.overlay = app.overlay === "known" ? "none" : "known"),
  },
  {
    id: "undo",
    title: "Undo the last change of the view",
    group: "Filter",
    shortcut: "Mod+Z",
    enabled: () => app.navigation.canUndo,
    run: () => app.navigation.undo(),
  },
  {
    id: "redo",
    title: "Redo the change of the view",
    group: "Filter",
    shortcut: "Mod+Shift+Z",
    also: ["Mod+Y"],
    enabled: () => app.navigation.canRedo,
    run: () => app.navigation.redo(),
  },
  {
    id: "period-before",
    title: "The period before",
    group: "Filter",
    shortcut: ",",
    enabled: () => shifted(app.filter, -1) !== null,
    run: () => shift(-1),
  },
  {
    id: "period-after",
    title: "The period after",
    group: "Filter",
    shortcut: ".",
    enabled: () => shifted(app.filter, 1) !== null,
    run: () => shift(1),
  },
  {
    id: "compare",
    title: "Compare…",
    group: "Filter",
    shortcut: "c",
    enabled: hasData,
    run: () => document.getElementById("compare")?.click(),
  },
  {
    id: "add-filter",
    title: "Add a filter…",
    group: "Filter",
    shortcut: "f",
    enabled: hasData,
    run: () => document.querySelector<HTMLElement>("#add-filter button")?.click(),
  },
  { id: "clear-filter", title: "Clear the filter", group: "Filter", run: () => app.navigation.clearFilter() },
  {
    id: "save-view",
    title: "Save this view…",
    group: "Filter",
    shortcut: "Mod+S",
    enabled: hasData,
    run: () => (app.overlay = "save-view"),
  },

  {
    id: "tables",
    title: "Tables or charts",
    group: "Charts",
    shortcut: "t",
    enabled: hasData,
    run: () => (app.tables = !app.tables),
  },
  {
    id: "toggle-rail",
    title: "Show or hide the rail",
    group: "View",
    shortcut: "[",
    run: () => app.layout.toggleRail(),
  },
  {
    id: "toggle-inspector",
    title: "Show or hide the inspector",
    group: "View",
    shortcut: "]",
    run: () => app.layout.toggleInspector(),
  },
  { id: "appearance-light", title: "Appearance: light", group: "View", run: () => void app.setAppearance("light") },
  { id: "appearance-dark", title: "Appearance: dark", group: "View", run: () => void app.setAppearance("dark") },
  {
    id: "appearance-system",
    title: "Appearance: as the system",
    group: "View",
    run: () => void app.setAppearance("system"),
  },
  {
    id: "help",
    title: "Keyboard and help",
    group: "View",
    shortcut: "?",
    run: () => (app.overlay = app.overlay === "help" ? "none" : "help"),
  },

  {
    id: "settings",
    title: "Settings…",
    group: "Workspace",
    shortcut: "Mod+,",
    run: () => (app.overlay = app.overlay === "settings" ? "none" : "settings"),
  },
  {
    id: "import-files",
    title: "Import files…",
    group: "Workspace",
    shortcut: "Mod+I",
    run: () => void app.beginImport(),
  },
  { id: "import-folder", title: "Import a folder…", group: "Workspace", run: () => void app.beginFolderImport() },
  {
    id: "update-themes",
    title: "Find themes again",
    group: "Workspace",
    enabled: () => hasData() && app.jobs.list.length === 0,
    run: () => void app.jobs.startAnalysis(),
  },
  {
    id: "try-sample",
    title: "Try the sample data",
    group: "Workspace",
    enabled: () => app.jobs.list.length === 0,
    run: () => void app.jobs.startSample(),
  },
  {
    id: "new-workspace",
    title: "New workspace…",
    group: "Workspace",
    shortcut: "Mod+N",
    run: () => void app.newWorkspace(),
  },
  {
    id: "open-workspace",
    title: "Open a workspace…",
    group: "Workspace",
    shortcut: "Mod+O",
    run: () => void app.openWorkspace(null),
  },
];
