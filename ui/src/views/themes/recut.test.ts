import { beforeEach, expect, test, vi } from "vitest";
import type { AnalysisReport, ThemeCut } from "../../wire/index.ts";
import type { Cuttable } from "./recut.svelte.ts";

const asked: ThemeCut[] = [];
let answer: (() => void)[] = [];
let refuse = false;

vi.mock("../../host/index.ts", async (original) => ({
  ...(await original<typeof import("../../host/index.ts")>()),
  recutThemes: (cut: ThemeCut) =>
    new Promise<AnalysisReport>((done, fail) => {
      asked.push(cut);
      const report = {
        texts: 10,
        embedded: 0,
        themes: 3,
        unclustered: 1,
        shortAnswers: 0,
        pulledIn: 4,
        pulledInSimilarity: 0.3,
        unchanged: false,
        seconds: 0.1,
      };
      answer.push(() => (refuse ? fail(new Error("no")) : done(report)));
    }),
}));

const { Recut } = await import("./recut.svelte.ts");
const { app } = await import("../../shared/state.svelte.ts");

const now: Cuttable = { resolution: 2, unclusteredAtMost: null, subject: "said", options: "", seed: 1, texts: 100 };

beforeEach(() => {
  asked.length = 0;
  answer = [];
  refuse = false;
  app.messages.shown = [];
  vi.spyOn(app, "refresh").mockResolvedValue();
});

async function settle(at: number): Promise<void> {
  await vi.waitFor(() => expect(answer.length).toBeGreaterThan(at));
  answer[at]?.();
}

test("while one cut runs only the last wish is remembered, and the other choice is kept", async () => {
  const recut = new Recut();
  const done = recut.to(now, { resolution: 3 });
  void recut.to(now, { resolution: 4 });
  void recut.to(now, { unclusteredAtMost: 0.1 });
  expect([recut.busy, recut.wished]).toEqual([true, { resolution: 4, unclusteredAtMost: 0.1 }]);
  await settle(0);
  await settle(1);
  await done;
  expect(asked).toEqual([
    { resolution: 3, unclusteredAtMost: null },
    { resolution: 4, unclusteredAtMost: 0.1 },
  ]);
  expect([recut.busy, recut.wished]).toEqual([false, null]);
  // The themes are read again for what stays, not for what was passed on the way.
  expect(app.refresh).toHaveBeenCalledTimes(1);
});

test("what was tried is remembered once each, with its price", async () => {
  const recut = new Recut();
  for (const [at, atMost] of [0.1, 0.05, 0.1].entries()) {
    const done = recut.to(now, { unclusteredAtMost: atMost });
    await settle(at);
    await done;
  }
  expect(recut.prices(now).map((one) => [one.atMost, one.report.pulledIn])).toEqual([
    [0.1, 4],
    [0.05, 4],
  ]);
  // Other texts, or another granularity, have other prices.
  expect(recut.prices({ ...now, texts: 101 })).toEqual([]);
  expect(recut.prices({ ...now, resolution: 4 })).toEqual([]);
});

test("a cut that fails says so, and the control goes back to what holds", async () => {
  const recut = new Recut();
  refuse = true;
  const done = recut.to(now, { resolution: 8 });
  await settle(0);
  await done;
  expect([recut.busy, recut.wished]).toEqual([false, null]);
  expect(app.notices.at(-1)?.kind).toBe("error");
});
