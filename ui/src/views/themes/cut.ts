// How coarse, and how complete? Positions of the granularity control, and in words what it costs that less stays unclustered.
import type { Drift, Subject, ThemeRun } from "../../wire/index.ts";
import { count, counted, decimal, share } from "../../shared/format.ts";

/** Quarter octaves from 0.25 to 8: each step changes the number of themes by about as much. */
const COARSEST = 0.25;
const FINEST = 8;
const STEPS_PER_OCTAVE = 4;
export const POSITIONS = Math.log2(FINEST / COARSEST) * STEPS_PER_OCTAVE;

export function resolutionAt(position: number): number {
  const held = Math.min(POSITIONS, Math.max(0, Math.round(position)));
  return Math.round(COARSEST * 2 ** (held / STEPS_PER_OCTAVE) * 1000) / 1000;
}

export function positionOf(resolution: number): number {
  return Math.min(POSITIONS, Math.max(0, Math.round(Math.log2(resolution / COARSEST) * STEPS_PER_OCTAVE)));
}

export function granularityWord(position: number): string {
  const part = position / POSITIONS;
  return part < 0.2
    ? "very coarse"
    : part < 0.4
      ? "coarse"
      : part <= 0.6
        ? "medium"
        : part <= 0.8
          ? "fine"
          : "very fine";
}

/** What is typed as a share: "10" and "7,5 %" are; nonsense and what is not between 0 and 100 is `null`. */
export function readPercent(text: string): number | null {
  const match = /^(\d{1,3}(?:[.,]\d+)?)\s*%?$/.exec(text.trim());
  if (match === null) return null;
  const value = Number((match[1] ?? "").replace(",", "."));
  return value <= 100 ? Math.round(value * 100) / 10_000 : null;
}

export function unclusteredShare(run: ThemeRun): number {
  return run.texts === 0 ? 0 : run.unclustered / run.texts;
}

/** How well what was pulled in fits, next to the texts that are in themes anyway. */
export function fitWord(similarity: number, usual: number): string {
  const ratio = usual <= 0 ? 0 : similarity / usual;
  return ratio >= 0.9
    ? "as alike as the others"
    : ratio >= 0.7
      ? "somewhat less alike"
      : ratio >= 0.5
        ? "only loosely related"
        : "hardly related";
}

/** "1 120 texts were pulled in, only loosely related: 0.31 like their theme on average (all: 0.68)". `null`: nothing was forced. */
export function costWords(run: ThemeRun): string | null {
  if (run.unclusteredAtMost === null) return null;
  if (run.pulledIn === 0)
    return `Nothing had to be pulled in: fewer than ${share(run.unclusteredAtMost, 0)} are unclustered as it is`;
  return `${counted(run.pulledIn, "text")} pulled in, ${fitWord(run.pulledInSimilarity, run.similarity)}: ${decimal(run.pulledInSimilarity)} like their theme on average (all: ${decimal(run.similarity)})`;
}

export const SUBJECTS: readonly (readonly [Subject, string])[] = [
  ["said", "what users said"],
  ["asked", "what users asked"],
  ["both", "what users said and asked"],
];

export function subjectTitle(subject: Subject): string {
  return SUBJECTS.find(([name]) => name === subject)?.[1] ?? subject;
}

/** "1 704 new texts were placed into existing themes, 600 unclustered, 12 wait for the model". `null`: nothing came and nothing went. */
export function driftWords(drift: Drift): string | null {
  const came = drift.placed + drift.unclustered + drift.waiting;
  if (came === 0 && drift.removed === 0) return null;
  const parts: string[] = [];
  if (came > 0)
    parts.push(
      `${counted(drift.placed, "new text was", "new texts were")} placed into existing themes, ${count(drift.unclustered)} unclustered`,
    );
  if (drift.waiting > 0) parts.push(`${counted(drift.waiting, "waits", "wait")} for the model`);
  if (drift.removed > 0) parts.push(`${counted(drift.removed, "text is", "texts are")} no longer said`);
  return parts.join(", ");
}
