// What does the feedback of this id say? Rows that were looked at are kept, so that a location can name them by id alone.
import { SvelteMap } from "svelte/reactivity";
import * as host from "../host/index.ts";
import type { FeedbackRow } from "../wire/index.ts";

/** More than anybody goes back through; a row is some hundred bytes. */
const MOST = 400;

export class KnownRows {
  private rows = new SvelteMap<string, FeedbackRow>();

  get(id: string): FeedbackRow | undefined {
    return this.rows.get(id);
  }

  keep(row: FeedbackRow): void {
    this.rows.delete(row.id);
    this.rows.set(row.id, row);
    for (const oldest of this.rows.keys()) {
      if (this.rows.size <= MOST) return;
      this.rows.delete(oldest);
    }
  }

  /** Reads the row if it is not here: a saved view or a link names what this window has not seen. */
  async want(id: string): Promise<void> {
    if (this.rows.has(id)) return;
    const trail = await host.trail({ feedbackId: id, sessionId: null, turnId: null });
    const all = [...trail.turns.flatMap((turn) => turn.feedback), ...trail.sessionFeedback, ...trail.orphans];
    const row = all.find((one) => one.id === id);
    if (row !== undefined) this.keep(row);
  }

  forget(): void {
    this.rows.clear();
  }
}
