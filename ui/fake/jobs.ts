// Invented long work: steps, rate, time left, and cancelling.
import type { AnalysisRequest, ImportRequest, JobEvent, Outcome, PreviewRequest, Progress } from "../src/wire/index.ts";
import { draw } from "./map.ts";
import { arrived } from "./models.ts";
import type { Handlers } from "./scenario.ts";
import { preview } from "./preview.ts";
import { play, scenario } from "./scenario.ts";
import { importReport } from "./sources.ts";
import { analysed } from "./themes.ts";
import { changed, info } from "./workspace.ts";

const WORK: Record<string, Pick<Progress, "step" | "unit"> & { total: number }> = {
  start_import: { step: "reading", unit: "records", total: 10412 },
  start_map: { step: "drawing_map", unit: "texts", total: 10412 },
  download_model: { step: "downloading", unit: "bytes", total: 134_000_000 },
  add_model_folder: { step: "copying", unit: "bytes", total: 22_000_000 },
};

const running = new Map<number, () => void>();
let next = 1;

function outcome(command: string, args: Record<string, unknown>): Outcome {
  if (command === "start_import") return { kind: "import", report: importReport(args.request as ImportRequest) };
  if (command === "start_analysis") return { kind: "analysis", report: analysed(args.request as AnalysisRequest) };
  if (command === "start_map")
    return { kind: "map", report: { texts: 10412, placed: 0, unchanged: false, seconds: 9 } };
  if (command === "download_model" || command === "add_model_folder")
    return { kind: "model", model: arrived(command, args) };
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
  const { step, unit, total } = WORK[command] ?? { step: "embedding", unit: "texts", total: 10412 };
  let tick = 0;
  const timer = setInterval(() => {
    tick += 1;
    const progress: Progress = {
      step,
      unit,
      done: Math.round((total * tick) / length),
      total,
      rate: (total * 10) / length,
      secondsLeft: (length - tick) / 10,
    };
    onEvent({ event: "progress", progress });
    if (tick >= length) {
      clearInterval(timer);
      running.delete(id);
      if (scenario() === "empty") play("normal");
      if (command === "start_map") draw();
      else if (unit !== "bytes") changed({ stale: command === "start_import" });
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
