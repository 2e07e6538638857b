// How far is the import that someone began? It outlives the view: one may look at themes while a large file is read.
import * as host from "../../host/index.ts";
import { RunningJob } from "../../shared/jobs.svelte.ts";
import { onLeaving } from "../../shared/leaving.ts";
import { app } from "../../shared/state.svelte.ts";
import type {
  Failure,
  FileChoice,
  FormatName,
  ImportReport,
  ImportRequest,
  MappingEntry,
  Preview,
  PreviewFile,
  PreviewRequest,
  PreviewScore,
  ScoreChoice,
  Source,
} from "../../wire/index.ts";
import { written } from "./mapping.ts";
import type { Rule } from "./rules.ts";

/** One file of the preview, and what the user decided about it. */
export interface Entry {
  file: PreviewFile;
  /** What its columns were read as before anybody said anything. */
  suggested: MappingEntry[];
  /** It needed the user's word when it was first looked at. */
  guess: boolean;
  /** It will be imported. */
  chosen: boolean;
  /** What it is read as by the user's word; `null`: as detected. */
  format: string | null;
  /** What its columns are by the user's word; `null`: as suggested. */
  mapping: MappingEntry[] | null;
  /** Use the mapping for every file with these columns. */
  remember: boolean;
  /** It is being looked at again. */
  busy: boolean;
  failure: Failure | null;
}

export type Stage = "idle" | "looking" | "choosing" | "running";

/** A table is looked at again this long after the last change. */
const PAUSE_MS = 180;

export class ImportFlow {
  stage = $state<Stage>("idle");
  entries = $state.raw<Entry[]>([]);
  formats = $state.raw<FormatName[]>([]);
  /** Which file is shown beside the list. */
  at = $state(0);
  /** Score rules by the user's word, under `scoreKey`. */
  rules = $state.raw<ReadonlyMap<string, Rule>>(new Map());
  failure = $state.raw<Failure | null>(null);
  /** What the last import did. */
  report = $state.raw<ImportReport | null>(null);
  /** The workspace that it was done in, by its path. */
  workspace = "";
  /** The source whose file is read again. */
  replaced = $state.raw<Source | null>(null);
  private paths: string[] = [];
  private turn = 0;
  private turns = new Map<string, number>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What is being looked at: of a set, or of its files by path. */
  private looks = new Map<string, RunningJob>();

  readonly chosen = $derived(this.entries.filter((entry) => entry.chosen && entry.file.problem === null));
  readonly current = $derived(this.entries[this.at] ?? null);

  /** Looks at the files; what they would become is shown before anything is written. */
  async begin(paths: string[], replaced: Source | null = null): Promise<void> {
    if (paths.length === 0 || this.stage === "running") return;
    const turn = ++this.turn;
    this.stopLooking();
    this.paths = paths;
    this.replaced = replaced;
    this.stage = "looking";
    this.failure = null;
    this.entries = [];
    this.rules = new Map();
    this.at = 0;
    try {
      const preview = await this.preview({ paths, choices: [], only: null });
      if (turn !== this.turn || preview === null) return;
      this.formats = preview.formats;
      this.entries = preview.files.map((file) => entryOf(file, replaced !== null));
      if (replaced !== null && replaced.mapping.length > 0) {
        // It is shown as it was read last, which is what is to be changed.
        for (const { file } of this.entries) this.setMapping(file.path, replaced.mapping);
      }
      this.at = Math.max(
        0,
        this.entries.findIndex((entry) => entry.chosen),
      );
    } catch (thrown) {
      if (turn !== this.turn) return;
      this.failure = host.asFailure(thrown);
    }
    this.stage = "choosing";
  }

  again(): void {
    void this.begin(this.paths, this.replaced);
  }

  close(): void {
    if (this.stage === "running") return;
    this.turn += 1;
    clearTimeout(this.timer);
    this.stopLooking();
    this.stage = "idle";
    this.entries = [];
    this.failure = null;
    this.replaced = null;
  }

  dismissReport(): void {
    this.report = null;
  }

  /** Another workspace is open: its sources have the same ids, and nothing that was shown here is about them. */
  forget(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.stopLooking();
    this.stage = "idle";
    this.entries = [];
    this.rules = new Map();
    this.paths = [];
    this.at = 0;
    this.failure = null;
    this.report = null;
    this.replaced = null;
  }

  show(index: number): void {
    this.at = Math.max(0, Math.min(this.entries.length - 1, index));
  }

  choose(path: string, chosen: boolean): void {
    this.change(path, { chosen });
  }

  chooseAll(chosen: boolean): void {
    this.entries = this.entries.map((entry) => (entry.file.problem === null ? { ...entry, chosen } : entry));
  }

  remember(path: string, remember: boolean): void {
    this.change(path, { remember });
  }

  /** Reads the file as another format. A mapping belongs to the format it was made for. */
  setFormat(path: string, format: string | null): void {
    this.change(path, { format, mapping: null });
    void this.look(path);
  }

  /** `null`: as suggested. */
  setMapping(path: string, mapping: MappingEntry[] | null): void {
    this.change(path, { mapping });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(path), PAUSE_MS);
  }

  ruleOf(score: PreviewScore): Rule | null {
    return this.rules.get(scoreKey(score)) ?? null;
  }

  /** The files that have this score of the same tool: what is said of one holds for all of them. */
  alike(score: PreviewScore): Entry[] {
    return this.entries.filter((entry) => entry.file.scores.some((other) => sameScore(other, score)));
  }

  setRule(score: PreviewScore, rule: Rule): void {
    const { scale, worst, best, negativeAtMost, positiveAtLeast } = rule;
    this.rules = new Map(this.rules).set(scoreKey(score), { scale, worst, best, negativeAtMost, positiveAtLeast });
  }

  async run(): Promise<void> {
    if (this.chosen.length === 0 || this.stage === "running") return;
    const request = requestOf(this.paths, this.entries, this.rules, this.replaced?.id ?? null);
    clearTimeout(this.timer);
    const turn = ++this.turn;
    this.stopLooking();
    this.stage = "running";
    this.report = null;
    this.workspace = app.info?.path ?? "";
    try {
      const outcome = await app.jobs.startImport(request);
      // Cancelled or failed: what was said about it is said.
      if (outcome !== null && outcome.kind === "import" && turn === this.turn) this.report = outcome.report;
    } finally {
      if (turn === this.turn) {
        this.stage = "idle";
        this.entries = [];
        this.replaced = null;
      }
    }
  }

  /** A look at the same thing that is still under way is stopped, since nobody waits for it; `null`: so was this one. */
  private async preview(request: PreviewRequest): Promise<Preview | null> {
    const of = request.only ?? "";
    this.looks.get(of)?.cancel();
    const job = new RunningJob(0, { kind: "preview", title: "Looking at the files" }, (onEvent) =>
      host.startPreview(request, onEvent),
    );
    this.looks.set(of, job);
    const end = await job.end;
    if (this.looks.get(of) === job) this.looks.delete(of);
    if (end.kind === "failed") throw new host.HostError(end.failure);
    return end.kind === "finished" && end.outcome.kind === "preview" ? end.outcome.preview : null;
  }

  private stopLooking(): void {
    for (const job of this.looks.values()) job.cancel();
    this.looks.clear();
  }

  /** Looks at one file again, with what was decided about it; the old picture stays until the new one is there. */
  private async look(path: string): Promise<void> {
    const entry = this.entries.find((candidate) => candidate.file.path === path);
    if (entry === undefined) return;
    const turn = (this.turns.get(path) ?? 0) + 1;
    this.turns.set(path, turn);
    const whole = this.turn;
    const isLast = (): boolean => this.turns.get(path) === turn && whole === this.turn;
    this.change(path, { busy: true });
    try {
      const preview = await this.preview({
        paths: this.paths,
        choices: [{ ...choiceOf(entry), skip: false }],
        only: path,
      });
      const file = preview?.files.find((candidate) => candidate.path === path);
      if (!isLast() || file === undefined) return;
      const suggested = entry.mapping === null ? file.mapping : entry.suggested;
      this.change(path, {
        file,
        suggested,
        failure: null,
        chosen: file.problem === null && (entry.chosen || entry.file.problem !== null || entry.guess),
      });
    } catch (thrown) {
      if (isLast()) this.change(path, { failure: host.asFailure(thrown) });
    } finally {
      if (isLast()) this.change(path, { busy: false });
    }
  }

  private change(path: string, change: Partial<Entry>): void {
    this.entries = this.entries.map((entry) => (entry.file.path === path ? { ...entry, ...change } : entry));
  }
}

export function entryOf(file: PreviewFile, reread = false): Entry {
  const chosen = file.problem === null && !file.guess && (reread || !file.alreadyImported);
  return {
    file,
    suggested: file.mapping,
    guess: file.guess,
    chosen,
    format: null,
    mapping: null,
    remember: file.columns.length > 0,
    busy: false,
    failure: null,
  };
}

function choiceOf(entry: Entry): FileChoice {
  const { file } = entry;
  // A guess that was ticked is the user's word for what it was taken for.
  const format = entry.format ?? (entry.chosen && entry.guess ? file.format : null);
  return {
    path: file.path,
    skip: !entry.chosen || file.problem !== null,
    format,
    mapping: written(entry.mapping ?? []),
    remember: entry.remember && file.columns.length > 0,
  };
}

/** Everything goes in one import, so that files that belong together are joined. Only what was decided is said. */
export function requestOf(
  paths: string[],
  entries: readonly Entry[],
  rules: ReadonlyMap<string, Rule>,
  replace: number | null,
): ImportRequest {
  const choices = entries
    .map((entry) => {
      const choice = choiceOf(entry);
      // What is remembered is what was shown, suggested or not.
      return choice.remember && choice.mapping.length === 0 && !choice.skip
        ? { ...choice, mapping: entry.file.mapping }
        : choice;
    })
    .filter((choice) => choice.skip || choice.format !== null || choice.mapping.length > 0);
  // Asked once a score, however many files have it.
  const asked = new Map(
    entries
      .filter((entry) => entry.chosen)
      .flatMap(({ file }) => file.scores)
      .map((score) => [scoreKey(score), score]),
  );
  const scores = [...asked].flatMap(([key, { tool, scoreName }]): ScoreChoice[] => {
    const rule = rules.get(key);
    return rule === undefined ? [] : [{ ...rule, path: null, tool, scoreName }];
  });
  return { paths, choices, scores, replace };
}

export function scoreKey({ tool, scoreName }: Pick<PreviewScore, "tool" | "scoreName">): string {
  return JSON.stringify([tool, scoreName]);
}

function sameScore(one: PreviewScore, other: PreviewScore): boolean {
  return scoreKey(one) === scoreKey(other);
}

export const flow = new ImportFlow();
onLeaving(() => flow.forget());
