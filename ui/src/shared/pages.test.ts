import { describe, expect, it } from "vitest";
import { Pages, type Load } from "./pages.ts";

/** A table of numbers, paged as the engine does it: the cursor is the last row's key. */
function table(total: number): { load: Load<number>; asked: [string | null, number][] } {
  const asked: [string | null, number][] = [];
  const load: Load<number> = (after, limit) => {
    asked.push([after, limit]);
    const start = after === null ? 0 : Number(after) + 1;
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - start)) }, (_, k) => start + k);
    const last = rows.at(-1);
    return Promise.resolve({ rows, next: last === undefined || last + 1 >= total ? null : String(last), total });
  };
  return { load, asked };
}

describe("Pages", () => {
  it("reads the first page and knows the total", async () => {
    const { load, asked } = table(1000);
    const pages = new Pages(load, () => {}, { page: 100 });
    await pages.want(0, 40);
    expect(pages.total).toBe(1000);
    expect(pages.row(39)).toBe(39);
    expect(pages.row(100)).toBeUndefined();
    expect(asked).toEqual([[null, 100]]);
  });

  it("reads along without asking twice", async () => {
    const { load, asked } = table(1000);
    const pages = new Pages(load, () => {}, { page: 100 });
    await pages.want(0, 40);
    await pages.want(90, 130);
    await pages.want(60, 120);
    expect(asked.length).toBe(2);
    expect(pages.row(129)).toBe(129);
  });

  it("jumps to the end in strides and holds no more than it should", async () => {
    const { load, asked } = table(24_386);
    const pages = new Pages(load, () => {}, { page: 200, stride: 1000, keep: 3000 });
    await pages.want(0, 40);
    await pages.want(24_346, 24_386);
    expect(pages.row(24_385)).toBe(24_385);
    expect(asked.length).toBeLessThan(30);
    expect(pages.held).toBeLessThanOrEqual(3000);
    expect(pages.row(5)).toBeUndefined();
  });

  it("comes back to a place it has left with one request", async () => {
    const { load, asked } = table(24_386);
    const pages = new Pages(load, () => {}, { page: 200, stride: 1000, keep: 2000 });
    await pages.want(0, 40);
    await pages.want(20_000, 20_040);
    const before = asked.length;
    await pages.want(10, 50);
    expect(asked.length).toBe(before + 1);
    expect(pages.row(10)).toBe(10);
  });

  it("follows the latest wish while an older one is under way", async () => {
    const { load } = table(10_000);
    const pages = new Pages(load, () => {}, { page: 100, stride: 500 });
    const first = pages.want(9_000, 9_040);
    const second = pages.want(200, 240);
    await Promise.all([first, second]);
    expect(pages.row(200)).toBe(200);
    expect(pages.reached).toBeLessThan(1000);
  });

  it("keeps a failure and goes on when asked again", async () => {
    const { load } = table(500);
    let broken = true;
    const pages = new Pages<number>(
      (after, limit) => (broken ? Promise.reject(new Error("no")) : load(after, limit)),
      () => {},
      { page: 100 },
    );
    await pages.want(0, 10);
    expect(pages.failure).toBeInstanceOf(Error);
    broken = false;
    await pages.want(0, 10);
    expect(pages.failure).toBeNull();
    expect(pages.row(0)).toBe(0);
  });

  it("believes the rows more than the total", async () => {
    const pages = new Pages<number>(
      () => Promise.resolve({ rows: [1, 2], next: null, total: 9 }),
      () => {},
    );
    await pages.want(0, 9);
    expect(pages.total).toBe(2);
    expect(await pages.read(2)).toBeUndefined();
  });

  it("lets nothing arrive after it was closed", async () => {
    const { load } = table(500);
    let changes = 0;
    const pages = new Pages(load, () => (changes += 1));
    const under = pages.want(0, 10);
    pages.close();
    await under;
    expect(changes).toBe(0);
    expect(pages.row(0)).toBeUndefined();
  });
});
