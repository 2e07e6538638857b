// What can the window ask of the rest of Hearback? One typed function per command; nothing else talks to the shell.
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

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return (await (await transport()).invoke(command, args)) as T;
  } catch (thrown) {
    throw new HostError(asFailure(thrown));
  }
}

async function start<Event, Id = number>(
  command: string,
  args: Record<string, unknown>,
  onEvent: (event: Event) => void,
): Promise<Id> {
  try {
    return (await (await transport()).start(command, args, onEvent)) as Id;
  } catch (thrown) {
    throw new HostError(asFailure(thrown));
  }
}

export const appState = () => call<wire.AppState>("app_state");
/** The first picture is on the screen: the shell can say how long the start took. */
export const windowReady = () => call<void>("window_ready");
export const setSettings = (settings: wire.Settings) => call<wire.Settings>("set_settings", { settings });

export const newWorkspace = () => call<wire.WorkspaceInfo | null>("new_workspace");
/** Without a path the shell asks for one; `null` means cancelled. */
export const openWorkspace = (path: string | null) => call<wire.WorkspaceInfo | null>("open_workspace", { path });
export const workspaceInfo = () => call<wire.WorkspaceInfo>("workspace_info");

export const pickFiles = () => call<string[]>("pick_files");
export const pickFolder = (title: string) => call<string | null>("pick_folder", { title });
export const listSources = () => call<wire.Source[]>("list_sources");
export const listRejects = (sourceId: number | null, after: number | null, limit: number) =>
  call<wire.RejectPage>("list_rejects", { sourceId, after, limit });
/** The path written to, or `null` when the dialog was cancelled. */
export const exportRejects = (sourceId: number | null) => call<string | null>("export_rejects", { sourceId });
/** Feedback whose turn or session is not here. */
export const listUnjoined = (sourceId: number | null, after: string | null, limit: number) =>
  call<wire.UnjoinedPage>("list_unjoined", { sourceId, after, limit });
/** Undoes an import: what only this source brought goes. */
export const removeSources = (request: wire.RemoveRequest) => call<wire.Source[]>("remove_sources", { request });
export const listMappingProfiles = () => call<wire.MappingProfile[]>("list_mapping_profiles");
export const removeMappingProfile = (fingerprint: string) =>
  call<wire.MappingProfile[]>("remove_mapping_profile", { fingerprint });
export const listSignalRules = () => call<wire.SignalRule[]>("list_signal_rules");
/** The signals of the rule are derived anew, or go. */
export const setSignalRule = (rule: string, enabled: boolean) =>
  call<wire.SignalRule[]>("set_signal_rule", { rule, enabled });
export const listWatchedFolders = () => call<wire.WatchedFolder[]>("list_watched_folders");
export const setWatchedFolder = (folder: string, enabled: boolean) =>
  call<wire.WatchedFolder[]>("set_watched_folder", { folder, enabled });
export const removeWatchedFolder = (folder: string) => call<wire.WatchedFolder[]>("remove_watched_folder", { folder });
/** Tells from now on what happens in watched folders. */
export const followWatch = (onEvent: (event: wire.WatchEvent) => void) => start("follow_watch", {}, onEvent);
export const listScoreRules = () => call<wire.ScoreRule[]>("list_score_rules");
export const listLabels = () => call<wire.Label[]>("list_labels");
export const tellLabel = (scoreName: string | null, label: string, polarity: wire.Polarity | null) =>
  call<wire.Label[]>("tell_label", { scoreName, label, polarity });
export const setScoreRule = (rule: wire.ScoreRule) => call<wire.ScoreRule[]>("set_score_rule", { rule });

export const startSample = (onEvent: OnEvent) => start("start_sample", {}, onEvent);
/** Reads the first records of each file; nothing is written. */
export const startPreview = (request: wire.PreviewRequest, onEvent: OnEvent) =>
  start("start_preview", { request }, onEvent);
export const startImport = (request: wire.ImportRequest, onEvent: OnEvent) =>
  start("start_import", { request }, onEvent);
export const startAnalysis = (request: wire.AnalysisRequest, onEvent: OnEvent) =>
  start("start_analysis", { request }, onEvent);
export const cancelJob = (id: number) => call<void>("cancel_job", { id });

export const overview = (filter: wire.Filter, comparison: wire.Comparison) =>
  call<wire.Overview>("overview", { filter, comparison });
export const trend = (query: wire.TrendQuery) => call<wire.Trend>("trend", { query });
export const drawTrend = (request: wire.ChartRequest) => call<wire.ChartPicture>("draw_trend", { request });
/** The path written to, or `null` when the dialog was cancelled. */
export const exportChart = (request: wire.ChartRequest, title: string, file: wire.ChartFile) =>
  call<string | null>("export_chart", { request, title, file });
export const filterValues = (dimension: wire.Dimension, filter: wire.Filter, search: string, limit: number) =>
  call<wire.FilterValue[]>("filter_values", { dimension, filter, search, limit });

export const listThemes = (filter: wire.Filter, comparison: wire.Comparison) =>
  call<wire.ThemeList>("list_themes", { filter, comparison });
/** `null` is *Unclustered*. */
export const themeDetail = (id: number | null, filter: wire.Filter, comparison: wire.Comparison) =>
  call<wire.ThemeDetail>("theme_detail", { id, filter, comparison });
/** Another granularity of the run that is shown: nothing is looked for again. */
export const recutThemes = (cut: wire.ThemeCut) => call<wire.AnalysisReport>("recut_themes", { cut });
/** Counts by its themes from now on, whether or not there is a run of it. */
export const chooseThemeSubject = (subject: wire.Subject) => call<void>("choose_theme_subject", { subject });
export const editThemes = (edit: wire.ThemeEdit) => call<wire.ThemeEditReport>("edit_themes", { edit });
/** `null` is the last one. Gives what was taken back. */
export const undoThemeEdit = (id: number | null) => call<wire.ThemeEditRow>("undo_theme_edit", { id });
/** In the order in which they were made. */
export const listThemeEdits = () => call<wire.ThemeEditRow[]>("list_theme_edits");
/** What became of a theme, or of all for `null`, the latest first. */
export const themeHistory = (theme: number | null) => call<wire.ThemeHistoryEntry[]>("theme_history", { theme });

export const listModels = () => call<wire.ModelList>("list_models");
/** Themes, map and recall are there as far as it has been analysed with. */
export const chooseModel = (key: string) => call<wire.ModelList>("choose_model", { key });
export const downloadModel = (key: string, consent: boolean, onEvent: OnEvent) =>
  start("download_model", { key, consent }, onEvent);
/** The shell asks for the folder; `null` means cancelled. */
export const addModelFolder = (onEvent: OnEvent) =>
  start<wire.JobEvent, number | null>("add_model_folder", {}, onEvent);
/** From this computer; its vectors stay in their workspaces. */
export const removeModel = (key: string) => call<wire.ModelList>("remove_model", { key });
/** Its vectors, from this workspace; the model stays where it is. */
export const forgetModel = (key: string) => call<wire.ModelList>("forget_model", { key });

export const startMap = (request: wire.MapRequest, onEvent: OnEvent) => start("start_map", { request }, onEvent);
/** Bytes: views/map/decode.ts reads them. */
export const mapPoints = (filter: wire.Filter) => call<ArrayBuffer>("map_points", { filter });
export const mapPoint = (query: wire.MapPointQuery) => call<wire.MapPointDetail>("map_point", { query });
/** Keeps the texts of these points, for a condition on the dimension `selection`. */
export const selectPoints = (map: number, points: number[]) =>
  call<wire.MapSelection>("select_points", { map, points });

export const feedbackPage = (query: wire.FeedbackQuery) => call<wire.FeedbackPage>("feedback_page", { query });
export const exportFeedback = (filter: wire.Filter) => call<string | null>("export_feedback", { filter });
export const trail = (query: wire.TrailQuery) => call<wire.Trail>("trail", { query });
export const search = (query: wire.SearchQuery) => call<wire.SearchAnswer>("search", { query });
export const known = (text: string, filter: wire.Filter) => call<wire.KnownProblem>("known", { text, filter });
export const similar = (query: wire.SimilarQuery) => call<wire.SimilarCase[]>("similar", { query });

export const listViews = () => call<wire.SavedView[]>("list_views");
/** `id` 0 makes a new one. */
export const saveView = (view: wire.SavedView) => call<wire.SavedView[]>("save_view", { view });
export const deleteView = (id: number) => call<wire.SavedView[]>("delete_view", { id });

export async function onFileDrop(listener: (drop: FileDrop) => void): Promise<void> {
  await (await transport()).onFileDrop(listener);
}
