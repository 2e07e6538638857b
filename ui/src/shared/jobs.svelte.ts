// What long work is begun, what is running, how far is it, and how is it stopped?
import * as host from "../host/index.ts";
import type {
  AnalysisRequest,
  Failure,
  ImportRequest,
  JobEvent,
  MapRequest,
  ModelEntry,
  Outcome,
  Progress,
} from "../wire/index.ts";
import type { Notices } from "./notices.svelte.ts";
import { importTitle } from "./outcomes.ts";

/** `dismissed`: it asked for something first, and got nothing. */
export type JobEnd =
  | { kind: "finished"; outcome: Outcome }
  | { kind: "cancelled" }
  | { kind: "dismissed" }
  | { kind: "failed"; failure: Failure };

/** What a job does: by this, and by what it is about, its progress is found. Its title is for people alone. */
export type JobKind = "preview" | "import" | "analysis" | "map" | "sample" | "model_download" | "model_folder";

export type Work = {
  kind: JobKind;
  title: string;
  /** Of several jobs of a kind, which: the key of the model that is downloaded. */
  about?: string;
};

export class RunningJob {
  /** `null` until the shell has answered the start. */
  id = $state<number | null>(null);
  progress = $state.raw<Progress | null>(null);
  cancelling = $state(false);
  readonly end: Promise<JobEnd>;
  private settle: (end: JobEnd) => void = () => {};

  constructor(
    readonly key: number,
    readonly work: Work,
    start: (onEvent: (event: JobEvent) => void) => Promise<number | null>,
  ) {
    this.end = new Promise((resolve) => (this.settle = resolve));
    start((event) => this.receive(event)).then(
      (id) => {
        this.id = id;
        if (id === null) this.settle({ kind: "dismissed" });
        else if (this.cancelling) void this.sendCancel(id);
      },
      (thrown) => this.settle({ kind: "failed", failure: host.asFailure(thrown) }),
    );
  }

  get title(): string {
    return this.work.title;
  }

  /** Asks the job to stop; it ends at its next check. */
  cancel(): void {
    if (this.cancelling) return;
    this.cancelling = true;
    if (this.id !== null) void this.sendCancel(this.id);
  }

  private async sendCancel(id: number): Promise<void> {
    try {
      await host.cancelJob(id);
    } catch {
      // The job ended in the meantime; its own event says how.
      this.cancelling = false;
    }
  }

  private receive(event: JobEvent): void {
    switch (event.event) {
      case "progress":
        this.progress = event.progress;
        break;
      case "finished":
        this.settle({ kind: "finished", outcome: event.outcome });
        break;
      case "cancelled":
        this.settle({ kind: "cancelled" });
        break;
      case "failed":
        this.settle({ kind: "failed", failure: event.failure });
        break;
    }
  }
}

/** All long work that is listed as such, and the ways to begin it. Looking at files before an import is not among it. */
export class Jobs {
  list = $state.raw<RunningJob[]>([]);
  private nextKey = 1;
  /** Grows with every workspace that is left. */
  private workspacesLeft = 0;

  /** `finished` hears what a job of the open workspace came to; whoever began the job hears it afterwards. */
  constructor(
    private readonly messages: Notices,
    private readonly finished: (outcome: Outcome) => Promise<void>,
  ) {}

  /** The job of this kind that runs now. */
  running(kind: JobKind, about?: string): RunningJob | undefined {
    return this.list.find(({ work }) => work.kind === kind && work.about === about);
  }

  startImport(request: ImportRequest): Promise<Outcome | null> {
    return this.run({ kind: "import", title: importTitle(request.paths) }, (onEvent) =>
      host.startImport(request, onEvent),
    );
  }

  startAnalysis(
    request: AnalysisRequest = { subject: null, resolution: null, unclusteredAtMost: null, seed: null },
  ): Promise<Outcome | null> {
    // What a notice offers to begin has begun.
    this.messages.keepOnly((notice) => notice.kind === "error");
    return this.run({ kind: "analysis", title: "Finding themes" }, (onEvent) => host.startAnalysis(request, onEvent));
  }

  /** Draws the map, or puts what is new on it. */
  startMap(request: MapRequest = { seed: null, anew: false }): Promise<Outcome | null> {
    return this.run({ kind: "map", title: "Drawing the map" }, (onEvent) => host.startMap(request, onEvent));
  }

  startSample(): Promise<Outcome | null> {
    return this.run({ kind: "sample", title: "Making the sample workspace" }, (onEvent) => host.startSample(onEvent));
  }

  /** Only after the user has agreed: the one time that the network is used. */
  downloadModel(model: ModelEntry): Promise<Outcome | null> {
    const work: Work = { kind: "model_download", title: `Downloading ${model.title}`, about: model.key };
    return this.run(work, (onEvent) => host.downloadModel(model.key, true, onEvent));
  }

  /** The shell asks for the folder. */
  addModelFolder(): Promise<Outcome | null> {
    return this.run({ kind: "model_folder", title: "Adding an embedding model" }, (onEvent) =>
      host.addModelFolder(onEvent),
    );
  }

  /** Stops what runs: another workspace is entered. */
  leaveWorkspace(): void {
    this.workspacesLeft += 1;
    for (const job of this.list) job.cancel();
  }

  /** `null`: it came to nothing, or to nothing in the workspace that is open; why is said already. */
  private async run(
    work: Work,
    start: (onEvent: (event: JobEvent) => void) => Promise<number | null>,
  ): Promise<Outcome | null> {
    const { title } = work;
    const job = new RunningJob(this.nextKey++, work, start);
    this.list = [...this.list, job];
    const { workspacesLeft } = this;
    const end = await job.end;
    this.list = this.list.filter((other) => other !== job);
    if (end.kind === "dismissed") return null;
    // It was of a workspace that is no longer open: the shell stopped it, and nothing of it is about this one.
    if (workspacesLeft !== this.workspacesLeft) {
      const done = end.kind === "finished" ? "done" : "stopped";
      this.messages.add({ kind: "info", text: `${title}: ${done} in the workspace that was open before` });
      return null;
    }
    if (end.kind === "failed") {
      this.messages.fail(`${title} failed`, end.failure);
      return null;
    }
    if (end.kind === "cancelled") {
      this.messages.add({ kind: "info", text: `${title}: cancelled, the workspace is as before` });
      return null;
    }
    await this.finished(end.outcome);
    return end.outcome;
  }
}
