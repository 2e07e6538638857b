// Which panels are open, and how wide? Kept in the browser's storage of this window, since it is about the screen and not about the data.
const KEY = "hearback.layout";

/** Below this width the inspector lies over the view instead of beside it. */
export const NARROW = 1100;

export class Layout {
  rail = $state(200);
  inspector = $state(320);
  railOpen = $state(true);
  inspectorOpen = $state(true);
  windowWidth = $state(1280);
  readonly narrow = $derived(this.windowWidth < NARROW);

  load(): void {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Record<string, unknown>;
      if (typeof kept["rail"] === "number") this.setRail(kept["rail"]);
      if (typeof kept["inspector"] === "number") this.setInspector(kept["inspector"]);
      if (typeof kept["railOpen"] === "boolean") this.railOpen = kept["railOpen"];
      if (typeof kept["inspectorOpen"] === "boolean") this.inspectorOpen = kept["inspectorOpen"];
    } catch {
      // Unreadable storage: the defaults are fine.
    }
  }

  save(): void {
    try {
      const { rail, inspector, railOpen, inspectorOpen } = this;
      localStorage.setItem(KEY, JSON.stringify({ rail, inspector, railOpen, inspectorOpen }));
    } catch {
      // Without storage the layout lasts as long as the window.
    }
  }

  setRail(width: number): void {
    this.rail = Math.round(Math.min(320, Math.max(140, width)));
  }

  setInspector(width: number): void {
    this.inspector = Math.round(Math.min(560, Math.max(240, width)));
  }

  toggleRail(): void {
    this.railOpen = !this.railOpen;
    this.save();
  }

  toggleInspector(): void {
    this.inspectorOpen = !this.inspectorOpen;
    this.save();
  }
}
