// What is on the map, what of it is seen, and what was chosen on it?
import * as host from "../../host/index.ts";
import type { Failure, Filter, MapPointDetail } from "../../wire/index.ts";
import { withCondition } from "../../shared/filter.ts";
import { app } from "../../shared/state.svelte.ts";
import { extent, fit, type Camera, type Size } from "./camera.ts";
import { slots, type ColourBy } from "./colours.ts";
import { decodeMap, type MapData } from "./decode.ts";
import { Nearby } from "./nearby.ts";
import { sceneOf, type Scene } from "./painter.ts";

export interface Hovered {
  index: number;
  detail: MapPointDetail | null;
}

export class MapState {
  data = $state.raw<MapData | null>(null);
  failure = $state.raw<Failure | null>(null);
  busy = $state(false);
  by = $state<ColourBy>("theme");
  hideOutside = $state(false);
  camera = $state.raw<Camera>({ x: 0, y: 0, scale: 1 });
  home = $state.raw<Camera>({ x: 0, y: 0, scale: 1 });
  hovered = $state.raw<Hovered | null>(null);
  /** Places of the chosen points; `null` while nothing is chosen. */
  chosen = $state.raw<number[] | null>(null);

  readonly scene: Scene | null = $derived(this.data ? sceneOf(this.data.xy, slots(this.data, this.by)) : null);
  readonly inside = $derived(this.data ? this.data.feedback.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0) : 0);
  private nearby: Nearby | null = null;
  private shownMap: number | null = null;
  private turn = 0;
  private size: Size = { width: 0, height: 0 };

  async load(filter: Filter): Promise<void> {
    const turn = ++this.turn;
    this.busy = true;
    try {
      const data = decodeMap(await host.mapPoints(filter));
      if (turn !== this.turn) return;
      this.data = data;
      this.failure = null;
      this.chosen = null;
      this.hovered = null;
      const box = extent(data.xy);
      this.nearby = box === null ? null : new Nearby(data.xy, box);
      const map = data.legend.map?.id ?? null;
      if (map !== this.shownMap) {
        this.shownMap = map;
        this.reset();
      }
    } catch (thrown) {
      if (turn === this.turn) this.failure = host.asFailure(thrown);
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  resize(size: Size): void {
    const first = this.size.width === 0;
    const atHome = this.camera === this.home;
    this.size = size;
    if (this.data && (first || atHome)) this.reset();
  }

  reset(): void {
    if (!this.data || this.size.width === 0) return;
    this.home = fit(extent(this.data.xy), this.size);
    this.camera = this.home;
  }

  get zoom(): number {
    return this.camera.scale / this.home.scale;
  }

  /** Is the point of the selection, or at least to be seen? */
  counts = (index: number): boolean => !this.hideOutside || (this.data?.feedback[index] ?? 0) > 0;

  /** The point at a place of the map, within `reach` of its units; points of the selection come first. */
  pointAt(x: number, y: number, reach: number): number {
    if (!this.nearby || !this.data) return -1;
    const { feedback } = this.data;
    const inside = this.nearby.at(x, y, reach, (index) => (feedback[index] ?? 0) > 0);
    return inside >= 0 || this.hideOutside ? inside : this.nearby.at(x, y, reach, () => true);
  }

  async look(index: number): Promise<void> {
    if (this.hovered?.index === index) return;
    if (index < 0 || !this.data?.legend.map) {
      this.hovered = null;
      return;
    }
    this.hovered = { index, detail: null };
    // Whoever only passes by asks nothing.
    await new Promise((resolve) => setTimeout(resolve, 60));
    if (this.hovered?.index !== index) return;
    const detail = await this.detail(index).catch(() => null);
    if (this.hovered?.index === index) this.hovered = { index, detail };
  }

  async open(index: number): Promise<void> {
    try {
      const detail = await this.detail(index);
      if (!detail?.latest) return;
      app.rows.keep(detail.latest);
      app.navigation.select({ kind: "feedback", id: detail.latest.id });
    } catch (thrown) {
      app.fail("The feedback could not be read", thrown);
    }
  }

  private async detail(index: number): Promise<MapPointDetail | null> {
    const map = this.data?.legend.map?.id;
    const point = this.data?.ids[index];
    return map === undefined || point === undefined ? null : host.mapPoint({ map, point, filter: app.filter });
  }

  /** Goes to the feedback of the chosen points, as a condition of the one filter. */
  async showChosen(): Promise<void> {
    const map = this.data?.legend.map?.id;
    if (!this.data || map === undefined || this.chosen === null) return;
    const { ids } = this.data;
    try {
      const selection = await host.selectPoints(
        map,
        this.chosen.map((index) => ids[index] ?? 0),
      );
      app.names.learnSelection(selection.id, selection.name);
      app.navigation.go("feedback", { filter: withCondition(app.filter, "selection", [String(selection.id)]) });
    } catch (thrown) {
      app.fail("The selection was not kept", thrown);
    }
  }
}
