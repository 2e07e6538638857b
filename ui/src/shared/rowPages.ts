// Where do the rows of a list come from? From the pages that a table has read of the same rows, else from pages of one's own.
import * as host from "../host/index.ts";
import { sameRows, type RowsQuery } from "../location.ts";
import type { FeedbackRow } from "../wire/index.ts";
import { Pages } from "./pages.ts";

class RowPages {
  private kept: { rows: RowsQuery; version: number; pages: Pages<FeedbackRow> } | null = null;

  /** A table shows these: who walks through the same rows need not read them again from the first. */
  keep(rows: RowsQuery, version: number, pages: Pages<FeedbackRow>): void {
    this.kept = { rows, version, pages };
  }

  /** `version` is that of the data: rows read before an import may stand in other places after it. */
  of(rows: RowsQuery, version: number): Pages<FeedbackRow> {
    const kept = this.kept;
    if (kept !== null && kept.version === version && !kept.pages.closed && sameRows(kept.rows, rows)) return kept.pages;
    const pages = new Pages<FeedbackRow>(
      (after, limit) => host.feedbackPage({ ...rows, after, limit }),
      () => undefined,
    );
    this.kept = { rows, version, pages };
    return pages;
  }

  forget(): void {
    this.kept = null;
  }
}

export const rowPages = new RowPages();
