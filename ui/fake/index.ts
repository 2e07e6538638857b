// What does the window look like with data? A transport that answers every command with invented data, for a plain browser and for tests.
// Never part of the built window. `?state=empty`, `?state=slow`, `?state=error`, `?state=long` choose what it plays.
import type { Failure, JobEvent } from "../src/wire/index.ts";
import type { Transport } from "../src/host/transport.ts";
import { handlers as feedback } from "./feedback.ts";
import { handlers as jobs } from "./jobs.ts";
import { handlers as recall } from "./recall.ts";
import { handlers as map } from "./map.ts";
import { handlers as models } from "./models.ts";
import { follow, handlers as settings } from "./settings.ts";
import { handlers as sources } from "./sources.ts";
import { handlers as themes } from "./themes.ts";
import { handlers as trail } from "./trail.ts";
import { handlers as trends } from "./trends.ts";
import { handlers as workspace } from "./workspace.ts";
import { scenario, type Handlers } from "./scenario.ts";

const all: Handlers = {
  ...workspace,
  ...settings,
  ...sources,
  ...trends,
  ...themes,
  ...feedback,
  ...trail,
  ...recall,
  ...map,
  ...models,
  ...jobs.answers,
};

export const transport: Transport = {
  async invoke(command, args) {
    await pause(scenario() === "slow" ? 1500 : 15);
    const handler = all[command];
    if (!handler)
      throw {
        kind: "internal",
        message: `The invented host knows no command ${command}`,
        hint: null,
        details: [],
      } satisfies Failure;
    if (
      scenario() === "error" &&
      !["app_state", "workspace_info", "list_sources", "list_views", "follow_watch"].includes(command)
    ) {
      throw {
        kind: "workspace",
        message: "The workspace file is locked by another program",
        hint: "Close the other DuckDB client and try again",
        details: [
          "reading feedback_wide",
          'IO Error: Could not set lock on file "support-assistant.hearback": Conflicting lock is held in duckdb (PID 4711)',
        ],
      } satisfies Failure;
    }
    return structuredClone(await handler(args as never));
  },
  async start<Event>(command: string, args: Record<string, unknown>, onEvent: (event: Event) => void) {
    if (command === "follow_watch") {
      follow((event) => onEvent(event as Event));
      return 0;
    }
    return jobs.start(command, args, (event: JobEvent) => onEvent(event as Event));
  },
  async onFileDrop() {},
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
