// The invented workspace itself: counts, settings, recent files, saved views.
import type { AppState, SavedView, Settings, WorkspaceInfo } from "../src/wire/index.ts";
import { themes } from "./grouping.ts";
import { scenario, type Handlers } from "./scenario.ts";

const asked = new URLSearchParams(globalThis.location?.search ?? "");
let settings: Settings = {
  appearance: (asked.get("theme") as Settings["appearance"] | null) ?? "system",
  personalData: { email: "hash", ip: "drop" },
};
let stale = asked.has("stale");
let dataVersion = 7;

export function changed(options: { stale: boolean }): void {
  stale = options.stale;
  dataVersion += 1;
}

export function info(): WorkspaceInfo {
  const empty = scenario() === "empty";
  const name =
    scenario() === "long"
      ? "Customer support assistant for enterprise accounts in Europe, Middle East and Africa"
      : "support-assistant";
  return {
    path: `/home/someone/feedback/${name}.hearback`,
    name,
    feedback: empty ? 0 : 24386,
    turns: empty ? 0 : 8214,
    sessions: empty ? 0 : 2000,
    sources: empty ? 0 : 3,
    rejects: empty ? 0 : 38,
    joinedTurn: empty ? 0 : 24288,
    joinedSession: empty ? 0 : 24386,
    first: empty ? null : "2026-01-05T06:12:00Z",
    last: empty ? null : "2026-06-28T21:40:00Z",
    themes: empty ? 0 : themes().length,
    themesStale: stale && !empty,
    dataVersion,
    synthetic: true,
    onlyReadable: asked.has("readonly"),
  };
}

const everyone = { from: null, to: null, conditions: [], otherThan: [], text: null, authors: "everyone" as const };
let views: SavedView[] = [
  {
    id: 1,
    name: "Refund regression",
    view: "trends",
    filter: { ...everyone, conditions: [{ dimension: "theme", values: ["1"], exclude: false }] },
    options: "{}",
  },
  {
    id: 2,
    name: "Enterprise, production",
    view: "themes",
    filter: {
      ...everyone,
      conditions: [
        { dimension: "user_role", values: ["enterprise"], exclude: false },
        { dimension: "environment", values: ["production"], exclude: false },
      ],
    },
    options: "{}",
  },
  { id: 3, name: "Weekly review", view: "overview", filter: everyone, options: "{}" },
];

export const handlers: Handlers = {
  app_state: (): AppState => ({
    version: "0.1.0",
    workspace: info(),
    problem: null,
    recent: [
      { path: "/home/someone/feedback/support-assistant.hearback", name: "support-assistant" },
      { path: "/home/someone/feedback/travel-advisor.hearback", name: "travel-advisor" },
    ],
    settings,
  }),
  window_ready: () => null,
  set_settings: ({ settings: next }: { settings: Settings }) => (settings = next),
  workspace_info: info,
  new_workspace: info,
  open_workspace: info,
  list_views: () => (scenario() === "empty" ? [] : views),
  save_view: ({ view }: { view: SavedView }) => {
    const id = view.id || Math.max(0, ...views.map((v) => v.id)) + 1;
    views = [...views.filter((v) => v.id !== id), { ...view, id }];
    return views;
  },
  delete_view: ({ id }: { id: number }) => (views = views.filter((v) => v.id !== id)),
};
