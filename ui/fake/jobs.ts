// Invented long work: steps, rate, time left, and cancelling.
import type { AnalysisRequest, ImportRequest, JobEvent, Outcome, PreviewRequest, Progress } from "../src/wire/index.ts";
import { draw } from "./map.ts";
import type { Handlers } from "./scenario.ts";
import { preview } from "./preview.ts";
import { play, scenario } from "./scenario.ts";
import { importReport } from "./sources.ts";
import { analysed } from "./themes.ts";
import { changed, info } from "./workspace.ts";

const running = new Map<number, () => void>();
let next = 1;

function outcome(command: string, args: Record<string, unknown>): Outcome {
  if (command === "start_import") return { kind: "import", report: importReport(args.request as ImportRequest) };
  if (command === "start_analysis") return { kind: "analysis", report: analysed(args.request as AnalysisRequest) };
  if (command === "start_map") return { kind: "map", report: { texts: 10412, placed: 0, unchanged: false, seconds: 9 } };
  return { kind: "sample", workspace: info() };
}

function start(command: string, args: Record<string, unknown>, onEvent: (event: JobEvent) => void): number {
  const id = next++;
  if (command === "start_preview") {
    const answer = setTimeout(() => {
      running.delete(id);
      onEvent({ event: "finished", outcome: { kind: "preview", preview: preview(args.request as PreviewRequest) } });
    }, 120);
    running.set(id, () => {
      clearTimeout(answer);
      onEvent({ event: "cancelled" });
    });
    return id;
  }
  const asked = new URLSearchParams(globalThis.location?.search ?? "");
  const length = Number(asked.get("seconds") ?? 4) * 10;
  let tick = 0;
  const timer = setInterval(() => {
    tick += 1;
    const done = Math.round((10412 * tick) / length);
    const progress: Progress = { step: command === "start_import" ? "reading" : command === "start_map" ? "drawing_map" : "embedding", unit: command === "start_import" ? "records" : "texts", done, total: 10412, rate: 104120 / length, secondsLeft: (length - tick) / 10 };
    onEvent({ event: "progress", progress });
    if (tick >= length) {
      clearInterval(timer);
      running.delete(id);
      if (scenario() === "empty") play("normal");
      if (command === "start_map") draw();
      else changed({ stale: command === "start_import" });
      onEvent({ event: "finished", outcome: outcome(command, args) });
    }
  }, 100);
  running.set(id, () => {
    clearInterval(timer);
    onEvent({ event: "cancelled" });
  });
  return id;
}

const answers: Handlers = {
  cancel_job: ({ id }: { id: number }) => {
    running.get(id)?.();
    running.delete(id);
  },
};

export const handlers = { answers, start };
