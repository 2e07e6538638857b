// Which spans of time are offered? They end where the data end, since an export is often weeks old.
import type { WorkspaceInfo } from "../wire/index.ts";

const DAY = 86_400_000;

export type Preset = { title: string; from: string | null; to: string | null };

export function presets(info: Pick<WorkspaceInfo, "first" | "last"> | null): Preset[] {
  const all: Preset = { title: "All time", from: null, to: null };
  if (!info?.last || !info.first) return [all];
  const end = startOfDay(info.last) + DAY;
  const lastDays = (title: string, days: number): Preset => ({ title, from: iso(end - days * DAY), to: iso(end) });
  const last = new Date(end - 1);
  const month = Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), 1);
  const before = Date.UTC(last.getUTCFullYear(), last.getUTCMonth() - 1, 1);
  return [
    all,
    lastDays("Last 7 days", 7),
    lastDays("Last 4 weeks", 28),
    lastDays("Last 13 weeks", 91),
    lastDays("Last 26 weeks", 182),
    { title: "The last month", from: iso(month), to: iso(Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1, 1)) },
    { title: "The month before", from: iso(before), to: iso(month) },
  ];
}

/** Two days as a date field gives them ("2026-05-11"), both included; an empty one leaves that end open. */
export function customSpan(first: string, last: string): { from: string | null; to: string | null } {
  const from = first ? iso(Date.parse(`${first}T00:00:00Z`)) : null;
  const to = last ? iso(Date.parse(`${last}T00:00:00Z`) + DAY) : null;
  return { from, to };
}

/** For a date field: the first day, and the last day of an excluded end. */
export function asDays(from: string | null, to: string | null): { first: string; last: string } {
  return { first: from ? from.slice(0, 10) : "", last: to ? iso(Date.parse(to) - 1).slice(0, 10) : "" };
}

function startOfDay(moment: string): number {
  return Math.floor(Date.parse(moment) / DAY) * DAY;
}

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
