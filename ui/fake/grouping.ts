// Which invented feedback is in which invented theme? Subject, granularity, what is pulled in, and the user's edits on top.
import type {
  Subject,
  ThemeCut,
  ThemeEdit,
  ThemeEditReport,
  ThemeEditRow,
  ThemeEvent,
  ThemeHistoryEntry,
} from "../src/wire/index.ts";
import { FAKE_THEMES, changeRows, fakeRows, mixed } from "./feedback.ts";

export interface Line {
  id: number;
  name: string;
  keywords: string[];
  pinned: boolean;
  note: string;
  renamed: boolean;
  event: ThemeEvent | null;
  others: number[];
}

interface Kept {
  id: number;
  at: string;
  subject: Subject;
  edit: ThemeEdit;
  made: number[];
  dormant: string | null;
}

const EVENTS: Record<number, [ThemeEvent, number[]]> = {
  1: ["grew", []],
  4: ["shrank", []],
  5: ["merged", [21]],
  6: ["split", [2]],
  8: ["new", []],
  10: ["new", []],
};

export const run = {
  id: 3,
  subject: "said" as Subject,
  resolution: 2,
  unclusteredAtMost: null as number | null,
  createdAt: "2026-06-29T08:02:11Z",
};
const analysed = new Set<Subject>(["said", "asked"]);
let edits: Kept[] = [];
let nextTheme = 60;
let nextEdit = 1;
let lines = new Map<number, Line>();
export const pulled = { in: 0, unclustered: 0, texts: 0 };

/** The themes that the rows had when they were made. */
let origin: (number | null)[] | null = null;

const refuse = (kind: string, message: string, hint: string | null = null): never => {
  throw { kind, message, hint, details: [] };
};

export const present = (): boolean => analysed.has(run.subject);
export const theme = (id: number): Line | undefined => lines.get(id);
export function themes(): Line[] {
  if (origin === null) settle();
  return [...lines.values()];
}
const textOf = (i: number): string | null => {
  const row = fakeRows()[i];
  return row?.comment ?? row?.correction ?? null;
};

/** Which of the theme's sentences it is: the sub-theme. */
export function part(theme: number, text: string | null): number {
  const known = FAKE_THEMES.find((candidate) => candidate.id === theme % 100);
  return Math.max(0, known?.texts.indexOf(text ?? "") ?? 0);
}

function found(i: number, from: number | null): number | null {
  const row = fakeRows()[i];
  if (row === undefined) return null;
  if (run.subject !== "said") {
    const asked = FAKE_THEMES.find((candidate) => row.query !== null && candidate.queries.includes(row.query));
    if (run.subject === "asked") return asked === undefined ? null : 100 + asked.id;
    from ??= asked?.id ?? null;
    return from === null ? null : 200 + from;
  }
  if (from === null) {
    const text = textOf(i);
    if (text === null || run.unclusteredAtMost === null) return null;
    const near = mixed(i, 55) / 2 ** 32;
    return near < 1 - run.unclusteredAtMost / 0.138 ? 1 + (mixed(i, 56) % 8) : null;
  }
  if (run.resolution <= 0.5) return ((from - 1) % 3) + 1;
  if (run.resolution <= 1) return ((from - 1) % 6) + 1;
  if (run.resolution >= 4) {
    const sentence = part(from, textOf(i));
    return sentence === 0 ? from : from * 100 + 1000 + sentence;
  }
  return from;
}

function lineOf(id: number, text: string | null): Line {
  const known =
    FAKE_THEMES.find((candidate) => candidate.id === id % 100) ??
    FAKE_THEMES.find((candidate) => candidate.id === Math.floor((id - 1000) / 100));
  const [event, others] =
    EVENTS[id] ?? (id > 1000 ? (["new", []] as [ThemeEvent, number[]]) : (["kept", []] as [ThemeEvent, number[]]));
  const name = run.subject === "asked" ? (known?.queries[0] ?? "") : id > 1000 ? (text ?? "") : (known?.name ?? "");
  return { id, name, keywords: [...(known?.keywords ?? [])], pinned: false, note: "", renamed: false, event, others };
}

function made(id: number, name: string): Line {
  return {
    id,
    name,
    keywords: name.toLowerCase().split(/\s+/).slice(0, 3),
    pinned: false,
    note: "",
    renamed: false,
    event: null,
    others: [],
  };
}

/** Puts every row where subject, cut and edits want it. */
export function settle(): void {
  const rows = fakeRows();
  const first = (origin ??= rows.map((row) => row.themeId));
  const at = rows.map((_, i) => found(i, first[i] ?? null));
  lines = new Map();
  at.forEach((id, i) => {
    if (id !== null && !lines.has(id)) lines.set(id, lineOf(id, textOf(i)));
  });
  pulled.in =
    run.subject === "said" ? at.filter((id, i) => id !== null && first[i] === null && textOf(i) !== null).length : 0;
  for (const kept of edits.filter((kept) => kept.subject === run.subject)) replay(kept, at);
  pulled.texts = at.filter((id, i) => id !== null || textOf(i) !== null).length;
  pulled.unclustered = at.filter((id, i) => id === null && textOf(i) !== null).length;
  changeRows((row, i) => {
    row.themeId = at[i] ?? null;
    row.themeName = row.themeId === null ? null : (lines.get(row.themeId)?.name ?? null);
  });
}

function replay(kept: Kept, at: (number | null)[]): void {
  const { edit } = kept;
  const rows = fakeRows();
  const gone = (id: number | null): boolean => id !== null && !lines.has(id);
  const named = edit.kind === "merge" ? [edit.into, ...edit.from] : edit.kind === "move" ? [edit.to] : [edit.theme];
  kept.dormant = named.some(gone) ? "a theme that it names is not there at this granularity" : null;
  if (kept.dormant !== null) return;
  const chosen =
    edit.kind === "move" || edit.kind === "split_off"
      ? new Set(rows.flatMap((row, i) => (edit.feedback.includes(row.id) ? [textOf(i)] : [])))
      : new Set<string | null>();
  const line = (id: number): Line => lines.get(id) as Line;
  switch (edit.kind) {
    case "merge":
      at.forEach((id, i) => {
        if (id !== null && edit.from.includes(id)) at[i] = edit.into;
      });
      edit.from.forEach((id) => lines.delete(id));
      return;
    case "split": {
      const names: string[] = [];
      at.forEach((id, i) => {
        const sentence = part(edit.theme, textOf(i));
        const to = kept.made[sentence - 1];
        if (id !== edit.theme || to === undefined) return;
        at[i] = to;
        names[sentence - 1] = textOf(i) ?? "";
      });
      kept.made.forEach((id, k) => lines.set(id, made(id, names[k] ?? `Part ${k + 2}`)));
      return;
    }
    case "split_off": {
      const to = kept.made[0] as number;
      at.forEach((id, i) => {
        if (id === edit.theme && chosen.has(textOf(i))) at[i] = to;
      });
      lines.set(to, made(to, ([...chosen][0] ?? "Split off").slice(0, 60)));
      return;
    }
    case "move":
      at.forEach((_, i) => {
        if (textOf(i) !== null && chosen.has(textOf(i))) at[i] = edit.to;
      });
      return;
    case "rename":
      Object.assign(line(edit.theme), { name: edit.name, renamed: true });
      return;
    case "pin":
      line(edit.theme).pinned = edit.pinned;
      return;
    case "note":
      line(edit.theme).note = edit.note;
  }
}

function describe(kept: Kept): string {
  const { edit } = kept;
  const named = (id: number): string =>
    `“${lines.get(id)?.name ?? FAKE_THEMES.find((known) => known.id === id)?.name ?? "theme"}” (${id})`;
  switch (edit.kind) {
    case "merge":
      return `Merged ${edit.from.map(named).join(", ")} into ${named(edit.into)}`;
    case "split":
    case "split_off":
      return `Split ${kept.made.map(named).join(", ")} off ${named(edit.theme)}`;
    case "move":
      return edit.to === null
        ? `Took ${edit.feedback.length} text${edit.feedback.length === 1 ? "" : "s"} out of their theme`
        : `Moved ${edit.feedback.length} text${edit.feedback.length === 1 ? "" : "s"} to ${named(edit.to)}`;
    case "rename":
      return `Named theme ${edit.theme} “${edit.name}”`;
    case "pin":
      return `${edit.pinned ? "Pinned" : "Unpinned"} ${named(edit.theme)}`;
    case "note":
      return `${edit.note === "" ? "Took the note off" : "Wrote a note on"} ${named(edit.theme)}`;
  }
}

const own = (): Kept[] => edits.filter((kept) => kept.subject === run.subject);

function rowOf(kept: Kept): ThemeEditRow {
  const { edit } = kept;
  const themes =
    edit.kind === "merge"
      ? [edit.into, ...edit.from]
      : edit.kind === "move"
        ? edit.to === null
          ? []
          : [edit.to]
        : [edit.theme];
  const builtOn = own()
    .filter((later) => later.id > kept.id && kept.made.some((id) => JSON.stringify(later.edit).includes(`:${id}`)))
    .map((later) => later.id);
  return {
    id: kept.id,
    at: kept.at,
    kind: edit.kind === "split_off" ? "split" : edit.kind,
    description: describe(kept),
    themes,
    dormant: kept.dormant,
    builtOn,
  };
}

export const editRows = (theme: number | null = null): ThemeEditRow[] =>
  own()
    .filter((kept) => theme === null || rowOf(kept).themes.includes(theme) || kept.made.includes(theme))
    .map(rowOf);

export function edit(wanted: ThemeEdit): ThemeEditReport {
  if ("theme" in wanted && !lines.has(wanted.theme)) refuse("not_found", `there is no theme ${wanted.theme}`);
  if (wanted.kind === "rename") {
    const name = wanted.name.trim();
    if (name === "") refuse("input", "a theme needs a name");
    const other = themes().find((line) => line.id !== wanted.theme && line.name.toLowerCase() === name.toLowerCase());
    if (other) refuse("input", `theme ${other.id} has this name already`, "Merge the two, or choose another name");
  }
  const size =
    wanted.kind === "split"
      ? (FAKE_THEMES.find((known) => known.id === wanted.theme)?.texts.length ?? 1) - 1
      : wanted.kind === "split_off"
        ? 1
        : 0;
  const kept: Kept = {
    id: nextEdit++,
    at: new Date(Date.UTC(2026, 5, 30, 9, nextEdit)).toISOString(),
    subject: run.subject,
    edit: wanted,
    made: Array.from({ length: size }, () => nextTheme++),
    dormant: null,
  };
  edits.push(kept);
  settle();
  return { id: kept.id, made: kept.made };
}

export function undo(id: number | null): ThemeEditRow {
  const kept = id === null ? own().at(-1) : own().find((candidate) => candidate.id === id);
  if (kept === undefined) return refuse("not_found", "there is no such edit of the themes to take back");
  const row = rowOf(kept);
  if (row.builtOn.length > 0)
    refuse(
      "input",
      `later edits stand on this one: ${row.builtOn.join(", ")}`,
      "Take those back first, the last one first",
    );
  edits = edits.filter((candidate) => candidate !== kept);
  settle();
  return row;
}

/** Every cut is kept as a run of its own. */
export function cut(wanted: ThemeCut): void {
  run.id += 1;
  Object.assign(run, { resolution: wanted.resolution, unclusteredAtMost: wanted.unclusteredAtMost });
  settle();
}

export function choose(subject: Subject): void {
  run.subject = subject;
  settle();
}

/** A full run. */
export function analyse(subject: Subject | null): void {
  analysed.add(subject ?? run.subject);
  run.id += 1;
  choose(subject ?? run.subject);
}

/** For tests: as at the start. */
export function reset(): void {
  edits = [];
  [nextTheme, nextEdit] = [60, 1];
  Object.assign(run, { id: 3, subject: "said", resolution: 2, unclusteredAtMost: null });
  settle();
}

export function history(id: number | null): ThemeHistoryEntry[] {
  if (run.subject !== "said") return [];
  const entry = (
    themeId: number,
    runId: number,
    event: ThemeEvent,
    size: number,
    sizeBefore: number,
    others: number[] = [],
  ): ThemeHistoryEntry => ({
    themeId,
    runId,
    at: `2026-0${Math.min(3, runId) + 3}-29T08:02:11Z`,
    recut: false,
    event,
    others,
    size,
    sizeBefore,
  });
  const now = run.id;
  const all = [entry(21, now, "gone", 0, 61, [5]), entry(22, now, "gone", 0, 17)];
  for (const known of FAKE_THEMES) {
    const size = known.weight * 42;
    const [event, others] = EVENTS[known.id] ?? ["kept", []];
    all.push(
      entry(
        known.id,
        now,
        event,
        size,
        event === "new" ? 0 : Math.round(size * (event === "grew" ? 0.6 : event === "shrank" ? 1.7 : 0.97)),
        others,
      ),
    );
    if (event !== "new" && event !== "split")
      all.push(
        entry(known.id, 2, "kept", Math.round(size * 0.9), Math.round(size * 0.8)),
        entry(known.id, 1, "new", Math.round(size * 0.8), 0),
      );
  }
  return all.filter((found) => id === null || found.themeId === id).sort((a, b) => b.runId - a.runId);
}
