// What does the window know? One instance, `app`: workspace, filter, view, selection, jobs, notices.
// Views take no props: they read `app`, and load anew when `app.filter`, `app.comparison` or `app.dataVersion` changes. Where the window is
// (view, filter, selection) they change by `app.navigation`, long work they begin by `app.jobs`, and all else is changed by methods of `app`.
import * as host from "../host/index.ts";
import type {
  Appearance,
  Comparison,
  Failure,
  Filter,
  Outcome,
  RecentWorkspace,
  SavedView,
  Settings,
  Source,
  ThemeList,
  TrailQuery,
  WatchEvent,
  WorkspaceInfo,
} from "../wire/index.ts";
import { Jobs } from "./jobs.svelte.ts";
import { KnownRows } from "./knownRows.svelte.ts";
import { Layout } from "./layout.svelte.ts";
import { leaveWorkspace } from "./leaving.ts";
import { Navigation } from "./navigation.svelte.ts";
import { Notices, type Notice, type ShownNotice } from "./notices.svelte.ts";
import { NEXT_TITLES, outcomeMessage, watchMessages, type Message, type NextStep } from "./outcomes.ts";
import { rowPages } from "./rowPages.ts";
import { ValueNames } from "./valueNames.svelte.ts";
import {
  savedOptions,
  type Location,
  type RowList,
  type Selection,
  type TrendOptions,
  type ViewName,
} from "../location.ts";

export type Overlay = "none" | "palette" | "help" | "save-view" | "settings" | "known";

/** The records that an import left out, and the feedback whose turn or session is not here. */
export type SourceList = "rejects" | "unjoined";

export class App {
  version = $state("");
  started = $state(false);
  private ready = false;
  /** The shell did not answer at the start. */
  startFailure = $state.raw<Failure | null>(null);
  info = $state.raw<WorkspaceInfo | null>(null);
  recent = $state.raw<RecentWorkspace[]>([]);
  settings = $state.raw<Settings>({ appearance: "system", personalData: { email: "hash", ip: "drop" } });
  sources = $state.raw<Source[]>([]);
  savedViews = $state.raw<SavedView[]>([]);
  /** For the current filter; kept while the next are on their way. */
  themes = $state.raw<ThemeList | null>(null);
  themesBusy = $state(false);
  /** Ends when the themes asked for last are here. */
  themesReading: Promise<void> = Promise.resolve();
  overlay = $state<Overlay>("none");
  /** Files picked or dropped that the Sources view has not taken up yet: it sets this back to `null`. */
  pendingImport = $state.raw<string[] | null>(null);
  /** Sources opens at one of its lists, of one source or (`null`) of all; Sources sets it back to `null`. */
  wantedList = $state.raw<{ list: SourceList; sourceId: number | null } | null>(null);
  dropping = $state(false);
  /** All charts as tables. */
  tables = $state(false);
  /** Changes when data or themes changed: views reload on it. */
  dataVersion = $state(0);
  systemDark = $state(false);
  readonly layout = new Layout();
  readonly navigation = new Navigation(this.layout);
  readonly messages = new Notices();
  readonly jobs = new Jobs(this.messages, (outcome) => this.jobFinished(outcome));
  readonly names = new ValueNames(() => this.sources);
  /** Feedback that was looked at. */
  readonly rows = new KnownRows();

  readonly theme: "light" | "dark" = $derived(
    this.settings.appearance === "system" ? (this.systemDark ? "dark" : "light") : this.settings.appearance,
  );
  readonly isEmpty = $derived(this.info === null || this.info.feedback === 0);

  private themesTurn = 0;

  // Start and workspace

  async start(): Promise<void> {
    this.layout.load();
    this.watchSystem();
    try {
      const state = await host.appState();
      this.version = state.version;
      this.settings = state.settings;
      this.recent = state.recent;
      this.info = state.workspace;
      this.startFailure = state.problem;
      this.started = true;
      if (state.problem !== null) return;
      void host
        .followWatch((event) => void this.watched(event))
        .catch((thrown: unknown) => this.fail("Watched folders are not followed", thrown));
      const dropped = (drop: host.FileDrop): void => {
        this.dropping = drop.kind === "over";
        if (drop.kind === "drop") void this.beginImport(drop.paths);
      };
      void host.onFileDrop(dropped).catch((thrown: unknown) => this.fail("Files cannot be dropped here", thrown));
      // The views draw already: what follows is for the frame, and no reason to draw again.
      await this.readFrame();
      if (this.isEmpty) this.pictureDrawn();
    } catch (thrown) {
      this.startFailure = host.asFailure(thrown);
      this.started = true;
    }
  }

  /** The first picture (or the empty start) stands: said once, two frames later, when it has been painted. */
  pictureDrawn(): void {
    if (this.ready) return;
    this.ready = true;
    requestAnimationFrame(() => requestAnimationFrame(() => void host.windowReady().catch(() => undefined)));
  }

  async newWorkspace(): Promise<void> {
    await this.changeWorkspace(() => host.newWorkspace());
  }

  /** `null`: the shell asks for the file. */
  async openWorkspace(path: string | null): Promise<void> {
    await this.changeWorkspace(() => host.openWorkspace(path));
  }

  /** Reads again what the frame shows, and tells the views to. */
  async refresh(): Promise<void> {
    await this.readFrame();
    this.dataVersion += 1;
  }

  private async readFrame(): Promise<void> {
    const [info, sources, views] = await Promise.all([host.workspaceInfo(), host.listSources(), host.listViews()]);
    this.info = info;
    this.sources = sources;
    this.savedViews = views;
  }

  setAppearance(appearance: Appearance): Promise<void> {
    return this.changeSettings({ appearance });
  }

  async changeSettings(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.settings = { ...before, ...change };
    try {
      this.settings = await host.setSettings(this.settings);
    } catch (thrown) {
      this.settings = before;
      this.fail("The setting was not saved", thrown);
    }
  }

  // Where we are: short names for what every view reads; `navigation` changes it

  get here(): Location {
    return this.navigation.here;
  }

  get view(): ViewName {
    return this.here.view;
  }

  get filter(): Filter {
    return this.here.filter;
  }

  get comparison(): Comparison {
    return this.here.comparison;
  }

  get selection(): Selection {
    return this.here.selection;
  }

  get trailQuery(): TrailQuery | null {
    return this.here.trail;
  }

  get list(): RowList | null {
    return this.here.list;
  }

  get trendOptions(): TrendOptions {
    return this.here.options.trends;
  }

  // Themes

  /** Called by the frame whenever filter, comparison or data changed. */
  loadThemes(): Promise<void> {
    this.themesReading = this.readThemes();
    return this.themesReading;
  }

  private async readThemes(): Promise<void> {
    const turn = ++this.themesTurn;
    void this.names.readSelections(this.filter);
    if (this.isEmpty) {
      this.themes = null;
      return;
    }
    this.themesBusy = true;
    try {
      const themes = await host.listThemes(this.filter, this.comparison);
      if (turn !== this.themesTurn) return;
      this.themes = themes;
      this.names.learnThemes(themes);
    } catch (thrown) {
      if (turn === this.themesTurn) this.fail("The themes could not be read", thrown);
    } finally {
      if (turn === this.themesTurn) this.themesBusy = false;
    }
  }

  // Saved views

  async saveView(name: string, id = 0): Promise<void> {
    try {
      this.savedViews = await host.saveView({
        id,
        name,
        view: this.view,
        filter: this.filter,
        options: savedOptions(this.here),
      });
      this.notify({ kind: "success", text: `Saved as “${name}”` });
    } catch (thrown) {
      this.fail("The view was not saved", thrown);
    }
  }

  async deleteView(id: number): Promise<void> {
    const gone = this.savedViews.find((v) => v.id === id);
    try {
      this.savedViews = await host.deleteView(id);
      if (gone) {
        const again = { label: "Undo", run: () => void this.restoreView(gone) };
        this.notify({ kind: "info", text: `Deleted the view “${gone.name}”`, action: again });
      }
    } catch (thrown) {
      this.fail("The view was not deleted", thrown);
    }
  }

  // Imports

  /** Files picked or dropped: the Sources view shows what they are and imports them. Without paths the shell asks. */
  async beginImport(paths?: string[]): Promise<void> {
    try {
      const picked = paths ?? (await host.pickFiles());
      if (picked.length === 0) return;
      this.pendingImport = picked;
      this.navigation.go("sources");
    } catch (thrown) {
      this.fail("The files could not be opened", thrown);
    }
  }

  async beginFolderImport(): Promise<void> {
    try {
      const folder = await host.pickFolder("Import a folder");
      if (folder !== null) await this.beginImport([folder]);
    } catch (thrown) {
      this.fail("The folder could not be opened", thrown);
    }
  }

  showRejects(sourceId: number | null): void {
    this.showList("rejects", sourceId);
  }

  showList(list: SourceList, sourceId: number | null): void {
    this.wantedList = { list, sourceId };
    this.navigation.go("sources");
  }

  /** Something came of a watched folder. */
  async watched(event: WatchEvent): Promise<void> {
    for (const message of watchMessages(event)) this.say(message);
    if (event.event === "imported" && event.report.sources.length > 0)
      await this.refresh().catch((thrown: unknown) => this.fail("The workspace could not be read again", thrown));
  }

  // Notices

  get notices(): ShownNotice[] {
    return this.messages.shown;
  }

  /** Gives the id to dismiss it by. */
  notify(notice: Notice): number {
    return this.messages.add(notice);
  }

  dismiss(id: number): void {
    this.messages.dismiss(id);
  }

  /** Something a user asked for did not happen. */
  fail(text: string, thrown: unknown): void {
    this.messages.fail(text, thrown);
  }

  // Within

  private async changeWorkspace(change: () => Promise<WorkspaceInfo | null>): Promise<void> {
    try {
      const info = await change();
      if (info) await this.enter(info);
    } catch (thrown) {
      this.fail("The workspace could not be opened", thrown);
    }
  }

  private async enter(info: WorkspaceInfo): Promise<void> {
    this.jobs.leaveWorkspace();
    leaveWorkspace();
    this.info = info;
    this.sources = [];
    this.savedViews = [];
    // What they offer to undo or to show is of the workspace before.
    this.messages.keepOnly((notice) => notice.action === undefined);
    this.pendingImport = null;
    this.wantedList = null;
    this.overlay = "none";
    this.navigation.enter();
    this.rows.forget();
    rowPages.forget();
    this.themes = null;
    this.names.forget();
    await this.refresh();
    if (info.onlyReadable)
      this.notify({ kind: "info", text: `${info.name} may only be read: nothing can be changed in it` });
    this.recent = (await host.appState()).recent;
  }

  private async restoreView(view: SavedView): Promise<void> {
    try {
      this.savedViews = await host.saveView({ ...view, id: 0 });
    } catch (thrown) {
      this.fail("The view was not restored", thrown);
    }
  }

  private async jobFinished(outcome: Outcome): Promise<void> {
    try {
      if (outcome.kind === "sample") await this.enter(outcome.workspace);
      else await this.refresh();
    } catch (thrown) {
      this.fail("The workspace could not be read again", thrown);
    }
    const now = { onMap: this.view === "map", stale: this.info?.themesStale === true };
    this.say(outcomeMessage(outcome, now));
  }

  private say({ next, ...message }: Message): void {
    const action = next && { label: NEXT_TITLES[next.kind], run: () => this.take(next) };
    this.notify(action ? { ...message, action } : message);
  }

  private take(step: NextStep): void {
    switch (step.kind) {
      case "find_themes":
        void this.jobs.startAnalysis();
        break;
      case "show_themes":
        this.navigation.go("themes");
        break;
      case "show_map":
        this.navigation.go("map");
        break;
      case "show_sources":
        this.navigation.go("sources");
        break;
      case "show_skipped":
        this.showRejects(null);
        break;
      case "look_at":
        void this.beginImport(step.paths);
        break;
    }
  }

  private watchSystem(): void {
    const dark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    if (!dark) return;
    this.systemDark = dark.matches;
    dark.addEventListener("change", (event) => (this.systemDark = event.matches));
  }
}

export const app = new App();
