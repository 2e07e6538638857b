// What the window answers itself, without a workspace: settings, dialogs, watched folders. There is no engine behind these, so
// they are written by hand; the compiler holds them to the list of commands.
import { COMMANDS, type Commands, type LongCommands } from "../src/wire/index.ts";
import type { AppState, Failure, Settings, WatchedFolder, WorkspaceInfo } from "../src/wire/index.ts";
import { WORKSPACES } from "./recording.ts";
import { openAt, session } from "./scenario.ts";
import { cancel, run } from "./jobs.ts";

type Own = (typeof COMMANDS.window)[number];
type OwnLong = (typeof COMMANDS.windowJobs)[number];

export type Window = {
  [Name in Own]: (args: Commands[Name]["args"]) => Commands[Name]["answer"] | Promise<Commands[Name]["answer"]>;
};

export type LongWindow = {
  [Name in OwnLong]: (
    args: LongCommands[Name]["args"],
    onEvent: (event: LongCommands[Name]["event"]) => void,
  ) => LongCommands[Name]["answer"];
};

const asked = new URLSearchParams(globalThis.location?.search ?? "");

/** Where exports lie, as far as anybody knows. */
export const EXPORTS = "/home/somebody/exports";

/** What somebody picks in the system's dialog: a set of two tools that joins, tables, and what cannot be read. */
export const PICKED = [
  "1784592000000-lf-traces-export-support.jsonl",
  "1784592000000-lf-observations-export-support.jsonl",
  "1784592000000-lf-scores-export-support.jsonl",
  "Kundenfeedback, Juli (endgültig, wirklich) – Kopie von Anna.csv",
  "App store reviews, exported in June.csv",
  "export-7.csv",
  "old",
  "notes.txt",
  "scores-2026-07.jsonl.gz",
].map((name) => `${EXPORTS}/${name}`);

const CUT_OFF: Failure = {
  kind: "file",
  message: `${EXPORTS}/scores-2026-07.jsonl.gz ends too early: it was cut off or not fully downloaded`,
  hint: "Fetch the file again",
  next: null,
  details: [],
};

let settings: Settings = {
  appearance: (asked.get("theme") as Settings["appearance"] | null) ?? "system",
  personalData: { email: "hash", ip: "drop" },
};

let folders: WatchedFolder[] = [
  { folder: EXPORTS, enabled: true, last: { at: "2026-07-05T08:00:03Z", files: 3, feedback: 120, failure: null } },
  {
    folder:
      "/mnt/share/customer-success/a folder with a rather long name, as shared drives have them/exports of the evaluation team",
    enabled: false,
    last: { at: "2026-07-04T19:12:00Z", files: 0, feedback: 0, failure: CUT_OFF },
  },
];

async function info(): Promise<WorkspaceInfo> {
  const now = (await session().ask("workspace_info", {})) as WorkspaceInfo;
  return asked.has("readonly") ? { ...now, onlyReadable: true } : now;
}

async function opened(path: string): Promise<WorkspaceInfo> {
  if (openAt(path) !== null) return info();
  throw {
    kind: "workspace",
    message: `${path} is not there any more`,
    hint: null,
    next: null,
    details: [],
  } satisfies Failure;
}

export const window: Window = {
  app_state: async (): Promise<AppState> => ({
    version: "0.1.0",
    workspace: await info(),
    problem: null,
    recent: Object.values(WORKSPACES).map((path) => ({
      path,
      name: path
        .split("/")
        .at(-1)!
        .replace(/\.hearback$/, ""),
    })),
    settings,
  }),
  window_ready: () => undefined,
  set_settings: ({ settings: next }) => (settings = next),
  new_workspace: () => opened(WORKSPACES.empty),
  open_workspace: ({ path }) => opened(path ?? WORKSPACES.sample),
  pick_files: () => PICKED,
  pick_folder: () => `${EXPORTS}/new`,
  export_rejects: () => "/home/somebody/skipped-records.jsonl",
  export_chart: ({ title, file }) => `/home/somebody/${title}.${file}`,
  export_feedback: () => "/home/somebody/feedback.csv",
  list_watched_folders: () => folders,
  set_watched_folder: ({ folder, enabled }) =>
    (folders = folders.some((old) => old.folder === folder)
      ? folders.map((old) => (old.folder === folder ? { ...old, enabled } : old))
      : [...folders, { folder, enabled, last: null }]),
  remove_watched_folder: ({ folder }) => (folders = folders.filter((old) => old.folder !== folder)),
  cancel_job: ({ id }) => cancel(id),
};

export const longWindow: LongWindow = {
  start_sample: (_, onEvent) =>
    run("start_sample", onEvent, async () => {
      await opened(WORKSPACES.sample);
      return { kind: "sample", workspace: await info() };
    }),
  add_model_folder: () => null,
  /** With `?watch=imported` or `?watch=failed`, something happens in the watched folder soon after the start. */
  follow_watch: (_, onEvent) => {
    const what = asked.get("watch");
    if (what === "failed") setTimeout(() => onEvent({ event: "failed", folder: EXPORTS, failure: CUT_OFF }), 600);
    if (what === "imported") setTimeout(() => void landed().then(onEvent), 600);
    return 0;
  },
};

async function landed(): Promise<LongCommands["follow_watch"]["event"]> {
  const request = { paths: PICKED.slice(0, 3), choices: [], scores: [], replace: null };
  const outcome = (await session().ask("start_import", { request })) as { report: never };
  return { event: "imported", folder: EXPORTS, report: outcome.report };
}
