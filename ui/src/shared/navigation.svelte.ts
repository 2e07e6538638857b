// How does one get from one location to another, and back? It holds the location and the two ways through those before:
// back and forward lead to places, undo and redo to what was looked at.
import type { Comparison, Dimension, FeedbackPage, Filter, SavedView, TrailQuery } from "../wire/index.ts";
import {
  entrance,
  fromSaved,
  returned,
  samePlace,
  sameSight,
  Timeline,
  withSight,
  type Location,
  type RowList,
  type RowsQuery,
  type Selection,
  type Sorting,
  type TrendOptions,
  type ViewName,
} from "../location.ts";
import {
  emptyFilter,
  sameFilter,
  withCondition,
  withSpan,
  withoutCondition,
  withoutOther,
  type ConditionOptions,
} from "./filter.ts";
import type { Layout } from "./layout.svelte.ts";

export type GoOptions = { filter?: Filter; select?: Selection };

export class Navigation {
  here = $state.raw<Location>(entrance());
  canUndo = $state(false);
  canRedo = $state(false);
  /** The view that going back leads to. */
  cameFrom = $state<ViewName | null>(null);
  canGoForward = $state(false);

  private places = new Timeline<Location>();
  private sights = new Timeline<Location>();

  constructor(private readonly layout: Layout) {}

  go(view: ViewName, options: GoOptions = {}): void {
    const stays = view === this.here.view || view === "trail";
    this.visit({
      ...this.here,
      view,
      filter: this.kept(options.filter ?? this.here.filter),
      selection: options.select ?? (stays ? this.here.selection : { kind: "none" }),
    });
    if (options.select) this.showInspector(options.select);
  }

  /** Goes to a location: what is left can be come back to. */
  visit(next: Location): void {
    if (!samePlace(next, this.here)) this.places.leave(this.here);
    this.look(next);
  }

  openSaved(view: SavedView): void {
    this.visit(fromSaved(view, this.here));
  }

  /** `list` is what `j` and `k` walk through from there; a trail that was found otherwise has none. */
  openTrail(query: TrailQuery, list: RowList | null = null): void {
    this.visit({ ...this.here, view: "trail", trail: query, list });
  }

  /** Opens the trail of one feedback. */
  openFeedback(id: string, list: RowList | null = null): void {
    this.openTrail(ofFeedback(id), list);
  }

  /** Opens a row that a page shows: `j` and `k` walk on from it through all rows of the query, however few the page has. */
  openRow(rows: RowsQuery, page: FeedbackPage | null, at: number): void {
    const row = page?.rows[at];
    if (page && row) this.openFeedback(row.id, { kind: "rows", rows, at, id: row.id, total: page.total });
  }

  /** Opens one of the feedback that a search found: `j` and `k` walk through all that it found. */
  openFound(ids: readonly string[], at: number): void {
    const id = ids[at];
    if (id !== undefined) this.openFeedback(id, { kind: "found", ids, at });
  }

  /** Another row of the list is opened in place of this one: going back leaves the list, not the row. */
  walkTo(id: string, list: RowList): void {
    this.here = { ...this.here, trail: ofFeedback(id), list, selection: { kind: "feedback", id } };
  }

  /** Esc: away from what lies over the view, else to where one was before, as it was left. */
  back(): void {
    const { selection, view } = this.here;
    if (this.layout.narrow && this.layout.inspectorOpen && selection.kind !== "none" && view !== "trail") {
      this.select({ kind: "none" });
      return;
    }
    const before = this.places.back(this.here);
    if (before !== undefined) this.look(returned(this.here, before));
  }

  forward(): void {
    const after = this.places.forward(this.here);
    if (after !== undefined) this.look(after);
  }

  select(selection: Selection): void {
    this.here = { ...this.here, selection };
    this.showInspector(selection);
  }

  /** A row of a list is selected: the place in the list is where a walk would go on. */
  selectRow(id: string, list: RowList): void {
    this.here = { ...this.here, list };
    this.select({ kind: "feedback", id });
  }

  /** The rows are others, or no longer in these places. */
  leaveList(): void {
    this.here = { ...this.here, list: null };
  }

  setFilter(filter: Filter): void {
    this.look({ ...this.here, filter: this.kept(filter) });
  }

  addCondition(dimension: Dimension, values: Array<string | null>, options: ConditionOptions = {}): void {
    this.setFilter(withCondition(this.here.filter, dimension, values, options));
  }

  removeCondition(index: number): void {
    this.setFilter(withoutCondition(this.here.filter, index));
  }

  removeOther(index: number): void {
    this.setFilter(withoutOther(this.here.filter, index));
  }

  setSpan(from: string | null, to: string | null): void {
    this.setFilter(withSpan(this.here.filter, from, to));
  }

  clearFilter(): void {
    this.setFilter(emptyFilter());
  }

  setComparison(comparison: Comparison): void {
    this.look({ ...this.here, comparison });
  }

  setTrendOptions(trends: TrendOptions): void {
    this.look({ ...this.here, options: { ...this.here.options, trends } });
  }

  setSorting(sorting: Sorting): void {
    this.look({ ...this.here, options: { ...this.here.options, sorting } });
  }

  undo(): void {
    const before = this.sights.back(this.here);
    if (before !== undefined) this.here = withSight(this.here, before);
    this.note();
  }

  redo(): void {
    const after = this.sights.forward(this.here);
    if (after !== undefined) this.here = withSight(this.here, after);
    this.note();
  }

  /** Into a workspace: nothing of another one is left. */
  enter(): void {
    this.places.clear();
    this.sights.clear();
    this.here = entrance();
    this.note();
  }

  private look(next: Location): void {
    if (!sameSight(next, this.here)) this.sights.leave(this.here);
    this.here = next;
    this.note();
  }

  /** An equal filter is the same one, so that nothing is read again for it. */
  private kept(filter: Filter): Filter {
    return sameFilter(filter, this.here.filter) ? this.here.filter : filter;
  }

  private showInspector(selection: Selection): void {
    if (selection.kind !== "none" && !this.layout.narrow) this.layout.inspectorOpen = true;
  }

  private note(): void {
    this.canUndo = this.sights.before !== undefined;
    this.canRedo = this.sights.after !== undefined;
    this.cameFrom = this.places.before?.view ?? null;
    this.canGoForward = this.places.after !== undefined;
  }
}

function ofFeedback(feedbackId: string): TrailQuery {
  return { sessionId: null, turnId: null, feedbackId };
}
