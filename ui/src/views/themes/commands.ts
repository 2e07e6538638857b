// What can be done with themes, by key and from the palette? For as long as the view is there.
import type { Command } from "../../shared/commands.ts";
import { app } from "../../shared/state.svelte.ts";
import type { ThemeRow } from "../../wire/index.ts";
import { POSITIONS, positionOf, resolutionAt, SUBJECTS } from "./cut.ts";
import { themeEditor } from "./themeEditor.svelte.ts";
import { recut } from "./recut.svelte.ts";
import { openTheme } from "../../shared/openTheme.ts";

export interface Table {
  rows: () => readonly ThemeRow[];
  /** The index of the selected row, or -1. */
  chosen: () => number;
  choose: (index: number) => void;
  analysing: () => boolean;
}

export function themeCommands(table: Table): Command[] {
  const some = (): boolean => table.rows().length > 0 && app.overlay === "none" && themeEditor.question === null;
  const row = (): ThemeRow | undefined => table.rows()[table.chosen()];
  /** The selected theme: not *Unclustered*. */
  const id = (): number | null => row()?.id ?? null;
  const onTheme = (): boolean => id() !== null && themeEditor.question === null && !themeEditor.busy;
  const withTheme = (run: (theme: number, row: ThemeRow) => void) => (): void => {
    const [theme, at] = [id(), row()];
    if (theme !== null && at !== undefined) run(theme, at);
  };
  const canCut = (): boolean => app.themes?.run?.canRecut === true && !table.analysing();
  const step = (by: number) => (): void => {
    const run = app.themes?.run;
    if (!run) return;
    const now = recut.wished?.resolution ?? run.resolution;
    const next = positionOf(now) + by;
    if (next >= 0 && next <= POSITIONS) void recut.to(run, { resolution: resolutionAt(next) });
  };
  const write = (field: "name" | "note") => (): void => {
    app.layout.inspectorOpen = true;
    themeEditor.writing = field;
  };

  return [
    {
      id: "theme-next",
      title: "Next theme",
      group: "Rows",
      shortcut: "j",
      also: ["ArrowDown"],
      enabled: some,
      run: () => table.choose(table.chosen() + 1),
    },
    {
      id: "theme-previous",
      title: "Previous theme",
      group: "Rows",
      shortcut: "k",
      also: ["ArrowUp"],
      enabled: some,
      run: () => table.choose(table.chosen() < 0 ? 0 : table.chosen() - 1),
    },
    {
      id: "rows-enter",
      title: "Go to the rows",
      group: "Rows",
      enabled: () => app.themesBusy || some(),
      run: () =>
        void app.themesReading.then(() => table.rows().length > 0 && table.choose(Math.max(0, table.chosen()))),
    },
    {
      id: "theme-open",
      title: "Open the feedback of the theme",
      group: "Rows",
      shortcut: "Enter",
      enabled: () =>
        some() &&
        table.chosen() >= 0 &&
        document.activeElement?.matches("button, a, summary, [role='button']") !== true,
      run: () => {
        const at = row();
        if (at) openTheme(at);
      },
    },
    {
      id: "theme-parts-show",
      title: "Show the sub-themes",
      group: "Rows",
      shortcut: "ArrowRight",
      enabled: () => onTheme() && (row()?.subthemes.length ?? 0) > 0,
      run: withTheme((theme) => themeEditor.toggleParts(theme, true)),
    },
    {
      id: "theme-parts-hide",
      title: "Hide the sub-themes",
      group: "Rows",
      shortcut: "ArrowLeft",
      enabled: () => onTheme() && themeEditor.opened.has(id() ?? -1),
      run: withTheme((theme) => themeEditor.toggleParts(theme, false)),
    },
    {
      id: "theme-mark",
      title: "Mark the theme, to merge it with others",
      group: "Rows",
      shortcut: "x",
      enabled: onTheme,
      run: withTheme((theme) => themeEditor.toggleMark(theme)),
    },
    {
      id: "theme-unmark",
      title: "Clear the marks",
      group: "Rows",
      enabled: () => themeEditor.marked.size > 0,
      run: () => themeEditor.clearMarks(),
    },
    {
      id: "theme-rename",
      title: "Rename the theme",
      group: "Rows",
      shortcut: "F2",
      enabled: onTheme,
      run: write("name"),
    },
    {
      id: "theme-found-name",
      title: "Go back to the name that was found",
      group: "Rows",
      enabled: () => onTheme() && row()?.namedBy === "user",
      run: withTheme((theme) => void themeEditor.revertName(theme)),
    },
    {
      id: "theme-note",
      title: "Write a note on the theme",
      group: "Rows",
      shortcut: "n",
      enabled: onTheme,
      run: write("note"),
    },
    {
      id: "theme-pin",
      title: "Pin or unpin the theme",
      group: "Rows",
      shortcut: "p",
      enabled: onTheme,
      run: withTheme((theme, at) => void themeEditor.pin(theme, !at.pinned)),
    },
    {
      id: "theme-merge",
      title: "Merge themes…",
      group: "Rows",
      shortcut: "Shift+M",
      enabled: () => themeEditor.marked.size > 0 || onTheme(),
      run: () =>
        (themeEditor.question = {
          kind: "merge",
          from: themeEditor.marked.size > 0 ? [...themeEditor.marked] : [id() ?? -1],
        }),
    },
    {
      id: "theme-split",
      title: "Split the theme along its sub-themes",
      group: "Rows",
      enabled: () => onTheme() && (row()?.subthemes.length ?? 0) > 1,
      run: withTheme((theme) => void themeEditor.split(theme)),
    },
    {
      id: "theme-members",
      title: "Members of the theme: move or split off…",
      group: "Rows",
      enabled: () => themeEditor.question === null && row() !== undefined,
      run: () => (themeEditor.question = { kind: "members", theme: id() }),
    },
    {
      id: "theme-undo",
      title: "Undo the last edit of the themes",
      group: "Rows",
      shortcut: "Mod+Z",
      enabled: () => themeEditor.last !== null && !themeEditor.busy,
      run: () => themeEditor.last !== null && void themeEditor.undo(themeEditor.last),
    },
    {
      id: "theme-edits",
      title: "Your edits of the themes…",
      group: "Rows",
      run: () => (themeEditor.question = { kind: "edits" }),
    },
    { id: "theme-coarser", title: "Coarser themes", group: "View", enabled: canCut, run: step(-2) },
    { id: "theme-finer", title: "Finer themes", group: "View", enabled: canCut, run: step(2) },
    {
      id: "theme-force-nothing",
      title: "Leave unclustered what is near to no theme",
      group: "View",
      enabled: () => canCut() && app.themes?.run?.unclusteredAtMost !== null,
      run: () => app.themes?.run && void recut.to(app.themes.run, { unclusteredAtMost: null }),
    },
    ...SUBJECTS.map(([subject, title]): Command => ({
      id: `theme-subject-${subject}`,
      title: `Themes about ${title}`,
      group: "View",
      enabled: () => !app.isEmpty && app.themes?.run?.subject !== subject,
      run: () => void themeEditor.chooseSubject(subject),
    })),
    {
      id: "theme-record",
      title: "How these themes were found…",
      group: "View",
      enabled: () => app.themes?.run != null,
      run: () => (themeEditor.question = { kind: "record" }),
    },
    {
      id: "theme-options",
      title: "Find themes with options…",
      group: "Workspace",
      enabled: () => !app.isEmpty && !table.analysing(),
      run: () => (themeEditor.question = { kind: "analyse", subject: null }),
    },
  ];
}
