// Which point is under the pointer? A grid over the map, so that only a few are looked at.
import type { Box } from "./camera.ts";

export class Nearby {
  private readonly side: number;
  private readonly starts: Uint32Array;
  private readonly order: Uint32Array;

  constructor(
    private readonly xy: Float32Array,
    private readonly box: Box,
  ) {
    const n = xy.length / 2;
    this.side = Math.max(1, Math.min(512, Math.ceil(Math.sqrt(n / 4))));
    this.starts = new Uint32Array(this.side * this.side + 1);
    this.order = new Uint32Array(n);
    const cells = new Uint32Array(n);
    for (let index = 0; index < n; index++) {
      const cell = this.cell(xy[index * 2] ?? 0, xy[index * 2 + 1] ?? 0);
      cells[index] = cell;
      this.starts[cell + 1] = (this.starts[cell + 1] ?? 0) + 1;
    }
    for (let cell = 0; cell < this.side * this.side; cell++)
      this.starts[cell + 1] = (this.starts[cell + 1] ?? 0) + (this.starts[cell] ?? 0);
    const free = this.starts.slice();
    for (let index = 0; index < n; index++) {
      const cell = cells[index] ?? 0;
      const slot = free[cell] ?? 0;
      this.order[slot] = index;
      free[cell] = slot + 1;
    }
  }

  /** What lies outside of the box counts to its border. */
  private column(value: number, from: number, to: number): number {
    const at = Math.floor(((value - from) / Math.max(to - from, 1e-9)) * this.side);
    return Math.min(this.side - 1, Math.max(0, at));
  }

  private cell(x: number, y: number): number {
    return this.column(y, this.box.top, this.box.bottom) * this.side + this.column(x, this.box.left, this.box.right);
  }

  /** The nearest point within `reach` that `counts` lets through; -1 where there is none. */
  at(x: number, y: number, reach: number, counts: (index: number) => boolean): number {
    let best = -1;
    let gap = reach * reach;
    const [left, right] = [
      this.column(x - reach, this.box.left, this.box.right),
      this.column(x + reach, this.box.left, this.box.right),
    ];
    const [top, bottom] = [
      this.column(y - reach, this.box.top, this.box.bottom),
      this.column(y + reach, this.box.top, this.box.bottom),
    ];
    for (let row = top; row <= bottom; row++) {
      const from = this.starts[row * this.side + left] ?? 0;
      const to = this.starts[row * this.side + right + 1] ?? 0;
      for (let slot = from; slot < to; slot++) {
        const index = this.order[slot] ?? 0;
        const away = ((this.xy[index * 2] ?? 0) - x) ** 2 + ((this.xy[index * 2 + 1] ?? 0) - y) ** 2;
        if (away <= gap && counts(index)) {
          gap = away;
          best = index;
        }
      }
    }
    return best;
  }
}
