// Which rows of a long table are in sight, and where do they go?
//
// Only the rows in sight are in the document; a spacer as tall as all of them gives the scroll bar its length.
// Browsers cannot lay out more than about 33 million pixels, so past LIMIT the spacer stops growing and the scroll
// position stands for a share of the way instead of for pixels.

/** Height of a row, in CSS pixels. */
export const ROW = 28;

/** Tallest spacer, in CSS pixels: half of what WebKit can lay out. */
export const LIMIT = 16_000_000;

/** Rows kept above and below the visible ones, so that a flick of the wheel shows rows and not paper. */
const BEYOND = 12;

/** The id of a row in the document, by which a grid names the row that is active. */
export function rowId(grid: string, index: number): string {
  return `${grid}-${index}`;
}

export interface Sight {
  /** Height of the spacer. */
  height: number;
  /** First row in the document. */
  first: number;
  /** First row that is no longer in the document. */
  end: number;
  /** Where the first row starts, from the top of the spacer. */
  offset: number;
  /** First and last (excluded) row that can be seen, at least in part. */
  top: number;
  bottom: number;
}

/** The rows in sight at a scroll position. `viewport` is the height that shows rows. */
export function sight(total: number, scrollTop: number, viewport: number): Sight {
  const full = total * ROW;
  const height = Math.min(full, LIMIT);
  const reach = Math.max(0, height - viewport);
  const scroll = Math.min(Math.max(0, scrollTop), reach);
  const position = full === height || reach === 0 ? scroll : (scroll / reach) * (full - viewport);
  const top = Math.min(Math.floor(position / ROW), Math.max(0, total - 1));
  const bottom = Math.min(total, Math.ceil((position + viewport) / ROW));
  const first = Math.max(0, top - BEYOND);
  const end = Math.min(total, bottom + BEYOND);
  return { height, first, end, offset: scroll - position + first * ROW, top, bottom };
}

/** The scroll position that shows a row, changed as little as possible from where it is. */
export function reveal(index: number, total: number, scrollTop: number, viewport: number): number {
  const full = total * ROW;
  const height = Math.min(full, LIMIT);
  const reach = Math.max(0, height - viewport);
  const travel = Math.max(0, full - viewport);
  const scale = travel === 0 ? 1 : reach / travel;
  const position = scrollTop / scale;
  if (index * ROW < position) return Math.min(reach, index * ROW * scale);
  if ((index + 1) * ROW > position + viewport) return Math.min(reach, ((index + 1) * ROW - viewport) * scale);
  return scrollTop;
}
