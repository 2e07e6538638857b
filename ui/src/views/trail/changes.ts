// What is different in this turn's system context?
//
// System prompts are long and change in a few words. The changes are shown with a little of what stands around them;
// the stretches between are counted and left out, and can be opened with the whole context.
import type { Change } from "../../wire/index.ts";

export type Piece = { kind: "kept" | "added" | "removed"; text: string } | { kind: "left_out"; words: number };

/** Words of unchanged text on either side of a change. */
const AROUND = 12;

export function condense(changes: readonly Change[], around: number = AROUND): Piece[] {
  const pieces: Piece[] = [];
  changes.forEach((change, index) => {
    if (change.kind !== "kept") {
      pieces.push({ kind: change.kind, text: change.text });
      return;
    }
    // Words with the whitespace before them, so that joining them again gives the text back.
    const words = change.text.match(/\s*\S+|\s+$/gu) ?? [];
    const before = index === 0 ? 0 : around;
    const after = index === changes.length - 1 ? 0 : around;
    const left = words.length - before - after;
    if (left < around) {
      pieces.push({ kind: "kept", text: change.text });
      return;
    }
    if (before > 0) pieces.push({ kind: "kept", text: words.slice(0, before).join("") });
    pieces.push({ kind: "left_out", words: left });
    if (after > 0) pieces.push({ kind: "kept", text: words.slice(words.length - after).join("") });
  });
  return pieces;
}

/** Places that differ: a replacement is one. */
export function countChanges(changes: readonly Change[]): number {
  let count = 0;
  let within = false;
  for (const change of changes) {
    // A lone space between two changed words does not make them two places.
    if (change.kind === "kept" && change.text.trim() !== "") within = false;
    else if (change.kind !== "kept" && !within) {
      within = true;
      count += 1;
    }
  }
  return count;
}
