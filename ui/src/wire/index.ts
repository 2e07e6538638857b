// Written from the Rust crate hearback-wire by `cargo xtask types`. Do not edit.

export type FailureKind = "file" | "format" | "input" | "workspace" | "component" | "not_found" | "cancelled" | "internal";

export type NextStep = "analyse" | "models" | "add_model_again" | "map_columns" | "feedback" | "themes" | "set_up";

export type Failure = { kind: FailureKind, 
/**
 * One sentence.
 */
message: string, 
/**
 * What to do about it.
 */
hint: string | null, next: NextStep | null, 
/**
 * The chain of causes, outermost first.
 */
details: Array<string>, };

export type FeedbackType = "thumb" | "rating" | "category" | "correction" | "comment" | "implicit" | "annotation" | "preference";

export type Polarity = "negative" | "neutral" | "positive" | "unknown";

export type Author = "human" | "judge" | "derived";

export type Authors = "people" | "judges" | "derived" | "everyone";

export type Dimension = "model_version" | "model" | "prompt_version" | "release" | "feedback_type" | "polarity" | "environment" | "user_role" | "reason" | "theme" | "source" | "tag" | "score_name" | "session" | "selection" | "has_score";

export type Measure = "volume" | "negative_share" | "mean_score";

export type Bucket = "hour" | "day" | "week" | "month";

export type Filter = { 
/**
 * The first moment that counts.
 */
from: string | null, 
/**
 * The first moment that no longer counts.
 */
to: string | null, conditions: Array<Condition>, otherThan: Array<OtherThan>, 
/**
 * Words that must all occur in comment, correction, query or output.
 */
text: string | null, authors: Authors, };

export type Condition = { dimension: Dimension, values: Array<string | null>, exclude: boolean, };

export type OtherThan = { dimensions: Array<Dimension>, 
/**
 * A value for each dimension (`null`: has none).
 */
keys: Array<Array<string | null>>, };

export type Counted = { n: number, filter: Filter, };

export type FilterValue = { value: string | null, 
/**
 * What to show: the theme's name, the source's file name, or the value itself.
 */
label: string, n: number, };

export type Appearance = "system" | "light" | "dark";

export type Treatment = "keep" | "drop" | "hash";

export type WorkspaceInfo = { path: string, 
/**
 * The file's name without its extension.
 */
name: string, feedback: number, turns: number, sessions: number, sources: number, rejects: number, 
/**
 * Feedback that found its turn, and its session.
 */
joinedTurn: number, joinedSession: number, 
/**
 * First and last moment of feedback.
 */
first: string | null, last: string | null, themes: number, 
/**
 * There is feedback that the themes do not know yet.
 */
themesStale: boolean, 
/**
 * Grows with every change of the data; what was computed from another one is old.
 */
dataVersion: number, 
/**
 * Made by Hearback's sample generator.
 */
synthetic: boolean, 
/**
 * The file may only be read: nothing can be changed in it.
 */
onlyReadable: boolean, };

export type AppState = { version: string, workspace: WorkspaceInfo | null, 
/**
 * Why no workspace is open, if so.
 */
problem: Failure | null, recent: Array<RecentWorkspace>, settings: Settings, };

export type RecentWorkspace = { path: string, name: string, };

export type Settings = { appearance: Appearance, personalData: PersonalData, };

export type PersonalData = { email: Treatment, ip: Treatment, };

export type SignalRule = { 
/**
 * The engine's word; feedback derived by it has it as its label.
 */
rule: string, 
/**
 * When it says something.
 */
meaning: string, polarity: Polarity, 
/**
 * 0..1: how far it is to be trusted. Feedback derived by it has it as its confidence.
 */
weight: number, enabled: boolean, };

export type SavedView = { id: number, name: string, 
/**
 * `overview`, `trends`, `themes`, `feedback`.
 */
view: string, filter: Filter, 
/**
 * What the view keeps beside the filter (measure, bucket, splits), as the window wrote it.
 */
options: string, };

export type WatchedFolder = { folder: string, enabled: boolean, last: WatchResult | null, };

export type WatchResult = { at: string, files: number, feedback: number, failure: Failure | null, };

export type WatchEvent = { "event": "imported", folder: string, report: ImportReport, } | { "event": "failed", folder: string, failure: Failure, };

export type ImportCounts = { read: number, kept: number, updated: number, rejected: number, sessions: number, turns: number, feedback: number, 
/**
 * Of `feedback`, those whose turn is in the workspace.
 */
joinedTurn: number, 
/**
 * Of `feedback`, those whose session is in the workspace.
 */
joinedSession: number, };

export type Source = { id: number, name: string, path: string, format: string, formatReason: string, digest: string, bytes: number, importedAt: string, counts: ImportCounts, 
/**
 * What its columns were read as; empty for formats with fields of their own.
 */
mapping: Array<MappingEntry>, 
/**
 * What the tool itself leaves out of such an export.
 */
notes: Array<string>, };

export type MappingEntry = { 
/**
 * A field of the data model, such as `comment`, `score` or `metadata.plan`.
 */
target: string, 
/**
 * A column's name; with `constant`, the value itself.
 */
column: string, constant: boolean, };

export type ImportReport = { 
/**
 * One for each file that was read now.
 */
sources: Array<Source>, 
/**
 * Files left alone since they are in the workspace already, byte for byte.
 */
unchanged: Array<string>, 
/**
 * Files left alone since they are no export that Hearback reads.
 */
skipped: Array<SkippedFile>, total: ImportCounts, 
/**
 * Why feedback of these sources has no turn or no session, most frequent first.
 */
unjoined: Array<ReasonCount>, 
/**
 * Fields that found no place, source by source.
 */
unmapped: Array<SourceUnmapped>, 
/**
 * What the tools themselves leave out of these exports.
 */
notes: Array<string>, 
/**
 * Where in the themes the new texts are; `null` where there are no themes.
 */
placing: Assignment | null, seconds: number, };

export type SkippedFile = { path: string, reason: string, };

export type ReasonCount = { reason: string, count: number, };

export type SourceUnmapped = { sourceId: number, fields: Array<UnmappedField>, };

export type UnmappedField = { field: string, 
/**
 * Records in which it had a value.
 */
count: number, 
/**
 * Why, where that is known.
 */
reason: string | null, };

export type Reject = { id: number, sourceId: number, sourceName: string, 
/**
 * From 1.
 */
record: number, byte: number | null, reason: string, raw: string, };

export type RejectPage = { rows: Array<Reject>, 
/**
 * Pass as `after` for the next page.
 */
next: number | null, total: number, };

export type ScoreRule = { 
/**
 * Names the tool, together with `score_name` and `score_type` the score.
 */
tool: string, scoreName: string | null, scoreType: ScoreType, 
/**
 * The files that have such scores.
 */
sources: Array<RuleSource>, 
/**
 * The one file that the rule is for, where it holds for no other.
 */
only: number | null, feedbackType: FeedbackType, count: number, 
/**
 * How many of them judges gave.
 */
judges: number, minimum: number, maximum: number, scale: string, worst: number, best: number, 
/**
 * On 0 (worst) .. 1 (best).
 */
negativeAtMost: number, positiveAtLeast: number, 
/**
 * Set by the user, not inferred.
 */
confirmed: boolean, 
/**
 * What must be said before these scores have a polarity; `null` where nothing is open.
 */
open: OpenQuestion | null, };

export type ScoreType = "numeric" | "boolean" | "categorical";

export type OpenQuestion = "scale" | "direction";

export type RuleSource = { id: number, name: string, 
/**
 * The title of its format.
 */
format: string, };

export type Label = { scoreName: string | null, label: string, 
/**
 * Feedbacks that have it.
 */
count: number, 
/**
 * By the words that Hearback knows; `unknown` where it does not know this one.
 */
known: Polarity, 
/**
 * By the user's word, which goes before; `null` where there is none.
 */
told: Polarity | null, };

export type ScoreChoice = { 
/**
 * The one file of the preview that it is for; `null` means all of the tool.
 */
path: string | null, 
/**
 * The tool that it is for, as in the preview; `null` means every tool of the import.
 */
tool: string | null, scoreName: string | null, scale: string, worst: number, best: number, 
/**
 * On 0 (worst) .. 1 (best).
 */
negativeAtMost: number, positiveAtLeast: number, };

export type UnjoinedRow = { row: FeedbackRow, reason: string, };

export type UnjoinedPage = { rows: Array<UnjoinedRow>, 
/**
 * Opaque: pass as `after` for the next page.
 */
next: string | null, total: number, 
/**
 * Of all rows, most frequent first.
 */
reasons: Array<ReasonCount>, };

export type MappingProfile = { 
/**
 * Stands for the columns, whatever their order.
 */
fingerprint: string, name: string, columns: Array<string>, mapping: Array<MappingEntry>, usedAt: string, };

export type RemoveRequest = { 
/**
 * The path of the workspace.
 */
workspace: string, sources: Array<RemovedSource>, };

export type RemovedSource = { id: number, digest: string, };

export type PreviewRequest = { 
/**
 * Files, folders and archives.
 */
paths: Array<string>, 
/**
 * What the user decided about single files of them; all others are read as detected.
 */
choices: Array<FileChoice>, 
/**
 * Look at this one file of the set only, since a choice about it changed; `null` means all.
 */
only: string | null, };

export type FileChoice = { path: string, 
/**
 * Leave it alone.
 */
skip: boolean, 
/**
 * A format's name, where the user knows better than detection, or gives a guess their word.
 */
format: string | null, 
/**
 * What the columns of a table are; empty means as suggested.
 */
mapping: Array<MappingEntry>, 
/**
 * Save the mapping, and use it for every file with these columns.
 */
remember: boolean, };

export type Preview = { files: Array<PreviewFile>, 
/**
 * Every format that a file may be read as.
 */
formats: Array<FormatName>, };

export type FormatName = { name: string, title: string, };

export type PreviewFile = { 
/**
 * Names the file in choices; of a file in an archive, `archive.zip/inner.jsonl`.
 */
path: string, name: string, bytes: number, 
/**
 * Empty where the file cannot be read.
 */
format: string, formatTitle: string, 
/**
 * By what it was recognised.
 */
reason: string, 
/**
 * What the tool itself leaves out of this export.
 */
note: string | null, 
/**
 * 0..1
 */
confidence: number, 
/**
 * Too uncertain to be imported without the user's word.
 */
guess: boolean, 
/**
 * The file is in the workspace already, byte for byte.
 */
alreadyImported: boolean, 
/**
 * Why the file cannot be read, if so.
 */
problem: string | null, 
/**
 * The saved mapping that was recognised by the header.
 */
profile: string | null, 
/**
 * The columns of a generic table, or of a file of no known format; empty for formats with fields of their own.
 */
columns: Array<PreviewColumn>, 
/**
 * For a generic table: the mapping that these records were read with.
 */
mapping: Array<MappingEntry>, records: PreviewRecords, 
/**
 * Records looked at.
 */
read: number, 
/**
 * Those are all that the file has.
 */
complete: boolean, rejected: number, 
/**
 * The first of those.
 */
rejects: Array<PreviewReject>, unmapped: Array<UnmappedField>, scores: Array<PreviewScore>, };

export type PreviewColumn = { name: string, 
/**
 * A few different values, as they stand.
 */
examples: Array<string>, 
/**
 * The share of the first records in which it has a value, 0..1.
 */
filled: number, 
/**
 * What it would be suggested for, and why; `null` where nothing speaks for a field.
 */
suggested: ColumnSuggestion | null, };

export type Evidence = "name" | "values";

export type ColumnSuggestion = { 
/**
 * A field of the data model.
 */
target: string, by: Evidence, };

export type PreviewRecords = { sessions: Array<PreviewSession>, turns: Array<PreviewTurn>, feedback: Array<PreviewFeedback>, };

export type PreviewSession = { id: string, startedAt: string | null, userId: string | null, userRole: string | null, environment: string | null, metadata: { [key in string]: string }, };

export type PreviewTurn = { id: string, sessionId: string | null, createdAt: string | null, query: string | null, systemContext: string | null, documents: number, output: string | null, model: string | null, modelVersion: string | null, promptVersion: string | null, release: string | null, environment: string | null, userRole: string | null, tags: Array<string>, metadata: { [key in string]: string }, };

export type PreviewFeedback = { id: string, createdAt: string | null, sessionId: string | null, turnId: string | null, feedbackType: FeedbackType, author: Author, 
/**
 * By the score rules shown beside; `unknown` where nothing says.
 */
polarity: Polarity, scoreName: string | null, score: number | null, label: string | null, reasons: Array<string>, comment: string | null, correction: string | null, confidence: number | null, tags: Array<string>, metadata: { [key in string]: string }, };

export type PreviewReject = { 
/**
 * From 1.
 */
record: number, byte: number | null, reason: string, raw: string, };

export type PreviewScore = { tool: string, scoreType: ScoreType, scoreName: string | null, feedbackType: FeedbackType, count: number, minimum: number, maximum: number, scale: string, worst: number, best: number, 
/**
 * On 0 (worst) .. 1 (best).
 */
negativeAtMost: number, positiveAtLeast: number, 
/**
 * "0 or 1, 1 is good".
 */
sentence: string, 
/**
 * The user confirmed this for a score of this name before.
 */
confirmed: boolean, 
/**
 * What must be said before these scores have a polarity; `null` where nothing is open.
 */
open: OpenQuestion | null, };

export type ImportRequest = { 
/**
 * Files, folders and archives.
 */
paths: Array<string>, choices: Array<FileChoice>, 
/**
 * Score rules that the user set in the preview; all others are inferred.
 */
scores: Array<ScoreChoice>, 
/**
 * The source that this import takes the place of: its file is read again.
 */
replace: number | null, };

export type SeriesKind = "value" | "other" | "all";

export type Direction = "worse" | "better" | "unclear" | "neither";

export type TrendQuery = { filter: Filter, 
/**
 * None, one or two dimensions.
 */
by: Array<Dimension>, measure: Measure, 
/**
 * `null`: chosen by the length of the span.
 */
bucket: Bucket | null, 
/**
 * At most this many series beside *Other*; 0 means 5.
 */
maxSeries: number, 
/**
 * The keys that get a series of their own, where the user chose them.
 */
chosen: Array<Array<string | null>> | null, };

export type Aggregate = { n: number, negative: number, positive: number, 
/**
 * Whose polarity nothing tells: no part of any share of negative or positive feedback.
 */
unknown: number, scored: number, 
/**
 * Mean score on 0..1.
 */
meanScore: number | null, };

export type Value = { sums: Aggregate, 
/**
 * The feedbacks that the value rests on.
 */
n: number, 
/**
 * `null` where there is nothing to measure.
 */
value: number | null, 
/**
 * 95 % interval.
 */
low: number | null, high: number | null, 
/**
 * Too few to read much into it.
 */
small: boolean, 
/**
 * What opens with it: what it rests on, or, of a share that is about its hits, these.
 */
rows: Counted, };

export type TrendPoint = { start: string, 
/**
 * End, excluded.
 */
end: string, value: Value, 
/**
 * The data end within this bucket.
 */
unfinished: boolean, };

export type TrendSeries = { key: Array<string | null>, label: string, kind: SeriesKind, 
/**
 * Colour slot 0..5, or `null` for grey; a value has its slot by its rank in the workspace.
 */
slot: number | null, total: Value, points: Array<TrendPoint>, };

export type Trend = { by: Array<Dimension>, measure: Measure, bucket: Bucket, from: string | null, to: string | null, 
/**
 * As a title: `Negative share by model version`.
 */
title: string, 
/**
 * What the values count: `percent of feedback per week, 95 % interval`.
 */
axis: string, 
/**
 * The feedbacks behind it.
 */
rows: Counted, series: Array<TrendSeries>, 
/**
 * The query that counted, with its values filled in, for any DuckDB client.
 */
sql: string, };

export type Comparison = { "kind": "previous_period" } | { "kind": "model_version", current: string, previous: string, };

export type Headline = { current: Value, previous: Value, 
/**
 * `current - previous`: points for shares, relative for volume.
 */
change: number | null, 
/**
 * 95 % interval of the change.
 */
low: number | null, high: number | null, direction: Direction, };

export type Mover = { dimension: Dimension, value: string | null, label: string, 
/**
 * Its complaints: its negative feedback / all feedback with a polarity of the selection, after and before. They open the former.
 */
current: Value, previous: Value, 
/**
 * `current - previous`, with its 95 % interval; `null` where a side has no feedback at all.
 */
change: number | null, low: number | null, high: number | null, 
/**
 * The interval excludes zero after correcting for the number of comparisons (Benjamini-Hochberg, 5 %).
 */
significant: boolean, direction: Direction, };

export type Overview = { comparison: Comparison, 
/**
 * The two selections, as filters that open their rows.
 */
current: Filter, previous: Filter, volume: Headline, negativeShare: Headline, 
/**
 * Feedback of unknown polarity: no part of the negative share, and counted beside it; `null` where there is none.
 */
unknown: Counted | null, meanScore: Headline, 
/**
 * Turns with at least one feedback, as a share of all turns of the selection.
 */
turnsWithFeedback: Headline, 
/**
 * Themes by how much their complaint rate changed: clear changes first, biggest first.
 */
movers: Array<Mover>, };

export type ChartKind = "lines" | "stacked" | "ranking";

export type ChartTheme = "light" | "dark";

export type ChartFile = "svg" | "png" | "csv";

export type ChartRequest = { query: TrendQuery, kind: ChartKind, 
/**
 * CSS pixels.
 */
width: number, height: number, theme: ChartTheme, };

export type ChartPicture = { svg: string, geometry: Geometry, 
/**
 * What the values count; in a ranking they are of the whole span.
 */
axis: string, trend: Trend, };

export type Geometry = { width: number, height: number, 
/**
 * Where the data lie.
 */
plot: Frame, points: Array<ChartPoint>, 
/**
 * The direct labels at line ends.
 */
labels: Array<ChartLabel>, };

export type Frame = { x: number, y: number, width: number, height: number, };

export type ChartPoint = { series: number, 
/**
 * Index into the series' points; `null` in a ranking, whose bars are whole series.
 */
point: number | null, x: number, y: number, 
/**
 * The drawn bar, where it is one.
 */
bar: Frame | null, };

export type ChartLabel = { series: number, frame: Frame, };

export type Subject = "said" | "asked" | "both";

export type ThemeEvent = "kept" | "grew" | "shrank" | "split" | "merged" | "new" | "gone";

export type NamedBy = "words" | "before" | "user";

export type ThemeRun = { id: number, createdAt: string, subject: Subject, model: string, 
/**
 * SHA-256 of the model.
 */
modelDigest: string | null, 
/**
 * Coarse (0.25) to fine (8).
 */
resolution: number, 
/**
 * The greatest share of texts that may stay unclustered; `null`: nothing is forced.
 */
unclusteredAtMost: number | null, seed: number, 
/**
 * Other options, and what computed it, as text.
 */
options: string, versions: string, 
/**
 * Distinct texts, how many of them have no theme, and how many say no more than good or bad.
 */
texts: number, unclustered: number, shortAnswers: number, 
/**
 * Texts that `unclusteredAtMost` pulled in, their mean similarity to their theme, and that of all texts in
 * themes.
 */
pulledIn: number, pulledInSimilarity: number, similarity: number, 
/**
 * The data has changed since; `drift` says whether that matters.
 */
stale: boolean, 
/**
 * It can be cut otherwise at once. `false` for themes that an older Hearback found.
 */
canRecut: boolean, drift: Drift, };

export type Drift = { 
/**
 * Came since and are within reach of a theme, of none, or wait for the model.
 */
placed: number, unclustered: number, waiting: number, 
/**
 * Nobody says them any more.
 */
removed: number, 
/**
 * Mean similarity to the nearest theme: of those that came, and of the run's own texts.
 */
similarity: number, similarityAtRun: number, 
/**
 * Finding the themes again is worth its time.
 */
worthARun: boolean, 
/**
 * Why, or why not.
 */
reason: string, };

export type ThemeList = { 
/**
 * What is counted, with a run or without.
 */
subject: Subject, run: ThemeRun | null, 
/**
 * Pinned ones, then the biggest first. Only themes with feedback in the selection.
 */
themes: Array<ThemeRow>, 
/**
 * Feedback with words but without a theme.
 */
unclustered: ThemeRow | null, 
/**
 * Feedback that says no more than good or bad ("very good", "👍"): in no theme, and not unclustered. As a value
 * of the dimension `theme` it is `short`.
 */
shortAnswers: ThemeRow | null, 
/**
 * Feedback without any words (no comment, correction, reason, query).
 */
wordless: Counted, };

export type ThemeRow = { 
/**
 * `null` for *Unclustered* and *Short answers*.
 */
id: number | null, name: string, keywords: Array<string>, namedBy: NamedBy | null, pinned: boolean, note: string, 
/**
 * What became of it in the last run, and the themes before that it is of; `null` for one that the user made.
 */
event: ThemeEvent | null, others: Array<number>, 
/**
 * Parts of it, the biggest first; none or at least two. Counts are of the whole workspace.
 */
subthemes: Array<Subtheme>, sums: Aggregate, 
/**
 * Share of the selection's feedback, with its 95 % interval; opens all of the theme's.
 */
share: Value, 
/**
 * Opens the negative ones.
 */
negativeShare: Value, 
/**
 * Complaints now minus complaints before (negative feedback of the theme / all feedback of the compared
 * selection), with its 95 % interval.
 */
change: number | null, 
/**
 * The two rates that `change` is the difference of.
 */
complaintsNow: number | null, complaintsBefore: number | null, changeLow: number | null, changeHigh: number | null, significant: boolean, direction: Direction, 
/**
 * Feedback per bucket, oldest first.
 */
sparkline: Array<number>, };

export type Subtheme = { name: string, keywords: Array<string>, texts: number, feedback: number, };

export type ThemeHistoryEntry = { themeId: number, runId: number, at: string, 
/**
 * The same run, cut otherwise.
 */
recut: boolean, event: ThemeEvent, 
/**
 * The themes before that it is of; of one that is gone, those that took most of it.
 */
others: Array<number>, 
/**
 * Feedbacks, now and before.
 */
size: number, sizeBefore: number, };

export type ThemeDetail = { row: ThemeRow, 
/**
 * What became of it, the latest first.
 */
history: Array<ThemeHistoryEntry>, 
/**
 * The user's edits that name it.
 */
edits: Array<ThemeEditRow>, 
/**
 * The most telling members, most central first.
 */
examples: Array<FeedbackRow>, 
/**
 * By model version, environment, user role, reason: biggest first.
 */
breakdown: Array<Breakdown>, 
/**
 * Mean similarity of its members to its centre, 0..1.
 */
cohesion: number, };

export type Breakdown = { dimension: Dimension, values: Array<BreakdownValue>, };

export type BreakdownValue = { value: string | null, label: string, rows: Counted, 
/**
 * Opens the negative ones.
 */
negativeShare: Value, };

export type AnalysisRequest = { 
/**
 * `null`: the subject that is counted.
 */
subject: Subject | null, 
/**
 * Coarse (0.25) to fine (8). What is `null` is as in the subject's last run, or as measured best.
 */
resolution: number | null, 
/**
 * 0..1; 1 forces nothing.
 */
unclusteredAtMost: number | null, seed: number | null, };

export type AnalysisReport = { 
/**
 * Distinct texts of the workspace; of those, embedded now.
 */
texts: number, embedded: number, themes: number, unclustered: number, 
/**
 * Texts that say no more than good or bad.
 */
shortAnswers: number, 
/**
 * Texts that were pulled in, and their mean similarity to their theme.
 */
pulledIn: number, pulledInSimilarity: number, 
/**
 * Nothing had changed since the last run: its themes stand.
 */
unchanged: boolean, seconds: number, };

export type Assignment = { new: number, 
/**
 * In a theme, and in none; the rest says no more than good or bad, or waits.
 */
placed: number, unclustered: number, 
/**
 * Not looked at yet, and why.
 */
waiting: number, reason: string | null, };

export type ThemeEdit = { "kind": "merge", into: number, from: Array<number>, } | { "kind": "split", theme: number, } | { "kind": "split_off", theme: number, feedback: Array<string>, } | { "kind": "move", feedback: Array<string>, to: number | null, } | { "kind": "rename", theme: number, name: string, } | { "kind": "pin", theme: number, pinned: boolean, } | { "kind": "note", theme: number, note: string, };

export type ThemeEditRow = { id: number, at: string, 
/**
 * `merge`, `split`, `move`, `rename`, `pin`, `note`.
 */
kind: string, 
/**
 * In words.
 */
description: string, 
/**
 * The themes that it names, the one that it is about first.
 */
themes: Array<number>, 
/**
 * Why it changes nothing at present; `null`: it holds.
 */
dormant: string | null, 
/**
 * Later edits that stand on it: while there are any, it cannot be taken back.
 */
builtOn: Array<number>, };

export type ThemeEditReport = { 
/**
 * To take it back by.
 */
id: number, 
/**
 * Themes that it made.
 */
made: Array<number>, };

export type ThemeCut = { resolution: number, unclusteredAtMost: number | null, };

export type MapInfo = { id: number, createdAt: string, model: string, seed: number, 
/**
 * Texts on it; of those, put among the others after it was drawn.
 */
texts: number, placed: number, 
/**
 * Texts that are not on it yet.
 */
missing: number, };

export type MapLabel = { 
/**
 * 0: a theme; 1: a part of one, for a closer look.
 */
level: number, theme: number, name: string, x: number, y: number, texts: number, 
/**
 * Of the selection.
 */
feedback: number, 
/**
 * All of the theme's feedback in the selection, also what is not on the map; `null` for a part of a theme.
 */
rows: Counted | null, };

export type MapTheme = { id: number, name: string, 
/**
 * Of the selection.
 */
feedback: number, };

export type MapVersion = { value: string | null, feedback: number, };

export type MapLegend = { 
/**
 * `null`: none has been drawn.
 */
map: MapInfo | null, points: number, 
/**
 * Most feedback first; points name them by their place in these lists, 65535 stands for none.
 */
themes: Array<MapTheme>, versions: Array<MapVersion>, labels: Array<MapLabel>, };

export type MapRequest = { seed: number | null, 
/**
 * Move the texts that have a place already, too.
 */
anew: boolean, };

export type MapReport = { 
/**
 * Texts on the map; of those, put among the others now.
 */
texts: number, placed: number, 
/**
 * Every text was on it already.
 */
unchanged: boolean, seconds: number, };

export type MapPointQuery = { map: number, point: number, filter: Filter, };

export type MapPointDetail = { text: string, 
/**
 * Feedback of the selection that says it; 0 outside of it.
 */
feedback: number, 
/**
 * The latest of the selection; outside of it, the latest of all.
 */
latest: FeedbackRow | null, };

export type MapSelection = { id: number, name: string, texts: number, };

export type MapText = { textHash: string, x: number, y: number, themeId: number | null, theme: string | null, 
/**
 * Feedback of the selection that says it; 0 outside of it.
 */
feedback: number, negative: number, positive: number, 
/**
 * Of most of this feedback.
 */
modelVersion: string | null, text: string, };

export type MapExport = { map: MapInfo, labels: Array<MapLabel>, texts: Array<MapText>, };

export type ModelState = "on_board" | "installed" | "available" | "missing";

export type ModelPooling = "mean" | "cls";

export type ModelList = { 
/**
 * The key of the one that this workspace uses.
 */
chosen: string, models: Array<ModelEntry>, 
/**
 * Where models that are added are kept.
 */
folder: string, 
/**
 * Distinct texts of the workspace, of which each model has a vector or not.
 */
texts: number, };

export type ModelEntry = { 
/**
 * What commands name it by.
 */
key: string, title: string, 
/**
 * As a phrase: "English", "some 100 languages"; `null` where nobody says.
 */
languages: string | null, dimension: number, 
/**
 * Tokens of a text that it sees.
 */
maxLength: number, 
/**
 * `null` for vectors that came with a vector store.
 */
pooling: ModelPooling | null, 
/**
 * An SPDX identifier where the model's makers state one; `null`: not stated.
 */
licence: string | null, 
/**
 * The address it is or was fetched from, the folder it was added from, or who made the vectors.
 */
origin: string, 
/**
 * On the disk; for one that can be downloaded, about so much.
 */
bytes: number | null, 
/**
 * BLAKE3 of model and tokenizer, 32 hexadecimal digits; `null` until it was downloaded.
 */
digest: string | null, state: ModelState, 
/**
 * Vectors in this workspace.
 */
vectors: number, chosen: boolean, 
/**
 * Its vectors came with a vector store: nothing can be embedded with it, so it cannot be chosen.
 */
imported: boolean, 
/**
 * What is wrong with it, and what to do.
 */
problem: string | null, };

export type SortBy = "time" | "score" | "polarity" | "feedback_type" | "model_version" | "environment" | "user_role" | "theme";

export type SortOrder = "ascending" | "descending";

export type SpanTarget = "query" | "output";

export type FeedbackRow = { id: string, createdAt: string | null, sessionId: string | null, turnId: string | null, feedbackType: FeedbackType, author: Author, polarity: Polarity, scoreName: string | null, 
/**
 * As in the export.
 */
score: number | null, 
/**
 * On 0 (bad) .. 1 (good).
 */
scoreNormal: number | null, label: string | null, reasons: Array<string>, comment: string | null, correction: string | null, confidence: number | null, span: Span | null, query: string | null, model: string | null, modelVersion: string | null, promptVersion: string | null, release: string | null, environment: string | null, userRole: string | null, tags: Array<string>, themeId: number | null, themeName: string | null, sourceName: string, metadata: { [key in string]: string }, };

export type Span = { target: SpanTarget, start: number, end: number, quote: string | null, };

export type FeedbackQuery = { filter: Filter, sortBy: SortBy, order: SortOrder, 
/**
 * The cursor of the page before, or `null` for the first.
 */
after: string | null, limit: number, };

export type FeedbackPage = { rows: Array<FeedbackRow>, 
/**
 * Opaque: pass as `after`.
 */
next: string | null, total: number, };

export type ChangeKind = "kept" | "added" | "removed";

export type TrailQuery = { 
/**
 * One of the three; the session is found from a feedback or a turn.
 */
sessionId: string | null, feedbackId: string | null, turnId: string | null, };

export type Trail = { 
/**
 * `null` where feedback has neither session nor turn: then `orphans` holds it.
 */
sessionId: string | null, startedAt: string | null, userId: string | null, userRole: string | null, environment: string | null, metadata: { [key in string]: string }, turns: Array<TrailTurn>, 
/**
 * About the session as a whole.
 */
sessionFeedback: Array<FeedbackRow>, 
/**
 * About a turn that no import has brought yet.
 */
orphans: Array<FeedbackRow>, };

export type TrailTurn = { id: string, createdAt: string | null, 
/**
 * The query in pieces; a piece with `feedback` is marked by those annotations.
 */
query: Array<Segment>, output: Array<Segment>, systemContext: string | null, 
/**
 * Against the turn before; `null` for the first turn or where nothing changed.
 */
contextChanges: Array<Change> | null, documents: Array<Document>, model: string | null, modelVersion: string | null, promptName: string | null, promptVersion: string | null, release: string | null, environment: string | null, userRole: string | null, latencyMs: number | null, inputTokens: number | null, outputTokens: number | null, tags: Array<string>, metadata: { [key in string]: string }, feedback: Array<FeedbackRow>, };

export type Segment = { text: string, 
/**
 * Ids of the annotations that mark it.
 */
feedback: Array<string>, };

export type Change = { kind: ChangeKind, text: string, };

export type Document = { id: string | null, title: string | null, content: string, score: number | null, };

export type Similarity = "near_identical" | "same_problem" | "related" | "distant";

export type SimilarQuery = { 
/**
 * One of the four: a text; a feedback or a turn, whose own words are left out of the answer; a theme, whose
 * own cases are.
 */
text: string | null, feedbackId: string | null, turnId?: string, themeId?: number, k: number, filter: Filter, };

export type SimilarCase = { 
/**
 * Cosine, -1..1.
 */
similarity: number, word: Similarity, 
/**
 * The text that was compared.
 */
text: string, 
/**
 * The latest feedback that says it, and how many do, since when, and when last.
 */
feedback: FeedbackRow, count: number, first: string | null, last: string | null, 
/**
 * What was written in the place of the answer then.
 */
correction: Correction | null, 
/**
 * What the user noted of the theme that it is in now.
 */
note: string | null, };

export type Correction = { text: string, 
/**
 * The latest feedback that gives it, and how many do.
 */
feedbackId: string, times: number, };

export type SearchQuery = { 
/**
 * Words; quoted ones must follow one another.
 */
text: string, 
/**
 * The last word may go on: while somebody types.
 */
typing: boolean, k: number, filter: Filter, };

export type SearchAnswer = { 
/**
 * Best first.
 */
cases: Array<FoundCase>, 
/**
 * Without a model, or before the first analysis, only words are compared.
 */
byMeaning: boolean, };

export type FoundCase = { text: string, 
/**
 * Cosine; `null` where meaning was not compared.
 */
similarity: number | null, word: Similarity | null, 
/**
 * It has words of the question.
 */
byWords: boolean, feedback: FeedbackRow, count: number, };

export type KnownProblem = { 
/**
 * Of the nearest case; `null` where there is none to compare with. `distant`: nothing is near.
 */
similarity: number | null, word: Similarity | null, 
/**
 * Those with a text that is at least related, nearest first.
 */
themes: Array<KnownTheme>, 
/**
 * The nearest cases that are at least related, whatever their theme.
 */
cases: Array<SimilarCase>, };

export type KnownTheme = { id: number, name: string, keywords: Array<string>, 
/**
 * Of its nearest text.
 */
similarity: number, word: Similarity, example: FeedbackRow, 
/**
 * Feedbacks of the theme that say something at least related, of the nearest 200 texts.
 */
near: number, 
/**
 * Feedbacks of the theme, and how many of them are negative.
 */
count: number, negativeShare: Value, first: string | null, last: string | null, 
/**
 * The one given nearest to the question, else the most frequent of the theme.
 */
correction: Correction | null, 
/**
 * What the user noted of it.
 */
note: string | null, };

export type Step = "reading" | "joining" | "saving" | "collecting_texts" | "loading_model" | "embedding" | "finding_neighbours" | "drawing_map" | "finding_themes" | "naming_themes" | "exporting" | "downloading" | "copying";

export type Unit = "bytes" | "records" | "texts" | "themes";

export type Progress = { step: Step, unit: Unit, done: number, total: number | null, 
/**
 * Units per second.
 */
rate: number | null, secondsLeft: number | null, };

export type JobEvent = { "event": "progress", progress: Progress, } | { "event": "finished", outcome: Outcome, } | { "event": "cancelled" } | { "event": "failed", failure: Failure, };

export type Outcome = { "kind": "import", report: ImportReport, } | { "kind": "analysis", report: AnalysisReport, } | { "kind": "preview", preview: Preview, } | { "kind": "map", report: MapReport, } | { "kind": "model", model: ModelEntry, } | { "kind": "sample", workspace: WorkspaceInfo, };

/** What is answered at once, by its name. */
export type Commands = {
  /** The open workspace in numbers. */
  workspace_info: { args: {}, answer: WorkspaceInfo },
  list_sources: { args: {}, answer: Array<Source> },
  /** Records that could not be read, of one source or of all. */
  list_rejects: { args: { sourceId: number | null, after: number | null, limit: number }, answer: RejectPage },
  /** Feedback whose turn or session is not here. */
  list_unjoined: { args: { sourceId: number | null, after: string | null, limit: number }, answer: UnjoinedPage },
  list_mapping_profiles: { args: {}, answer: Array<MappingProfile> },
  list_score_rules: { args: {}, answer: Array<ScoreRule> },
  /** The labels that were chosen, the most frequent first, and what they mean. */
  list_labels: { args: {}, answer: Array<Label> },
  list_signal_rules: { args: {}, answer: Array<SignalRule> },
  overview: { args: { filter: Filter, comparison: Comparison }, answer: Overview },
  trend: { args: { query: TrendQuery }, answer: Trend },
  draw_trend: { args: { request: ChartRequest }, answer: ChartPicture },
  filter_values: { args: { dimension: Dimension, filter: Filter, search: string, limit: number }, answer: Array<FilterValue> },
  list_themes: { args: { filter: Filter, comparison: Comparison }, answer: ThemeList },
  /** `null` is *Unclustered*. */
  theme_detail: { args: { id: number | null, filter: Filter, comparison: Comparison }, answer: ThemeDetail },
  /** In the order in which they were made. */
  list_theme_edits: { args: {}, answer: Array<ThemeEditRow> },
  /** What became of a theme, or of all for `null`, the latest first. */
  theme_history: { args: { theme: number | null }, answer: Array<ThemeHistoryEntry> },
  map_point: { args: { query: MapPointQuery }, answer: MapPointDetail },
  list_models: { args: {}, answer: ModelList },
  feedback_page: { args: { query: FeedbackQuery }, answer: FeedbackPage },
  trail: { args: { query: TrailQuery }, answer: Trail },
  similar: { args: { query: SimilarQuery }, answer: Array<SimilarCase> },
  search: { args: { query: SearchQuery }, answer: SearchAnswer },
  known: { args: { text: string, filter: Filter }, answer: KnownProblem },
  list_views: { args: {}, answer: Array<SavedView> },
  /** Undoes imports: what only these sources brought goes. */
  remove_sources: { args: { request: RemoveRequest }, answer: Array<Source> },
  remove_mapping_profile: { args: { fingerprint: string }, answer: Array<MappingProfile> },
  set_score_rule: { args: { rule: ScoreRule }, answer: Array<ScoreRule> },
  /** What a label means; for `null` the words that Hearback knows decide again. */
  tell_label: { args: { scoreName: string | null, label: string, polarity: Polarity | null }, answer: Array<Label> },
  /** The signals of the rule are derived anew, or go. */
  set_signal_rule: { args: { rule: string, enabled: boolean }, answer: Array<SignalRule> },
  /** Another granularity of the run that is shown: nothing is looked for again. */
  recut_themes: { args: { cut: ThemeCut }, answer: AnalysisReport },
  /** Counts by its themes from now on, whether or not there is a run of it. */
  choose_theme_subject: { args: { subject: Subject }, answer: void },
  edit_themes: { args: { edit: ThemeEdit }, answer: ThemeEditReport },
  /** `null` is the last one. Gives what was taken back. */
  undo_theme_edit: { args: { id: number | null }, answer: ThemeEditRow },
  /** Keeps the texts of these points, for a condition on the dimension `selection`. */
  select_points: { args: { map: number, points: Array<number> }, answer: MapSelection },
  /** Themes, map and recall are there as far as it has been analysed with. */
  choose_model: { args: { key: string }, answer: ModelList },
  /** From this computer; its vectors stay in their workspaces. */
  remove_model: { args: { key: string }, answer: ModelList },
  /** Its vectors, from this workspace; the model stays where it is. */
  forget_model: { args: { key: string }, answer: ModelList },
  /** `id` 0 makes a new one. */
  save_view: { args: { view: SavedView }, answer: Array<SavedView> },
  delete_view: { args: { id: number }, answer: Array<SavedView> },
  /** Laid out as `map_bytes` says. */
  map_points: { args: { filter: Filter }, answer: ArrayBuffer },
  app_state: { args: {}, answer: AppState },
  /** The first picture is on the screen: the shell can say how long the start took. */
  window_ready: { args: {}, answer: void },
  set_settings: { args: { settings: Settings }, answer: Settings },
  new_workspace: { args: {}, answer: WorkspaceInfo | null },
  /** Without a path the person is asked for one; `null` means cancelled. */
  open_workspace: { args: { path: string | null }, answer: WorkspaceInfo | null },
  pick_files: { args: {}, answer: Array<string> },
  pick_folder: { args: { title: string }, answer: string | null },
  /** The path written to, or `null` when the dialog was cancelled. */
  export_rejects: { args: { sourceId: number | null }, answer: string | null },
  /** The path written to, or `null` when the dialog was cancelled. */
  export_chart: { args: { request: ChartRequest, title: string, file: ChartFile }, answer: string | null },
  /** The path written to, or `null` when the dialog was cancelled. */
  export_feedback: { args: { filter: Filter }, answer: string | null },
  list_watched_folders: { args: {}, answer: Array<WatchedFolder> },
  set_watched_folder: { args: { folder: string, enabled: boolean }, answer: Array<WatchedFolder> },
  remove_watched_folder: { args: { folder: string }, answer: Array<WatchedFolder> },
  cancel_job: { args: { id: number }, answer: void },
};

/** What takes long, by its name: it tells of itself in events. */
export type LongCommands = {
  /** Reads the first records of each file; nothing is written. */
  start_preview: { args: { request: PreviewRequest }, answer: number, event: JobEvent },
  start_import: { args: { request: ImportRequest }, answer: number, event: JobEvent },
  start_analysis: { args: { request: AnalysisRequest }, answer: number, event: JobEvent },
  start_map: { args: { request: MapRequest }, answer: number, event: JobEvent },
  /** Without consent it fails, and says what would be fetched from where. */
  download_model: { args: { key: string, consent: boolean }, answer: number, event: JobEvent },
  start_sample: { args: {}, answer: number, event: JobEvent },
  /** The person is asked for the folder; `null` means cancelled. */
  add_model_folder: { args: {}, answer: number | null, event: JobEvent },
  /** Tells from now on what happens in watched folders. */
  follow_watch: { args: {}, answer: number, event: WatchEvent },
};

/** What each of them does. `window` and `windowJobs` are the window's own business; all others ask the workspace. */
export const COMMANDS = {
  reads: ["workspace_info","list_sources","list_rejects","list_unjoined","list_mapping_profiles","list_score_rules","list_labels","list_signal_rules","overview","trend","draw_trend","filter_values","list_themes","theme_detail","list_theme_edits","theme_history","map_point","list_models","feedback_page","trail","similar","search","known","list_views"],
  changes: ["remove_sources","remove_mapping_profile","set_score_rule","tell_label","set_signal_rule","recut_themes","choose_theme_subject","edit_themes","undo_theme_edit","select_points","choose_model","remove_model","forget_model","save_view","delete_view"],
  jobs: ["start_preview","start_import","start_analysis","start_map","download_model"],
  bytes: ["map_points"],
  window: ["app_state","window_ready","set_settings","new_workspace","open_workspace","pick_files","pick_folder","export_rejects","export_chart","export_feedback","list_watched_folders","set_watched_folder","remove_watched_folder","cancel_job"],
  windowJobs: ["start_sample","add_model_folder","follow_watch"],
} as const;

/** How values of a measure are written, and changes of them; `rise` is what more of it means. */
export type MeasureForm = { name: string, style: "count" | "percent" | "decimal", decimals: number, change: "relative" | "points" | "plain", rise: "worse" | "better" | "neither", interval: boolean, };

export const MEASURES: Record<Measure, MeasureForm> = {
  volume: {"change":"relative","decimals":0,"interval":false,"name":"Feedback","rise":"neither","style":"count"},
  negative_share: {"change":"points","decimals":1,"interval":true,"name":"Negative share","rise":"worse","style":"percent"},
  mean_score: {"change":"plain","decimals":2,"interval":true,"name":"Mean score","rise":"better","style":"decimal"},
};

/** What a dimension and its values are called; `list`: one feedback can have several values; `none`: what has no value. */
export type DimensionForm = { title: string, list: boolean, none: string, values: { [value in string]: string }, };

export const DIMENSIONS: Record<Dimension, DimensionForm> = {
  model_version: {"list":false,"none":"(none)","title":"model version","values":{"":"(empty)"}},
  model: {"list":false,"none":"(none)","title":"model","values":{"":"(empty)"}},
  prompt_version: {"list":false,"none":"(none)","title":"prompt version","values":{"":"(empty)"}},
  release: {"list":false,"none":"(none)","title":"release","values":{"":"(empty)"}},
  feedback_type: {"list":false,"none":"(none)","title":"feedback type","values":{"":"(empty)"}},
  polarity: {"list":false,"none":"(none)","title":"polarity","values":{"":"(empty)"}},
  environment: {"list":false,"none":"(none)","title":"environment","values":{"":"(empty)"}},
  user_role: {"list":false,"none":"(none)","title":"user role","values":{"":"(empty)"}},
  reason: {"list":true,"none":"(none)","title":"reason","values":{"":"(empty)"}},
  theme: {"list":false,"none":"Unclustered","title":"theme","values":{"":"(empty)","short":"Short answers","wordless":"Without words"}},
  source: {"list":false,"none":"(none)","title":"source","values":{"":"(empty)"}},
  tag: {"list":true,"none":"(none)","title":"tag","values":{"":"(empty)"}},
  score_name: {"list":false,"none":"(none)","title":"score name","values":{"":"(empty)"}},
  session: {"list":false,"none":"(none)","title":"session","values":{"":"(empty)"}},
  selection: {"list":true,"none":"(none)","title":"selection","values":{"":"(empty)"}},
  has_score: {"list":false,"none":"no","title":"has score","values":{"":"(empty)"}},
};
