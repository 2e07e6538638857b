// An invented map: the themes as clouds of points, as many as `?points=` says; `?map=none` has none yet, `?map=stale` lacks some.
import type { FeedbackRow, Filter, MapLegend, MapPointDetail, MapPointQuery, MapSelection } from "../src/wire/index.ts";
import { FAKE_THEMES, fakeRows, fakeSelections, matches } from "./feedback.ts";
import { numbers, type Handlers } from "./scenario.ts";

const NONE = 65535;
const asked = (name: string): string | null => new URLSearchParams(globalThis.location?.search ?? "").get(name);

interface Dot {
  x: number;
  y: number;
  row: FeedbackRow;
}

let drawn = asked("map") !== "none";
let dots: Dot[] | null = null;

export function draw(): void {
  drawn = true;
}

function all(): Dot[] {
  if (dots) return dots;
  const random = numbers(11);
  const bell = (): number => random() + random() + random() - 1.5;
  const rows = fakeRows();
  const count = Number(asked("points") ?? rows.length);
  dots = Array.from({ length: count }, (_, index) => {
    const row = rows[index % rows.length] as FeedbackRow;
    const id = row.themeId ?? 0;
    // Sunflower seeds: no two clouds in one place.
    const angle = id * 2.4;
    const away = row.themeId === null ? 9 * random() : 2.6 * Math.sqrt(id);
    const spread = row.themeId === null ? 3 : 0.8;
    return { x: Math.cos(angle) * away + bell() * spread, y: Math.sin(angle) * away + bell() * spread, row };
  });
  return dots;
}

function points(filter: Filter): ArrayBuffer {
  const some = drawn ? all() : [];
  const inside = some.map((dot) => (matches(dot.row, filter) ? 1 : 0));
  const total = (has: (row: FeedbackRow) => boolean): number =>
    some.reduce((sum, dot, index) => sum + (inside[index] && has(dot.row) ? 1 : 0), 0);
  const versions = [...new Set(some.map((dot) => dot.row.modelVersion))];
  const legend: MapLegend = {
    map: drawn
      ? {
          id: 1,
          createdAt: "2026-06-29T08:02:11Z",
          model: "all-MiniLM-L6-v2",
          seed: 1,
          texts: some.length,
          placed: 0,
          missing: asked("map") === "stale" ? 312 : 0,
        }
      : null,
    points: some.length,
    themes: FAKE_THEMES.map((theme) => ({
      id: theme.id,
      name: theme.name,
      feedback: total((row) => row.themeId === theme.id),
    })),
    versions: versions.map((value) => ({ value, feedback: total((row) => row.modelVersion === value) })),
    labels: FAKE_THEMES.map((theme) => ({
      level: 0,
      theme: theme.id,
      name: theme.name,
      x: Math.cos(theme.id * 2.4) * 2.6 * Math.sqrt(theme.id),
      y: Math.sin(theme.id * 2.4) * 2.6 * Math.sqrt(theme.id),
      texts: some.filter((dot) => dot.row.themeId === theme.id).length,
      feedback: total((row) => row.themeId === theme.id),
      rows: {
        n: total((row) => row.themeId === theme.id),
        filter: {
          ...filter,
          conditions: [...filter.conditions, { dimension: "theme", values: [String(theme.id)], exclude: false }],
        },
      },
    })),
  };
  let json = JSON.stringify(legend);
  let head = new TextEncoder().encode(json);
  json += " ".repeat((4 - (head.length % 4)) % 4);
  head = new TextEncoder().encode(json);
  const n = some.length;
  const bytes = new ArrayBuffer(4 + head.length + n * 21);
  new DataView(bytes).setUint32(0, head.length, true);
  new Uint8Array(bytes).set(head, 4);
  const at = 4 + head.length;
  new Float32Array(bytes, at, n * 2).set(some.flatMap((dot) => [dot.x, dot.y]));
  new Uint32Array(bytes, at + n * 8, n).set(some.map((_, index) => index));
  new Uint32Array(bytes, at + n * 12, n).set(inside);
  new Uint16Array(bytes, at + n * 16, n).set(
    some
      .map((dot) => FAKE_THEMES.findIndex((theme) => theme.id === dot.row.themeId))
      .map((place) => (place < 0 ? NONE : place)),
  );
  new Uint16Array(bytes, at + n * 18, n).set(
    some.map((dot, index) => (inside[index] ? versions.indexOf(dot.row.modelVersion) : NONE)),
  );
  new Uint8Array(bytes, at + n * 20, n).set(
    some.map((dot, index) => (inside[index] ? ["", "negative", "neutral", "positive"].indexOf(dot.row.polarity) : 0)),
  );
  return bytes;
}

export const handlers: Handlers = {
  map_points: ({ filter }: { filter: Filter }) => points(filter),
  map_point: ({ query }: { query: MapPointQuery }): MapPointDetail => {
    const row = all()[query.point]?.row;
    return {
      text: row?.comment ?? row?.correction ?? row?.query ?? "",
      feedback: row && matches(row, query.filter) ? 1 : 0,
      latest: row ?? null,
    };
  },
  select_points: ({ points: chosen }: { points: number[] }): MapSelection => {
    const id = fakeSelections.size + 1;
    fakeSelections.set(String(id), new Set(chosen.map((point) => all()[point]?.row.id ?? "")));
    return { id, name: `${chosen.length} texts of the map`, texts: chosen.length };
  },
};
