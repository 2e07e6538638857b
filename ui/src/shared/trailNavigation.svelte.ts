// Which row comes next? A trail that was opened from a list can walk on through it, however long the list is:
// the list itself reads the row, so that nothing needs to be held for it.
import { app } from "./state.svelte.ts";
import type { FeedbackRow, TrailQuery } from "../wire/index.ts";

export interface WalkList {
  /** Place of the row whose trail is open, and its id. */
  at: number;
  id: string;
  total: number;
  read: (at: number) => Promise<FeedbackRow | undefined>;
  /** Told where the walk is, so that the list can be found at the same place. */
  moved: (at: number) => void;
}

export interface Position {
  at: number;
  total: number;
}

class Walk {
  private list = $state.raw<WalkList | null>(null);
  private stepping = false;
  private left = $state.raw<TrailQuery[]>([]);

  begin(list: WalkList): void {
    this.list = list;
  }

  /** Where in its list the open trail is; `null` when it was not opened from one. */
  get position(): Position | null {
    const list = this.list;
    if (list !== null && app.trailQuery?.feedbackId === list.id) return { at: list.at, total: list.total };
    const given = app.trailList;
    return given === null ? null : { at: given.at, total: given.ids.length };
  }

  /** Opens a trail from within a trail; Esc comes back from it. */
  visit(query: TrailQuery): void {
    if (app.view === "trail" && app.trailQuery !== null) this.left = [...this.left, app.trailQuery];
    app.openTrail(query, app.trailList);
  }

  get canReturn(): boolean {
    return this.left.length > 0;
  }

  return(): void {
    const query = this.left.at(-1);
    if (query === undefined) return;
    this.left = this.left.slice(0, -1);
    app.trailQuery = query;
  }

  /** Whoever comes to the trail from outside has not been anywhere within it. */
  arrive(): void {
    this.left = [];
  }

  async step(by: number): Promise<void> {
    const position = this.position;
    if (position === null || this.stepping) return;
    const at = Math.max(0, Math.min(position.total - 1, position.at + by));
    if (at === position.at) return;
    const list = this.list;
    if (list === null || app.trailQuery?.feedbackId !== list.id) {
      app.stepTrail(by);
      return;
    }
    this.stepping = true;
    try {
      const row = await list.read(at);
      if (row === undefined || this.list !== list || app.trailQuery?.feedbackId !== list.id) return;
      this.list = { ...list, at, id: row.id };
      app.trailQuery = { sessionId: null, turnId: null, feedbackId: row.id };
      app.selection = { kind: "feedback", row };
      list.moved(at);
    } finally {
      this.stepping = false;
    }
  }
}

export const walk = new Walk();
