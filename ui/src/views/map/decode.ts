// What do the bytes of the map mean? As `hearback_wire::map_bytes` writes them.
import type { MapLegend } from "../../wire/index.ts";

/** Stands for "none" among themes and versions. */
export const NONE = 65535;

export const POLARITY = { outside: 0, negative: 1, neutral: 2, positive: 3, unknown: 4 } as const;

/** One entry a point in each column; `xy` has two. */
export interface MapData {
  legend: MapLegend;
  xy: Float32Array;
  ids: Uint32Array;
  /** Feedback of the selection that says it; 0 outside. */
  feedback: Uint32Array;
  /** Places in the legend's lists. */
  themes: Uint16Array;
  versions: Uint16Array;
  polarities: Uint8Array;
}

export function decodeMap(bytes: ArrayBuffer): MapData {
  const length = bytes.byteLength >= 4 ? new DataView(bytes).getUint32(0, true) : 0;
  const legend = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as MapLegend;
  const n = legend.points;
  const at = 4 + length;
  if (bytes.byteLength < at + n * 21) throw new Error("The map came in part only");
  return {
    legend,
    xy: new Float32Array(bytes, at, n * 2),
    ids: new Uint32Array(bytes, at + n * 8, n),
    feedback: new Uint32Array(bytes, at + n * 12, n),
    themes: new Uint16Array(bytes, at + n * 16, n),
    versions: new Uint16Array(bytes, at + n * 18, n),
    polarities: new Uint8Array(bytes, at + n * 20, n),
  };
}
