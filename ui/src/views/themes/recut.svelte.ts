// Which granularity is shown, and which is on its way? Only one cut runs at a time; of those wished for meanwhile the last one counts.
import * as host from "../../host/index.ts";
import { onLeaving } from "../../shared/leaving.ts";
import { app } from "../../shared/state.svelte.ts";
import type { AnalysisReport, ThemeCut, ThemeRun } from "../../wire/index.ts";

/** A run as far as it matters here. */
export type Cuttable = ThemeCut & Pick<ThemeRun, "subject" | "options" | "seed" | "texts">;

/** What stays the same however a run is cut: its id does not, since every cut is kept as a run. */
function ground(run: Cuttable): string {
  return [run.subject, run.options, run.seed, run.texts].join("/");
}

export class Recut {
  /** What was wished for and is not there yet. */
  wished = $state.raw<ThemeCut | null>(null);
  busy = $state(false);
  /** What each cut of this window came to, for comparing what completeness costs. */
  tried = $state.raw<readonly (ThemeCut & { ground: string; report: AnalysisReport })[]>([]);

  /** Limits tried on this run at its granularity, the mildest first. */
  prices(run: Cuttable): { atMost: number; report: AnalysisReport }[] {
    return this.tried
      .flatMap(({ unclusteredAtMost, ...one }) =>
        one.ground === ground(run) && one.resolution === run.resolution && unclusteredAtMost !== null
          ? [{ atMost: unclusteredAtMost, report: one.report }]
          : [],
      )
      .sort((a, b) => b.atMost - a.atMost);
  }

  forget(): void {
    this.wished = null;
    this.tried = [];
  }

  /** Cuts the run otherwise. Ends when nothing is wished for any more. */
  async to(run: Cuttable, change: Partial<ThemeCut>): Promise<void> {
    const { resolution, unclusteredAtMost } = run;
    this.wished = { resolution, unclusteredAtMost, ...this.wished, ...change };
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.wished !== null) {
        const wanted: ThemeCut = this.wished;
        const report = await host.recutThemes(wanted);
        this.tried = [
          ...this.tried.filter(
            (one) => one.resolution !== wanted.resolution || one.unclusteredAtMost !== wanted.unclusteredAtMost,
          ),
          { ...wanted, ground: ground(run), report },
        ];
        if (this.wished === wanted) {
          await app.refresh();
          // While the themes were read again, someone may have gone on.
          if (this.wished === wanted) this.wished = null;
        }
      }
    } catch (thrown) {
      this.wished = null;
      app.fail("The themes were not cut otherwise", thrown);
    } finally {
      this.busy = false;
    }
  }
}

export const recut = new Recut();
onLeaving(() => recut.forget());
