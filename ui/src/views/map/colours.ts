// Which colour has each point? Slots of one palette of tokens, so that light and dark differ in the palette alone.
import type { MapLegend } from "../../wire/index.ts";
import { NONE, POLARITY, type MapData } from "./decode.ts";

export type ColourBy = "theme" | "version" | "polarity";

/** The palette: outside of the selection, six series, everything else. */
export const TOKENS = ["--line", "--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--other"] as const;
export const OUTSIDE = 0;
export const OTHER = 7;
const SERIES = 6;

/** Vermilion and blue are told apart by everyone; red and green are not. */
const POLARITY_SLOTS: Record<number, number> = {
  [POLARITY.negative]: 6,
  [POLARITY.neutral]: OTHER,
  [POLARITY.positive]: 1,
  [POLARITY.unknown]: OTHER,
};

/**
 * A slot for each theme of the legend, as a map of countries has it: there are more of them than colours, so colours come
 * again, as far away from one another as can be. The largest themes of the whole map choose first, so that a theme keeps
 * its colour whatever the filter.
 */
export function themeSlots(legend: MapLegend): number[] {
  const places = legend.labels
    .filter((label) => label.level === 0)
    .sort((a, b) => b.texts - a.texts || a.theme - b.theme);
  const used: Array<Array<[number, number]>> = Array.from({ length: SERIES }, () => []);
  const slotOf = new Map<number, number>();
  for (const place of places) {
    const gaps = used.map((ones) =>
      Math.min(Infinity, ...ones.map(([x, y]) => (x - place.x) ** 2 + (y - place.y) ** 2)),
    );
    const best = gaps.indexOf(Math.max(...gaps));
    used[best]?.push([place.x, place.y]);
    slotOf.set(place.theme, 1 + best);
  }
  return legend.themes.map((theme, index) => slotOf.get(theme.id) ?? 1 + (index % SERIES));
}

/** The slot of each point. */
export function slots(data: MapData, by: ColourBy): Uint8Array {
  const n = data.ids.length;
  const out = new Uint8Array(n);
  const themes = by === "theme" ? themeSlots(data.legend) : [];
  for (let index = 0; index < n; index++) {
    if ((data.feedback[index] ?? 0) === 0) continue;
    if (by === "polarity") out[index] = POLARITY_SLOTS[data.polarities[index] ?? 0] ?? OTHER;
    else {
      const place = (by === "theme" ? data.themes[index] : data.versions[index]) ?? NONE;
      out[index] =
        place === NONE ? OTHER : by === "theme" ? (themes[place] ?? OTHER) : place < SERIES ? place + 1 : OTHER;
    }
  }
  return out;
}

export interface LegendEntry {
  slot: number;
  name: string;
  feedback: number | null;
}

export function legendEntries(data: MapData, by: ColourBy): LegendEntry[] {
  if (by === "polarity") {
    const sums = [0, 0, 0, 0, 0];
    data.polarities.forEach(
      (polarity, index) => (sums[polarity] = (sums[polarity] ?? 0) + (data.feedback[index] ?? 0)),
    );
    return [
      { slot: 6, name: "mostly negative", feedback: sums[POLARITY.negative] ?? 0 },
      {
        slot: OTHER,
        name: "neither, or not known",
        feedback: (sums[POLARITY.neutral] ?? 0) + (sums[POLARITY.unknown] ?? 0),
      },
      { slot: 1, name: "mostly positive", feedback: sums[POLARITY.positive] ?? 0 },
    ];
  }
  if (by === "theme") return [{ slot: OTHER, name: "in no theme", feedback: null }];
  const shown = data.legend.versions
    .slice(0, SERIES)
    .map((version, index) => ({ slot: index + 1, name: version.value ?? "none", feedback: version.feedback }));
  const rest = data.legend.versions.slice(SERIES);
  if (rest.length > 0)
    shown.push({
      slot: OTHER,
      name: `${rest.length} others`,
      feedback: rest.reduce((sum, version) => sum + version.feedback, 0),
    });
  return shown;
}
