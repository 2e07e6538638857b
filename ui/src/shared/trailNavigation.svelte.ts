// Which row comes next? A trail that was opened from a list of rows walks on through it, however long the list is.
import { idAt } from "../location.ts";
import { rowPages } from "./rowPages.ts";
import { app } from "./state.svelte.ts";

export interface Position {
  at: number;
  total: number;
}

class TrailNavigation {
  private stepping = false;

  /** Where in its list the open trail is; `null` when it was not opened from one. */
  get position(): Position | null {
    const { list, trailQuery } = app;
    if (app.view !== "trail" || list === null || idAt(list) !== trailQuery?.feedbackId) return null;
    return { at: list.at, total: list.kind === "rows" ? list.total : list.ids.length };
  }

  async step(by: number): Promise<void> {
    const { position } = this;
    const { list } = app;
    if (position === null || list === null || this.stepping) return;
    const at = Math.max(0, Math.min(position.total - 1, position.at + by));
    if (at === position.at) return;
    if (list.kind === "found") {
      const id = list.ids[at];
      if (id !== undefined) app.navigation.walkTo(id, { ...list, at });
      return;
    }
    this.stepping = true;
    try {
      const pages = rowPages.of(list.rows, app.dataVersion);
      const row = await pages.read(at);
      // Somebody has gone elsewhere meanwhile.
      if (app.list !== list) return;
      if (row === undefined) {
        if (pages.failure !== null) app.fail("The next row could not be read", pages.failure);
        return;
      }
      app.rows.keep(row);
      app.navigation.walkTo(row.id, { ...list, at, id: row.id, total: pages.total ?? list.total });
    } finally {
      this.stepping = false;
    }
  }
}

export const trailNavigation = new TrailNavigation();
