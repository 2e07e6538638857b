// What is running, how far is it, and how is it stopped?
import * as host from "../host/index.ts";
import type { Failure, JobEvent, Outcome, Progress } from "../wire/index.ts";

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
