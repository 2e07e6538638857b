import { beforeEach, describe, expect, test, vi } from "vitest";
import { play } from "../../fake/scenario.ts";
import type { Source } from "../wire/index.ts";
import { App } from "./state.svelte.ts";

let app: App;

beforeEach(async () => {
  play("sample");
  app = new App();
  await app.start();
});

describe("the filter", () => {
  test("changes can be undone one by one, and setting the same is no change", () => {
    app.navigation.addCondition("environment", ["production"]);
    app.navigation.addCondition("environment", ["production"]);
    app.navigation.setSpan("2026-05-11T00:00:00Z", "2026-05-18T00:00:00Z");
    app.navigation.undo();
    expect(app.filter.from).toBeNull();
    expect(app.filter.conditions).toHaveLength(1);
    app.navigation.undo();
    expect(app.filter.conditions).toHaveLength(0);
    expect(app.navigation.canUndo).toBe(false);
    app.navigation.redo();
    expect(app.filter.conditions).toHaveLength(1);
  });

  test("going somewhere with a filter is undone like any other change", () => {
    app.navigation.go("feedback", { filter: { ...app.filter, text: "refund" } });
    expect([app.view, app.filter.text]).toEqual(["feedback", "refund"]);
    app.navigation.undo();
    expect(app.filter.text).toBeNull();
  });
});

describe("saved views", () => {
  test("bring back the view, what it looks at and how", async () => {
    app.navigation.addCondition("user_role", ["enterprise"]);
    app.navigation.setTrendOptions({ ...app.trendOptions, measure: "volume" });
    app.navigation.go("trends");
    await app.saveView("Mine");
    const saved = app.savedViews.find((v) => v.name === "Mine");
    app.navigation.clearFilter();
    app.navigation.setTrendOptions({ ...app.trendOptions, measure: "mean_score" });
    app.navigation.go("overview");
    if (saved) app.navigation.openSaved(saved);
    expect(app.view).toBe("trends");
    expect(app.filter.conditions[0]?.values).toEqual(["enterprise"]);
    expect(app.trendOptions.measure).toBe("volume");
    app.navigation.back();
    expect([app.view, app.filter.conditions, app.trendOptions.measure]).toEqual(["overview", [], "mean_score"]);
  });

  test("what is other than some values is said in words, saved, and taken away like any condition", async () => {
    const other = {
      dimensions: ["model_version" as const, "reason" as const],
      keys: [
        ["2.1", null],
        ["2.0", "too long"],
      ],
    };
    app.navigation.setFilter({ ...app.filter, otherThan: [other] });
    expect(app.names.ofDimensions(other)).toBe("model version and reason");
    expect(app.names.ofOther(other)).toBe("other than 2.1 · (none) or 2.0 · too long");
    await app.saveView("The rest");
    app.navigation.removeOther(0);
    expect(app.filter.otherThan).toEqual([]);
    const saved = app.savedViews.find((view) => view.name === "The rest");
    if (saved) app.navigation.openSaved(saved);
    expect(app.filter.otherThan).toEqual([other]);
  });
});

describe("long work", () => {
  test("can be cancelled, and says so", async () => {
    const done = app.jobs.startAnalysis();
    expect(app.jobs.list).toHaveLength(1);
    await Promise.resolve();
    app.jobs.list[0]?.cancel();
    expect(app.jobs.running("analysis")).toBe(app.jobs.list[0]);
    expect([app.jobs.running("map"), app.jobs.running("analysis", "some model")]).toEqual([undefined, undefined]);
    expect(await done).toBeNull();
    expect(app.jobs.list).toHaveLength(0);
    expect(app.notices.at(-1)).toMatchObject({ kind: "info" });
  });
});

test("a failed question becomes a notice with its failure", async () => {
  play("error");
  await app.setAppearance("dark");
  expect(app.settings.appearance).toBe("system");
  expect(app.notices.at(-1)?.failure?.hint).toBe("Close the other DuckDB client and try again");
});

describe("a watched folder", () => {
  const folder = "/home/somebody/exports";
  const counts = {
    read: 9,
    kept: 9,
    updated: 0,
    rejected: 0,
    sessions: 0,
    turns: 0,
    feedback: 120,
    joinedTurn: 0,
    joinedSession: 0,
  };
  const report = {
    sources: [] as Source[],
    unchanged: [],
    skipped: [],
    total: counts,
    unjoined: [],
    unmapped: [],
    notes: [],
    placing: null,
    seconds: 1,
  };

  test("tells what was imported as it landed, and the views read again", async () => {
    const before = app.dataVersion;
    await app.watched({ event: "imported", folder, report: { ...report, sources: app.sources.slice(0, 3) } });
    expect(app.notices.at(-1)).toMatchObject({ kind: "success", text: "3 files imported from exports: 120 feedback" });
    expect(app.dataVersion).toBe(before + 1);
  });

  test("offers to look at what it did not dare to import, and reads nothing again for that", async () => {
    const before = app.dataVersion;
    await app.watched({
      event: "imported",
      folder,
      report: { ...report, skipped: [{ path: `${folder}/x.json`, reason: "only a guess" }] },
    });
    expect(app.notices).toHaveLength(1);
    app.notices[0]?.action?.run();
    await vi.waitFor(() => expect(app.pendingImport).toEqual([`${folder}/x.json`]));
    expect(app.dataVersion).toBe(before);
  });

  test("says what failed, and keeps saying it", async () => {
    await app.watched({
      event: "failed",
      folder,
      failure: { kind: "file", message: "cut off", hint: null, next: null, details: [] },
    });
    expect(app.notices.at(-1)).toMatchObject({ kind: "error", failure: { message: "cut off" } });
  });
});
