// Long work, as the shell tells of it: steps, rate, time left, cancelling; what it comes to is the engine's answer.
import { asFailure } from "../src/host/failure.ts";
import type { JobEvent, Outcome, Progress } from "../src/wire/index.ts";

const WORK: Record<string, Pick<Progress, "step" | "unit"> & { total: number }> = {
  start_import: { step: "reading", unit: "records", total: 10412 },
  start_analysis: { step: "embedding", unit: "texts", total: 10412 },
  start_map: { step: "drawing_map", unit: "texts", total: 10412 },
  start_sample: { step: "exporting", unit: "records", total: 2000 },
};

const running = new Map<number, () => void>();
let next = 1;

/** How many tenths of a second work takes to look at; in tests none. */
const tenths =
  Number(
    new URLSearchParams(globalThis.location?.search ?? "").get("seconds") ?? (import.meta.env.MODE === "test" ? 0 : 4),
  ) * 10;

/** Begins it: `work` runs only when nobody has cancelled it by then. Gives its id. */
export function run(command: string, onEvent: (event: JobEvent) => void, work: () => Promise<Outcome>): number {
  const id = next++;
  let tick = 0;
  const step = (): void => {
    const shown = WORK[command];
    if (shown && tick < tenths) {
      tick += 1;
      onEvent({ event: "progress", progress: progress(shown, tick) });
      timer = setTimeout(step, 100);
      return;
    }
    void work().then(
      (outcome) => end({ event: "finished", outcome }),
      (thrown: unknown) => end({ event: "failed", failure: asFailure(thrown) }),
    );
  };
  // The shell answers with the id before it tells of anything; what stops it at once finds it running.
  let timer = setTimeout(step, 20);
  const end = (event: JobEvent): void => {
    if (running.delete(id)) onEvent(event);
  };
  running.set(id, () => {
    clearTimeout(timer);
    end({ event: "cancelled" });
  });
  return id;
}

function progress({ total, ...shown }: (typeof WORK)[string], tick: number): Progress {
  const done = Math.round((total * tick) / tenths);
  return { ...shown, done, total, rate: (total * 10) / tenths, secondsLeft: (tenths - tick) / 10 };
}

export function cancel(id: number): void {
  running.get(id)?.();
}
