// Where was I in the feedback table? It outlives the view, so that Esc from a trail comes back to the same row.
import * as host from "../../host/index.ts";
import { app } from "../../shared/state.svelte.ts";
import type { Failure, FeedbackRow, Filter, SortBy, SortOrder } from "../../wire/index.ts";
import { walk } from "../../shared/trailNavigation.svelte.ts";
import { Pages } from "../../shared/pages.ts";

class FeedbackTable {
  sortBy = $state<SortBy>("time");
  order = $state<SortOrder>("descending");
  /** Place of the selected row; -1 for none. */
  cursor = $state(-1);
  scrollTop = $state(0);
  total = $state<number | null>(null);
  /** Rows of another filter are shown until these have come. */
  busy = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** The rows asked for lie ahead of those that have come. */
  catchingUp = $state(false);
  reached = $state(0);
  /** Grows when the rows are those of another filter or order: the view goes to their top. */
  generation = $state(0);

  // Grows whenever rows come: what reads a row reads this first.
  private arrivals = $state(0);
  private shown: Pages<FeedbackRow> | null = null;
  private coming: Pages<FeedbackRow> | null = null;
  private key = "";

  /** Reads anew if filter, order or data are others than those shown. */
  follow(filter: Filter, sortBy: SortBy, order: SortOrder, dataVersion: number): void {
    const key = JSON.stringify([filter, sortBy, order, dataVersion, app.info?.path]);
    if (key === this.key) return;
    this.key = key;
    this.coming?.close();
    const pages: Pages<FeedbackRow> = new Pages<FeedbackRow>(
      (after, limit) => host.feedbackPage({ filter, sortBy, order, after, limit }),
      () => this.arrived(pages),
    );
    this.coming = pages;
    this.busy = true;
    this.failure = null;
    void pages.want(0, 60);
  }

  row(index: number): FeedbackRow | undefined {
    void this.arrivals;
    return this.shown?.row(index);
  }

  want(first: number, end: number): void {
    const pages = this.shown;
    if (pages === null) return;
    this.catchingUp = first > pages.reached;
    void pages.want(first, end);
  }

  retry(): void {
    this.failure = null;
    const pages = this.coming ?? this.shown;
    if (pages) void pages.want(0, 60);
    else this.key = "";
  }

  sort(by: SortBy): void {
    if (this.sortBy === by) {
      this.order = this.order === "ascending" ? "descending" : "ascending";
      return;
    }
    this.sortBy = by;
    // The latest, the worst and the alphabetically first are what people look for first.
    this.order = by === "time" ? "descending" : "ascending";
  }

  /** Moves the selection; the row is read if it is not here. */
  async choose(index: number): Promise<FeedbackRow | undefined> {
    const total = this.total ?? 0;
    if (total === 0) return undefined;
    const at = Math.max(0, Math.min(total - 1, index));
    this.cursor = at;
    const row = this.shown?.row(at) ?? (await this.shown?.read(at));
    // Another key may have moved it on meanwhile.
    if (row !== undefined && this.cursor === at) app.select({ kind: "feedback", row });
    return row;
  }

  async open(index: number): Promise<void> {
    const pages = this.shown;
    const row = await this.choose(index);
    if (row === undefined || pages === null) return;
    walk.begin({
      at: this.cursor,
      id: row.id,
      total: this.total ?? 0,
      read: (at) => pages.read(at),
      moved: (at) => {
        if (this.shown === pages) this.cursor = at;
      },
    });
    app.openTrail({ sessionId: null, turnId: null, feedbackId: row.id });
  }

  private arrived(pages: Pages<FeedbackRow>): void {
    if (pages === this.coming) {
      if (pages.failure !== null) {
        this.failure = host.asFailure(pages.failure);
        this.busy = false;
        return;
      }
      this.shown?.close();
      this.shown = pages;
      this.coming = null;
      this.busy = false;
      this.cursor = -1;
      this.scrollTop = 0;
      this.generation += 1;
    }
    if (pages !== this.shown) return;
    this.failure = pages.failure === null ? null : host.asFailure(pages.failure);
    this.total = pages.total;
    this.reached = pages.reached;
    if (pages.failure !== null) this.catchingUp = false;
    this.arrivals += 1;
  }
}

export const table = new FeedbackTable();
