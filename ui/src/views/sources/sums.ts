// How are the counts of several imports added up, and how well did feedback find its turn?
import type { ImportCounts } from "../../wire/index.ts";

export function sumOf(all: readonly ImportCounts[]): ImportCounts {
  const total: ImportCounts = {
    read: 0,
    kept: 0,
    updated: 0,
    rejected: 0,
    sessions: 0,
    turns: 0,
    feedback: 0,
    joinedTurn: 0,
    joinedSession: 0,
  };
  for (const counts of all) {
    for (const key of Object.keys(total) as (keyof ImportCounts)[]) total[key] += counts[key];
  }
  return total;
}

/** Share of the feedback that found its turn; `null` where there is no feedback. */
export function coverage(counts: Pick<ImportCounts, "feedback" | "joinedTurn">): number | null {
  return counts.feedback === 0 ? null : counts.joinedTurn / counts.feedback;
}
