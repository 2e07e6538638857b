// How far is the import that someone began? It outlives the view: one may look at themes while a large file is read.
import * as host from "../../host/index.ts";
import { app } from "../../shared/state.svelte.ts";
import type { Failure, ImportReport, ImportRequest, MappingEntry, RecognisedFile } from "../../wire/index.ts";
import { tables } from "./mapping.ts";

export interface Candidate {
  file: RecognisedFile;
  /** It will be imported. */
  chosen: boolean;
  mapping: MappingEntry[];
}

export type Stage = "idle" | "recognising" | "choosing" | "running";

class ImportFlow {
  stage = $state<Stage>("idle");
  candidates = $state<Candidate[]>([]);
  failure = $state.raw<Failure | null>(null);
  /** What the last import did, request by request. */
  reports = $state.raw<ImportReport[]>([]);
  private paths: string[] = [];

  readonly chosen = $derived(this.candidates.filter((candidate) => candidate.chosen && candidate.file.problem === null));

  /** Looks at the files; what they are is shown before anything is read in. */
  async begin(paths: string[]): Promise<void> {
    if (paths.length === 0 || this.stage === "running") return;
    this.paths = paths;
    this.stage = "recognising";
    this.failure = null;
    this.candidates = [];
    try {
      const files = await host.recogniseFiles(paths);
      if (this.paths !== paths || this.stage !== "recognising") return;
      this.candidates = files.map((file) => ({ file, chosen: file.problem === null && !file.alreadyImported, mapping: file.suggestedMapping }));
      this.stage = "choosing";
    } catch (thrown) {
      if (this.paths !== paths || this.stage !== "recognising") return;
      this.failure = host.asFailure(thrown);
      this.stage = "choosing";
    }
  }

  again(): void {
    void this.begin(this.paths);
  }

  close(): void {
    if (this.stage === "running") return;
    this.stage = "idle";
    this.candidates = [];
    this.failure = null;
  }

  dismissReport(): void {
    this.reports = [];
  }

  async run(): Promise<void> {
    const requests = requestsOf(this.chosen);
    if (requests.length === 0) return;
    this.stage = "running";
    this.reports = [];
    const reports: ImportReport[] = [];
    try {
      for (const request of requests) {
        const outcome = await app.startImport(request);
        // Cancelled or failed: what was said about it is said, and the rest is not begun.
        if (outcome === null || outcome.kind !== "import") break;
        reports.push(outcome.report);
      }
    } finally {
      this.reports = reports;
      this.stage = "idle";
      this.candidates = [];
    }
  }
}

/** Files with fields of their own go together, so that they are joined; each table goes with its own mapping. */
export function requestsOf(chosen: readonly Candidate[]): ImportRequest[] {
  const files = chosen.map((candidate) => ({ ...candidate.file, mapping: candidate.mapping }));
  const split = tables(files);
  const requests: ImportRequest[] = [];
  if (split.others.length > 0) requests.push({ paths: split.others.map((file) => file.path), format: null, mapping: [] });
  for (const file of split.tables) requests.push({ paths: [file.path], format: file.format, mapping: $state.snapshot(file.mapping) });
  return requests;
}

export const flow = new ImportFlow();
