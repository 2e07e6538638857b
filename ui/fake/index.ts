// What does the window look like without its shell? A transport for a plain browser and for tests: what a workspace is asked is
// answered by recordings of the real engine, what the window is asked by `window.ts`. Never part of the built window.
import type { Transport } from "../src/host/transport.ts";
import { COMMANDS, type Failure, type JobEvent, type Outcome } from "../src/wire/index.ts";
import { nearestChart } from "./charts.ts";
import { run } from "./jobs.ts";
import { play, scenario, session, type Scenario } from "./scenario.ts";
import { answerAlike } from "./session.ts";
import { longWindow, window } from "./window.ts";

const asked = new URLSearchParams(globalThis.location?.search ?? "").get("state");
if (asked !== null) play(asked as Scenario);
// Tests ask for a size, and get it or fail.
if (import.meta.env.MODE !== "test") answerAlike(nearestChart);

/** What the frame needs to be there at all, while the views say what failed. */
const SPARED = ["app_state", "workspace_info", "list_sources", "list_views"];

const LOCKED: Failure = {
  kind: "workspace",
  message: "The workspace file is locked by another program",
  hint: "Close the other DuckDB client and try again",
  next: null,
  details: [
    "reading feedback_wide",
    'IO Error: Could not set lock on file "support-assistant.hearback": Conflicting lock is held in duckdb (PID 4711)',
  ],
};

const isOwn = (command: string): command is keyof typeof window => command in window;
const isOwnLong = (command: string): command is keyof typeof longWindow => command in longWindow;
const isJob = (command: string): boolean => (COMMANDS.jobs as readonly string[]).includes(command);

export const transport: Transport = {
  async invoke(command, args) {
    await pause(scenario() === "slow" ? 1500 : 0);
    if (scenario() === "error" && !SPARED.includes(command)) throw LOCKED;
    if (isOwn(command)) return structuredClone(await window[command](args as never));
    return session().ask(command, args);
  },
  start<Event>(command: string, args: Record<string, unknown>, onEvent: (event: Event) => void) {
    const tell = onEvent as (event: unknown) => void;
    if (isOwnLong(command)) return Promise.resolve(longWindow[command](args as never, tell));
    if (!isJob(command)) return Promise.reject(new Error(`There is no long command ${command}`));
    const open = session();
    const work = async (): Promise<Outcome> => {
      if (scenario() === "error") throw LOCKED;
      return (await open.ask(command, args)) as Outcome;
    };
    return Promise.resolve(run(command, (event: JobEvent) => tell(event), work));
  },
  async onFileDrop() {},
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
