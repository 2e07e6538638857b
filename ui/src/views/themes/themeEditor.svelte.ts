// Edits of themes: what is marked, what is being asked, which edits were made here and can be taken back.
import * as host from "../../host/index.ts";
import { counted } from "../../shared/format.ts";
import { onLeaving } from "../../shared/leaving.ts";
import { app } from "../../shared/state.svelte.ts";
import type { Filter, Subject, ThemeEdit, ThemeEditReport } from "../../wire/index.ts";
import { named } from "./lineage.ts";
import { nameOf, shortName } from "./words.ts";

/** What is asked in a dialog. */
export type Question =
  | { kind: "merge"; from: number[] }
  | { kind: "move"; feedback: string[]; from: number | null }
  | { kind: "members"; theme: number | null }
  | { kind: "edits" }
  | { kind: "record" }
  | { kind: "analyse"; subject: Subject | null };

interface Done {
  id: number;
  made: number[];
  /** The theme it was about: selected again when what it made goes. */
  about: number | null;
  /** The filter that held: a change of it since is undone first. */
  filter: Filter;
  notice: number | null;
}

export class ThemeEditor {
  question = $state.raw<Question | null>(null);
  marked = $state.raw<ReadonlySet<number>>(new Set());
  /** Themes whose sub-themes are shown. */
  opened = $state.raw<ReadonlySet<number>>(new Set());
  /** The field that is being written in. */
  writing = $state<"name" | "note" | null>(null);
  busy = $state(false);
  private done: Done[] = [];

  /** Makes an edit, reads the themes again, and says so with a way back. */
  async edit(edit: ThemeEdit, said: string | ((report: ThemeEditReport) => string)): Promise<ThemeEditReport | null> {
    if (this.busy) return null;
    this.busy = true;
    let report: ThemeEditReport;
    try {
      report = await host.editThemes(edit);
    } catch (thrown) {
      app.fail("The themes were not changed", thrown);
      return null;
    } finally {
      this.busy = false;
    }
    const about = edit.kind === "merge" ? edit.into : edit.kind === "move" ? edit.to : edit.theme;
    this.dropNotice();
    const made: Done = { id: report.id, made: report.made, about, filter: app.filter, notice: null };
    this.done = [...this.done, made];
    await this.readAgain();
    made.notice = app.notify({
      kind: "success",
      text: typeof said === "string" ? said : said(report),
      action: { label: "Undo", run: () => void this.undo(report.id) },
    });
    return report;
  }

  /** Takes an edit back, whenever it was made. */
  async undo(id: number): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      const row = await host.undoThemeEdit(id);
      const done = this.done.find((one) => one.id === id);
      this.done = this.done.filter((one) => one.id !== id);
      if (done !== undefined && done.notice !== null) app.dismiss(done.notice);
      const { selection } = app;
      if (selection.kind === "theme" && selection.id !== null && done?.made.includes(selection.id))
        app.navigation.select(done.about === null ? { kind: "none" } : { kind: "theme", id: done.about });
      app.notify({ kind: "info", text: `Taken back: ${row.description}` });
      await this.readAgain();
      return true;
    } catch (thrown) {
      app.fail("The edit was not taken back", thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The last edit of this window, unless the filter changed since: then that is what Undo means. */
  get last(): number | null {
    const last = this.done.at(-1);
    return last !== undefined && last.filter === app.filter ? last.id : null;
  }

  /** The name that the run found: every renaming of the theme is taken back, the last one first. */
  async revertName(theme: number): Promise<void> {
    try {
      const renamings = (await host.listThemeEdits()).filter((row) => row.kind === "rename" && row.themes[0] === theme);
      for (const row of renamings.reverse()) if (!(await this.undo(row.id))) return;
    } catch (thrown) {
      app.fail("The name was not taken back", thrown);
    }
  }

  toggleMark(id: number): void {
    this.marked = toggled(this.marked, id);
  }

  /** Marks what stands between two rows, as Shift and a click do. */
  markAll(ids: readonly (number | null)[]): void {
    this.marked = new Set([...this.marked, ...ids.filter((id) => id !== null)]);
  }

  clearMarks(): void {
    this.marked = new Set();
  }

  toggleParts(id: number, open = !this.opened.has(id)): void {
    if (open !== this.opened.has(id)) this.opened = toggled(this.opened, id);
  }

  /** `into` may be one of `themes`. */
  async merge(into: number, themes: readonly number[]): Promise<void> {
    const from = themes.filter((id) => id !== into);
    const what = from.length === 1 ? named(from, shortName) : `${from.length} themes`;
    const report = await this.edit({ kind: "merge", into, from }, `Merged ${what} into “${shortName(into)}”`);
    if (report === null) return;
    this.clearMarks();
    app.navigation.select({ kind: "theme", id: into });
  }

  /** `null` is *Unclustered*. */
  async move(feedback: string[], to: number | null): Promise<void> {
    const where = to === null ? "Unclustered" : `“${shortName(to)}”`;
    const report = await this.edit(
      { kind: "move", feedback, to },
      `Moved ${counted(feedback.length, "feedback", "feedback")} to ${where}, with whoever said the same`,
    );
    const { selection } = app;
    if (report === null || selection.kind !== "feedback" || !feedback.includes(selection.id)) return;
    // The row that is kept is a copy of what the table had.
    const row = app.rows.get(selection.id);
    if (row !== undefined) app.rows.keep({ ...row, themeId: to, themeName: to === null ? null : nameOf(to) });
  }

  async split(theme: number): Promise<void> {
    await this.edit(
      { kind: "split", theme },
      (report) => `Split “${shortName(theme)}” into ${report.made.length + 1} themes`,
    );
  }

  async pin(theme: number, pinned: boolean): Promise<void> {
    await this.edit({ kind: "pin", theme, pinned }, `${pinned ? "Pinned" : "Unpinned"} “${shortName(theme)}”`);
  }

  /** Counts by the themes about something else; where there is no run of it yet, the list says so and offers one. */
  async chooseSubject(subject: Subject): Promise<void> {
    try {
      await host.chooseThemeSubject(subject);
      this.forget();
      app.navigation.select({ kind: "none" });
      await app.refresh();
    } catch (thrown) {
      app.fail("The subject was not changed", thrown);
    }
  }

  /** Ids of another subject, or another workspace: what was marked and done here is about nothing there. */
  forget(): void {
    this.dropNotice();
    this.marked = new Set();
    this.opened = new Set();
    this.writing = null;
    this.done = [];
  }

  /** One way back on the screen is enough: Undo and the list of edits lead further back. */
  private dropNotice(): void {
    for (const one of this.done) if (one.notice !== null) app.dismiss(one.notice);
  }

  private async readAgain(): Promise<void> {
    try {
      await app.refresh();
    } catch (thrown) {
      app.fail("The themes could not be read again", thrown);
    }
  }
}

function toggled(set: ReadonlySet<number>, id: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

export const themeEditor = new ThemeEditor();
onLeaving(() => {
  themeEditor.question = null;
  themeEditor.forget();
});
