// Written from the Rust crate hearback-wire by `cargo xtask types`. Do not edit.
import type { AnalysisRequest, ChartFile, ChartRequest, Comparison, Dimension, FeedbackQuery, Filter, ImportRequest, JobEvent, MapPointQuery, MapRequest, Polarity, PreviewRequest, RemoveRequest, SavedView, ScoreRule, SearchQuery, Settings, SimilarQuery, Subject, ThemeCut, ThemeEdit, TrailQuery, TrendQuery, WatchEvent } from "../wire/index.ts";
import { call, start } from "./call.ts";

/** The open workspace in numbers. */
export const workspaceInfo = () => call("workspace_info", {});
export const listSources = () => call("list_sources", {});
/** Records that could not be read, of one source or of all. */
export const listRejects = (sourceId: number | null, after: number | null, limit: number) => call("list_rejects", { sourceId, after, limit });
/** Feedback whose turn or session is not here. */
export const listUnjoined = (sourceId: number | null, after: string | null, limit: number) => call("list_unjoined", { sourceId, after, limit });
export const listMappingProfiles = () => call("list_mapping_profiles", {});
export const listScoreRules = () => call("list_score_rules", {});
/** The labels that were chosen, the most frequent first, and what they mean. */
export const listLabels = () => call("list_labels", {});
export const listSignalRules = () => call("list_signal_rules", {});
export const overview = (filter: Filter, comparison: Comparison) => call("overview", { filter, comparison });
export const trend = (query: TrendQuery) => call("trend", { query });
export const drawTrend = (request: ChartRequest) => call("draw_trend", { request });
export const filterValues = (dimension: Dimension, filter: Filter, search: string, limit: number) => call("filter_values", { dimension, filter, search, limit });
export const listThemes = (filter: Filter, comparison: Comparison) => call("list_themes", { filter, comparison });
/** `null` is *Unclustered*. */
export const themeDetail = (id: number | null, filter: Filter, comparison: Comparison) => call("theme_detail", { id, filter, comparison });
/** In the order in which they were made. */
export const listThemeEdits = () => call("list_theme_edits", {});
/** What became of a theme, or of all for `null`, the latest first. */
export const themeHistory = (theme: number | null) => call("theme_history", { theme });
export const mapPoint = (query: MapPointQuery) => call("map_point", { query });
export const listModels = () => call("list_models", {});
export const feedbackPage = (query: FeedbackQuery) => call("feedback_page", { query });
export const trail = (query: TrailQuery) => call("trail", { query });
export const similar = (query: SimilarQuery) => call("similar", { query });
export const search = (query: SearchQuery) => call("search", { query });
export const known = (text: string, filter: Filter) => call("known", { text, filter });
export const listViews = () => call("list_views", {});
/** Undoes imports: what only these sources brought goes. */
export const removeSources = (request: RemoveRequest) => call("remove_sources", { request });
export const removeMappingProfile = (fingerprint: string) => call("remove_mapping_profile", { fingerprint });
export const setScoreRule = (rule: ScoreRule) => call("set_score_rule", { rule });
/** What a label means; for `null` the words that Hearback knows decide again. */
export const tellLabel = (scoreName: string | null, label: string, polarity: Polarity | null) => call("tell_label", { scoreName, label, polarity });
/** The signals of the rule are derived anew, or go. */
export const setSignalRule = (rule: string, enabled: boolean) => call("set_signal_rule", { rule, enabled });
/** Another granularity of the run that is shown: nothing is looked for again. */
export const recutThemes = (cut: ThemeCut) => call("recut_themes", { cut });
/** Counts by its themes from now on, whether or not there is a run of it. */
export const chooseThemeSubject = (subject: Subject) => call("choose_theme_subject", { subject });
export const editThemes = (edit: ThemeEdit) => call("edit_themes", { edit });
/** `null` is the last one. Gives what was taken back. */
export const undoThemeEdit = (id: number | null) => call("undo_theme_edit", { id });
/** Keeps the texts of these points, for a condition on the dimension `selection`. */
export const selectPoints = (map: number, points: Array<number>) => call("select_points", { map, points });
/** Themes, map and recall are there as far as it has been analysed with. */
export const chooseModel = (key: string) => call("choose_model", { key });
/** From this computer; its vectors stay in their workspaces. */
export const removeModel = (key: string) => call("remove_model", { key });
/** Its vectors, from this workspace; the model stays where it is. */
export const forgetModel = (key: string) => call("forget_model", { key });
/** `id` 0 makes a new one. */
export const saveView = (view: SavedView) => call("save_view", { view });
export const deleteView = (id: number) => call("delete_view", { id });
/** Reads the first records of each file; nothing is written. */
export const startPreview = (request: PreviewRequest, onEvent: (event: JobEvent) => void) => start("start_preview", { request }, onEvent);
export const startImport = (request: ImportRequest, onEvent: (event: JobEvent) => void) => start("start_import", { request }, onEvent);
export const startAnalysis = (request: AnalysisRequest, onEvent: (event: JobEvent) => void) => start("start_analysis", { request }, onEvent);
export const startMap = (request: MapRequest, onEvent: (event: JobEvent) => void) => start("start_map", { request }, onEvent);
/** Without consent it fails, and says what would be fetched from where. */
export const downloadModel = (key: string, consent: boolean, onEvent: (event: JobEvent) => void) => start("download_model", { key, consent }, onEvent);
/** Laid out as `map_bytes` says. */
export const mapPoints = (filter: Filter) => call("map_points", { filter });
export const appState = () => call("app_state", {});
/** The first picture is on the screen: the shell can say how long the start took. */
export const windowReady = () => call("window_ready", {});
export const setSettings = (settings: Settings) => call("set_settings", { settings });
export const newWorkspace = () => call("new_workspace", {});
/** Without a path the person is asked for one; `null` means cancelled. */
export const openWorkspace = (path: string | null) => call("open_workspace", { path });
export const pickFiles = () => call("pick_files", {});
export const pickFolder = (title: string) => call("pick_folder", { title });
/** The path written to, or `null` when the dialog was cancelled. */
export const exportRejects = (sourceId: number | null) => call("export_rejects", { sourceId });
/** The path written to, or `null` when the dialog was cancelled. */
export const exportChart = (request: ChartRequest, title: string, file: ChartFile) => call("export_chart", { request, title, file });
/** The path written to, or `null` when the dialog was cancelled. */
export const exportFeedback = (filter: Filter) => call("export_feedback", { filter });
export const listWatchedFolders = () => call("list_watched_folders", {});
export const setWatchedFolder = (folder: string, enabled: boolean) => call("set_watched_folder", { folder, enabled });
export const removeWatchedFolder = (folder: string) => call("remove_watched_folder", { folder });
export const cancelJob = (id: number) => call("cancel_job", { id });
export const startSample = (onEvent: (event: JobEvent) => void) => start("start_sample", {}, onEvent);
/** The person is asked for the folder; `null` means cancelled. */
export const addModelFolder = (onEvent: (event: JobEvent) => void) => start("add_model_folder", {}, onEvent);
/** Tells from now on what happens in watched folders. */
export const followWatch = (onEvent: (event: WatchEvent) => void) => start("follow_watch", {}, onEvent);
