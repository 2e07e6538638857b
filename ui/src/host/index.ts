// What can the window ask of the rest of Hearback? One typed function per command; nothing else talks to the shell.
// The Rust function of the same name (draw_trend of drawTrend) is in the crate hearback-wire (src-tauri/wire/src), and that of what only a window
// can do (dialogs, settings) in src-tauri/src/commands.
import type * as wire from "../wire/index.ts";
import { HostError, asFailure } from "./failure.ts";
import type { FileDrop, Transport } from "./transport.ts";

export { HostError, asFailure } from "./failure.ts";
export type { FileDrop } from "./transport.ts";

type OnEvent = (event: wire.JobEvent) => void;

let chosen: Promise<Transport> | null = null;

function transport(): Promise<Transport> {
  chosen ??= choose();
  return chosen;
}

async function choose(): Promise<Transport> {
  const inTauri = "__TAURI_INTERNALS__" in globalThis;
  if (import.meta.env.DEV && !inTauri) return (await import("../../fake/index.ts")).transport;
  return (await import("./tauri.ts")).transport;
}

/** Asks what is answered at once: names, arguments and answers are those of the list in hearback-wire. */
async function call<Name extends keyof wire.Commands>(
  command: Name,
  args: wire.Commands[Name]["args"],
): Promise<wire.Commands[Name]["answer"]> {
  try {
    return (await (await transport()).invoke(command, args)) as wire.Commands[Name]["answer"];
  } catch (thrown) {
    throw new HostError(asFailure(thrown));
  }
}

/** Begins what takes long, and hears of it. */
async function start<Name extends keyof wire.LongCommands>(
  command: Name,
  args: wire.LongCommands[Name]["args"],
  onEvent: (event: wire.LongCommands[Name]["event"]) => void,
): Promise<wire.LongCommands[Name]["answer"]> {
  try {
    return (await (await transport()).start(command, args, onEvent)) as wire.LongCommands[Name]["answer"];
  } catch (thrown) {
    throw new HostError(asFailure(thrown));
  }
}

export const appState = () => call("app_state", {});
/** The first picture is on the screen: the shell can say how long the start took. */
export const windowReady = () => call("window_ready", {});
export const setSettings = (settings: wire.Settings) => call("set_settings", { settings });

export const newWorkspace = () => call("new_workspace", {});
/** Without a path the shell asks for one; `null` means cancelled. */
export const openWorkspace = (path: string | null) => call("open_workspace", { path });
export const workspaceInfo = () => call("workspace_info", {});

export const pickFiles = () => call("pick_files", {});
export const pickFolder = (title: string) => call("pick_folder", { title });
export const listSources = () => call("list_sources", {});
export const listRejects = (sourceId: number | null, after: number | null, limit: number) =>
  call("list_rejects", { sourceId, after, limit });
/** The path written to, or `null` when the dialog was cancelled. */
export const exportRejects = (sourceId: number | null) => call("export_rejects", { sourceId });
/** Feedback whose turn or session is not here. */
export const listUnjoined = (sourceId: number | null, after: string | null, limit: number) =>
  call("list_unjoined", { sourceId, after, limit });
/** Undoes an import: what only this source brought goes. */
export const removeSources = (request: wire.RemoveRequest) => call("remove_sources", { request });
export const listMappingProfiles = () => call("list_mapping_profiles", {});
export const removeMappingProfile = (fingerprint: string) => call("remove_mapping_profile", { fingerprint });
export const listSignalRules = () => call("list_signal_rules", {});
/** The signals of the rule are derived anew, or go. */
export const setSignalRule = (rule: string, enabled: boolean) => call("set_signal_rule", { rule, enabled });
export const listWatchedFolders = () => call("list_watched_folders", {});
export const setWatchedFolder = (folder: string, enabled: boolean) => call("set_watched_folder", { folder, enabled });
export const removeWatchedFolder = (folder: string) => call("remove_watched_folder", { folder });
/** Tells from now on what happens in watched folders. */
export const followWatch = (onEvent: (event: wire.WatchEvent) => void) => start("follow_watch", {}, onEvent);
export const listScoreRules = () => call("list_score_rules", {});
export const listLabels = () => call("list_labels", {});
export const tellLabel = (scoreName: string | null, label: string, polarity: wire.Polarity | null) =>
  call("tell_label", { scoreName, label, polarity });
export const setScoreRule = (rule: wire.ScoreRule) => call("set_score_rule", { rule });

export const startSample = (onEvent: OnEvent) => start("start_sample", {}, onEvent);
/** Reads the first records of each file; nothing is written. */
export const startPreview = (request: wire.PreviewRequest, onEvent: OnEvent) =>
  start("start_preview", { request }, onEvent);
export const startImport = (request: wire.ImportRequest, onEvent: OnEvent) =>
  start("start_import", { request }, onEvent);
export const startAnalysis = (request: wire.AnalysisRequest, onEvent: OnEvent) =>
  start("start_analysis", { request }, onEvent);
export const cancelJob = (id: number) => call("cancel_job", { id });

export const overview = (filter: wire.Filter, comparison: wire.Comparison) => call("overview", { filter, comparison });
export const trend = (query: wire.TrendQuery) => call("trend", { query });
export const drawTrend = (request: wire.ChartRequest) => call("draw_trend", { request });
/** The path written to, or `null` when the dialog was cancelled. */
export const exportChart = (request: wire.ChartRequest, title: string, file: wire.ChartFile) =>
  call("export_chart", { request, title, file });
export const filterValues = (dimension: wire.Dimension, filter: wire.Filter, search: string, limit: number) =>
  call("filter_values", { dimension, filter, search, limit });

export const listThemes = (filter: wire.Filter, comparison: wire.Comparison) =>
  call("list_themes", { filter, comparison });
/** `null` is *Unclustered*. */
export const themeDetail = (id: number | null, filter: wire.Filter, comparison: wire.Comparison) =>
  call("theme_detail", { id, filter, comparison });
/** Another granularity of the run that is shown: nothing is looked for again. */
export const recutThemes = (cut: wire.ThemeCut) => call("recut_themes", { cut });
/** Counts by its themes from now on, whether or not there is a run of it. */
export const chooseThemeSubject = (subject: wire.Subject) => call("choose_theme_subject", { subject });
export const editThemes = (edit: wire.ThemeEdit) => call("edit_themes", { edit });
/** `null` is the last one. Gives what was taken back. */
export const undoThemeEdit = (id: number | null) => call("undo_theme_edit", { id });
/** In the order in which they were made. */
export const listThemeEdits = () => call("list_theme_edits", {});
/** What became of a theme, or of all for `null`, the latest first. */
export const themeHistory = (theme: number | null) => call("theme_history", { theme });

export const listModels = () => call("list_models", {});
/** Themes, map and recall are there as far as it has been analysed with. */
export const chooseModel = (key: string) => call("choose_model", { key });
export const downloadModel = (key: string, consent: boolean, onEvent: OnEvent) =>
  start("download_model", { key, consent }, onEvent);
/** The shell asks for the folder; `null` means cancelled. */
export const addModelFolder = (onEvent: OnEvent) => start("add_model_folder", {}, onEvent);
/** From this computer; its vectors stay in their workspaces. */
export const removeModel = (key: string) => call("remove_model", { key });
/** Its vectors, from this workspace; the model stays where it is. */
export const forgetModel = (key: string) => call("forget_model", { key });

export const startMap = (request: wire.MapRequest, onEvent: OnEvent) => start("start_map", { request }, onEvent);
/** Bytes: views/map/decode.ts reads them. */
export const mapPoints = (filter: wire.Filter) => call("map_points", { filter });
export const mapPoint = (query: wire.MapPointQuery) => call("map_point", { query });
/** Keeps the texts of these points, for a condition on the dimension `selection`. */
export const selectPoints = (map: number, points: number[]) => call("select_points", { map, points });

export const feedbackPage = (query: wire.FeedbackQuery) => call("feedback_page", { query });
export const exportFeedback = (filter: wire.Filter) => call("export_feedback", { filter });
export const trail = (query: wire.TrailQuery) => call("trail", { query });
export const search = (query: wire.SearchQuery) => call("search", { query });
export const known = (text: string, filter: wire.Filter) => call("known", { text, filter });
export const similar = (query: wire.SimilarQuery) => call("similar", { query });

export const listViews = () => call("list_views", {});
/** `id` 0 makes a new one. */
export const saveView = (view: wire.SavedView) => call("save_view", { view });
export const deleteView = (id: number) => call("delete_view", { id });

export async function onFileDrop(listener: (drop: FileDrop) => void): Promise<void> {
  await (await transport()).onFileDrop(listener);
}
