// Which rows are here, and how do the others come?
//
// Keyset paging is exact and fast however deep one goes, but a page can only be asked for with the cursor that the
// page before it returned. So the pages that were passed are remembered with their cursors, while their rows are let
// go when they are far from what is being looked at: scrolling back needs one request, scrolling far ahead walks
// forward in long strides, and memory stays the same however long the table is.

export interface Page<Row> {
  rows: Row[];
  /** Cursor of the next page; `null` after the last. */
  next: string | null;
  total: number;
}

export type Load<Row> = (after: string | null, limit: number) => Promise<Page<Row>>;

interface Stretch<Row> {
  start: number;
  count: number;
  after: string | null;
  rows: Row[] | null;
}

export interface PagesOptions {
  /** Rows of a page while reading along. */
  page: number;
  /** Rows of a page while catching up with a jump. */
  stride: number;
  /** Rows that are kept at most, beside those asked for. */
  keep: number;
}

const USUAL: PagesOptions = { page: 200, stride: 1000, keep: 3000 };

export class Pages<Row> {
  /** All rows there are; `null` until the first page has come. */
  total: number | null = null;
  /** Why the last page did not come; asking again clears it. */
  failure: unknown = null;

  readonly #load: Load<Row>;
  readonly #changed: () => void;
  readonly #options: PagesOptions;
  #stretches: Stretch<Row>[] = [];
  #next: string | null = null;
  #complete = false;
  #wanted = { first: 0, end: 1 };
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(load: Load<Row>, changed: () => void, options: Partial<PagesOptions> = {}) {
    this.#load = load;
    this.#changed = changed;
    this.#options = { ...USUAL, ...options };
  }

  /** Rows whose place is known, whether they are still here or not. */
  get reached(): number {
    const last = this.#stretches.at(-1);
    return last === undefined ? 0 : last.start + last.count;
  }

  /** Rows in memory. */
  get held(): number {
    return this.#stretches.reduce((sum, stretch) => sum + (stretch.rows?.length ?? 0), 0);
  }

  /** The row at a place, or `undefined` while it is not here. */
  row(index: number): Row | undefined {
    const stretch = this.#stretches[this.#find(index)];
    return stretch?.rows?.[index - stretch.start];
  }

  /** Asks for a range. Resolves when it is here, or when it cannot come. */
  want(first: number, end: number): Promise<void> {
    this.#wanted = { first: Math.max(0, first), end: Math.max(end, first + 1) };
    this.failure = null;
    this.#running ??= this.#fill().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** The row at a place, read if need be; `undefined` past the end. */
  async read(index: number): Promise<Row | undefined> {
    if (index < 0 || (this.total !== null && index >= this.total)) return undefined;
    await this.want(index, index + 1);
    return this.row(index);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Nothing that is still under way may arrive any more. */
  close(): void {
    this.#closed = true;
  }

  #find(index: number): number {
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const stretch = this.#stretches[middle]!;
      if (index < stretch.start) high = middle - 1;
      else if (index >= stretch.start + stretch.count) low = middle + 1;
      else return middle;
    }
    return -1;
  }

  async #fill(): Promise<void> {
    while (!this.#closed) {
      const step = this.#nextStep();
      if (step === null) return;
      try {
        const page = await this.#load(step.after, step.limit);
        if (this.#closed) return;
        this.#place(step, page);
      } catch (failure) {
        if (this.#closed) return;
        this.failure = failure;
        this.#changed();
        return;
      }
      this.#release();
      this.#changed();
    }
  }

  /** What to ask for next so that the wanted range fills, from its top. */
  #nextStep(): { at: number; after: string | null; limit: number; stretch: Stretch<Row> | null } | null {
    const { first, end } = this.#wanted;
    const last = Math.min(end, this.total ?? end);
    for (let index = first; index < Math.min(last, this.reached);) {
      const stretch = this.#stretches[this.#find(index)]!;
      if (stretch.rows === null) {
        return { at: stretch.start, after: stretch.after, limit: stretch.count, stretch };
      }
      index = stretch.start + stretch.count;
    }
    if (this.#complete || this.reached >= last) return null;
    const behind = first - this.reached;
    const limit =
      behind > this.#options.page ? Math.min(this.#options.stride, behind + this.#options.page) : this.#options.page;
    return { at: this.reached, after: this.#next, limit, stretch: null };
  }

  #place(step: { at: number; after: string | null; stretch: Stretch<Row> | null }, page: Page<Row>): void {
    this.total = page.total;
    if (step.stretch !== null) {
      // What came back may be shorter than what stood there if the data changed: the view starts afresh then.
      step.stretch.rows = page.rows;
      return;
    }
    if (page.rows.length > 0) {
      this.#stretches.push({ start: step.at, count: page.rows.length, after: step.after, rows: page.rows });
    }
    this.#next = page.next;
    if (page.next === null || page.rows.length === 0) {
      this.#complete = true;
      this.total = this.reached;
    }
  }

  /** Lets go of the rows farthest from the wanted range. */
  #release(): void {
    const { first, end } = this.#wanted;
    const distance = (stretch: Stretch<Row>): number =>
      Math.max(0, stretch.start - end, first - (stretch.start + stretch.count));
    const far = this.#stretches
      .filter((stretch) => stretch.rows !== null && distance(stretch) > 0)
      .sort((a, b) => distance(b) - distance(a));
    let held = this.held;
    for (const stretch of far) {
      if (held <= this.#options.keep) return;
      held -= stretch.rows?.length ?? 0;
      stretch.rows = null;
    }
  }
}
