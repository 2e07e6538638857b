// Does anything of one workspace outlive the opening of another?
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { WORKSPACES } from "../../fake/recording.ts";
import { play } from "../../fake/scenario.ts";
import { PICKED } from "../../fake/window.ts";
import { asked } from "../panels/known.svelte.ts";
import { table } from "../views/feedback/table.svelte.ts";
import { removal } from "../views/sources/removing.ts";
import { flow } from "../views/sources/imports.svelte.ts";
import { themeEditor } from "../views/themes/themeEditor.svelte.ts";
import { current } from "../views/trail/current.svelte.ts";
import { app } from "./state.svelte.ts";

beforeEach(async () => {
  play("sample");
  await app.start();
});

test("no report, selection, question, row, notice or list of one workspace is shown in the next", async () => {
  await flow.begin(PICKED);
  void flow.run();
  expect([flow.stage, flow.workspace]).toEqual(["running", app.info?.path]);
  app.navigation.select({ kind: "theme", id: 1 });
  app.wantedList = { list: "rejects", sourceId: 1 };
  app.overlay = "known";
  app.notify({ kind: "success", text: "Merged", action: { label: "Undo", run: () => undefined } });
  asked.text = "the refund window";
  themeEditor.marked = new Set([1]);
  themeEditor.question = { kind: "edits" };
  table.follow(app.filter, "time", "descending", app.dataVersion);
  await expect.poll(() => table.total).not.toBeNull();
  await current.open({ sessionId: null, turnId: null, feedbackId: table.row(0)?.id ?? "" }, app.dataVersion);
  expect(current.trail).not.toBeNull();

  await app.openWorkspace(WORKSPACES.long);
  expect(flow.stage).toBe("idle");
  await expect.poll(() => app.jobs.list.length).toBe(0);
  expect(flow.report).toBeNull();
  expect(app.selection).toEqual({ kind: "none" });
  expect([app.wantedList, app.pendingImport, app.overlay]).toEqual([null, null, "none"]);
  expect(app.notices.filter((notice) => notice.action !== undefined)).toEqual([]);
  expect(asked.text).toBe("");
  expect([themeEditor.marked.size, themeEditor.question]).toEqual([0, null]);
  expect([table.total, table.row(0)]).toEqual([null, undefined]);
  expect([current.trail, current.feedback]).toEqual([null, null]);
});

test("what a job of the workspace before came to is not taken for one of this", async () => {
  const done = app.jobs.startAnalysis();
  await app.openWorkspace(WORKSPACES.long);
  expect(await done).toBeNull();
  expect(app.notices.map(({ text }) => text).at(-1)).toContain("in the workspace that was open before");
  expect(app.notices.every(({ text }) => !text.includes("themes in"))).toBe(true);
});

test("a removal names the workspace and the digests of all that is to go", () => {
  const [one, two] = app.sources;
  if (one === undefined || two === undefined) throw new Error("there are no sources");
  expect(removal("/a.hearback", [one, two])).toEqual({
    workspace: "/a.hearback",
    sources: [
      { id: one.id, digest: one.digest },
      { id: two.id, digest: two.digest },
    ],
  });
});

test("whatever outlives a view forgets", () => {
  // `app` calls the others, and forgets the pages of rows itself; settings are the same for every workspace.
  const exempt = [
    "shared/state.svelte.ts",
    "shared/rowPages.ts",
    "shared/trailNavigation.svelte.ts",
    "panels/settings/sections.svelte.ts",
  ];
  const files = readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !exempt.includes(name));
  const holding = files.filter((name) =>
    /^export const \w+(: [\w<>]+)? = (new [A-Z]\w+\(\)|\$state)/m.test(readFileSync(join("src", name), "utf8")),
  );
  expect(holding.length).toBeGreaterThan(4);
  expect(holding.filter((name) => !readFileSync(join("src", name), "utf8").includes("onLeaving("))).toEqual([]);
});
