// Which rows does the feedback table have, and how far has it come? It outlives the view, so that coming back from a trail
// finds the rows and their scroll position. Which row is selected is the location's to say.
import * as host from "../../host/index.ts";
import type { RowsQuery } from "../../location.ts";
import { sameRows } from "../../location.ts";
import { onLeaving } from "../../shared/leaving.ts";
import { Pages } from "../../shared/pages.ts";
import { rowPages } from "../../shared/rowPages.ts";
import { app } from "../../shared/state.svelte.ts";
import type { Failure, FeedbackRow, Filter, SortBy } from "../../wire/index.ts";

type Reading = { rows: RowsQuery; version: number; pages: Pages<FeedbackRow> };

class FeedbackTable {
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
  private shown = $state.raw<Reading | null>(null);
  private coming: Reading | null = null;
  private key = "";
  private waiting: (() => void)[] = [];
  /** A row was chosen that is still being read. */
  private reaching = $state<number | null>(null);

  get sortBy(): SortBy {
    return app.here.options.sorting.by;
  }

  get order(): "ascending" | "descending" {
    return app.here.options.sorting.order;
  }

  /** Place of the selected row; -1 for none. */
  get cursor(): number {
    if (this.reaching !== null) return this.reaching;
    const { list } = app;
    return list?.kind === "rows" && this.shown !== null && sameRows(list.rows, this.shown.rows) ? list.at : -1;
  }

  /** Reads anew if filter, order or data are others than those shown. */
  follow(filter: Filter, sortBy: SortBy, order: "ascending" | "descending", version: number): void {
    const rows: RowsQuery = { filter, sortBy, order };
    const key = JSON.stringify([rows, version, app.info?.path]);
    if (key === this.key) return;
    this.key = key;
    this.coming?.pages.close();
    const pages: Pages<FeedbackRow> = new Pages<FeedbackRow>(
      (after, limit) => host.feedbackPage({ ...rows, after, limit }),
      () => this.arrived(reading),
    );
    const reading: Reading = { rows, version, pages };
    this.coming = reading;
    this.busy = true;
    this.failure = null;
    void pages.want(0, 60);
  }

  row(index: number): FeedbackRow | undefined {
    void this.arrivals;
    return this.shown?.pages.row(index);
  }

  want(first: number, end: number): void {
    const pages = this.shown?.pages;
    if (pages === undefined) return;
    this.catchingUp = first > pages.reached;
    void pages.want(first, end);
  }

  /** Resolves when the rows asked for last are here, or cannot come. */
  settled(): Promise<void> {
    return this.busy ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve();
  }

  retry(): void {
    this.failure = null;
    const reading = this.coming ?? this.shown;
    if (reading) void reading.pages.want(0, 60);
    else this.key = "";
  }

  sort(by: SortBy): void {
    if (this.sortBy === by) {
      app.navigation.setSorting({ by, order: this.order === "ascending" ? "descending" : "ascending" });
      return;
    }
    // The latest, the worst and the alphabetically first are what people look for first.
    app.navigation.setSorting({ by, order: by === "time" ? "descending" : "ascending" });
  }

  /** Moves the selection; the row is read if it is not here. */
  async choose(index: number): Promise<FeedbackRow | undefined> {
    const total = this.total ?? 0;
    const shown = this.shown;
    if (total === 0 || shown === null) return undefined;
    const at = Math.max(0, Math.min(total - 1, index));
    this.reaching = at;
    const row = shown.pages.row(at) ?? (await shown.pages.read(at));
    // Another key may have moved it on meanwhile.
    if (this.reaching !== at || this.shown !== shown) return row;
    this.reaching = null;
    if (row === undefined) return undefined;
    app.rows.keep(row);
    app.navigation.selectRow(row.id, { kind: "rows", rows: shown.rows, at, id: row.id, total });
    return row;
  }

  async open(index: number): Promise<void> {
    const row = await this.choose(index);
    if (row !== undefined && app.view === "feedback") app.navigation.openFeedback(row.id, app.list);
  }

  /** Rows of another workspace are no rows of this one. */
  forget(): void {
    this.shown?.pages.close();
    this.coming?.pages.close();
    this.shown = null;
    this.coming = null;
    this.key = "";
    this.reaching = null;
    this.scrollTop = 0;
    this.total = null;
    this.reached = 0;
    this.failure = null;
    this.busy = false;
    this.catchingUp = false;
    this.arrivals += 1;
    this.generation += 1;
  }

  private arrived(reading: Reading): void {
    const { pages } = reading;
    if (reading === this.coming) {
      if (pages.failure !== null) {
        this.failure = host.asFailure(pages.failure);
        this.rest();
        return;
      }
      const before = this.shown;
      before?.pages.close();
      this.shown = reading;
      this.coming = null;
      this.rest();
      this.reaching = null;
      rowPages.keep(reading.rows, reading.version, pages);
      // The same rows may stand in other places after an import.
      if (before !== null && sameRows(before.rows, reading.rows) && this.cursor >= 0) app.navigation.leaveList();
      if (this.cursor < 0) this.scrollTop = 0;
      this.generation += 1;
    }
    if (reading !== this.shown) return;
    this.failure = pages.failure === null ? null : host.asFailure(pages.failure);
    this.total = pages.total;
    this.reached = pages.reached;
    if (pages.failure !== null) this.catchingUp = false;
    this.arrivals += 1;
  }

  private rest(): void {
    this.busy = false;
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

export const table = new FeedbackTable();
onLeaving(() => table.forget());
