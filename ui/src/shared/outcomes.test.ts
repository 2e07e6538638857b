import { describe, expect, test } from "vitest";
import * as host from "../host/index.ts";
import type { ImportReport, Outcome } from "../wire/index.ts";
import { count } from "./format.ts";
import { importTitle, outcomeMessage, watchMessages } from "./outcomes.ts";

const total = {
  read: 12,
  kept: 9,
  updated: 0,
  rejected: 0,
  sessions: 2,
  turns: 1,
  feedback: 1204,
  joinedTurn: 0,
  joinedSession: 0,
};
const report = {
  sources: (await host.listSources()).slice(0, 1),
  unchanged: [],
  skipped: [],
  total,
  unjoined: [],
  unmapped: [],
  notes: [],
  placing: null,
  seconds: 1,
} satisfies ImportReport;

function imported(change: Partial<ImportReport>): Outcome {
  return { kind: "import", report: { ...report, ...change } };
}

describe("an import", () => {
  const said = (outcome: Outcome, stale = false) => outcomeMessage(outcome, { onMap: false, stale });
  const text = `Imported ${count(1204)} feedback and 1 turn`;

  test("offers what is next: themes that are older, then what was skipped", () => {
    expect(said(imported({}))).toEqual({ kind: "success", text });
    const rejected = { total: { ...total, rejected: 1 } };
    expect(said(imported(rejected))).toEqual({
      kind: "success",
      text: `${text}, 1 record skipped`,
      next: { kind: "show_skipped" },
    });
    expect(said(imported(rejected), true).next).toEqual({ kind: "find_themes" });
  });

  test("of files that are here already imports nothing", () => {
    const message = said(imported({ total: { ...total, read: 0 }, unchanged: ["scores.csv"] }));
    expect(message).toEqual({ kind: "info", text: "These files are in the workspace already, byte for byte" });
  });

  test("is called by its file, or by how many there are", () => {
    expect(importTitle(["/a/b/scores.csv"])).toBe("Importing scores.csv");
    expect(importTitle(["C:\\exports\\scores.csv"])).toBe("Importing scores.csv");
    expect(importTitle(["a", "b"])).toBe("Importing 2 files");
  });
});

test("who looks at the map already is not sent there", () => {
  const drawn: Outcome = {
    kind: "map",
    report: { texts: 3, placed: 0, unchanged: true, seconds: 1 },
  };
  expect(outcomeMessage(drawn, { onMap: true, stale: false })).toEqual({
    kind: "success",
    text: "3 texts on the map, as before",
  });
  expect(outcomeMessage(drawn, { onMap: false, stale: false }).next).toEqual({ kind: "show_map" });
});

test("a watched folder says what landed and what was left alone, one message each", () => {
  const left = [{ path: "/exports/x.json", reason: "only a guess" }];
  expect(
    watchMessages({ event: "imported", folder: "/home/somebody/exports", report: { ...report, skipped: left } }),
  ).toEqual([
    { kind: "success", text: `1 file imported from exports: ${count(1204)} feedback`, next: { kind: "show_sources" } },
    {
      kind: "info",
      text: "1 file in exports left alone: only a guess",
      next: { kind: "look_at", paths: ["/exports/x.json"] },
    },
  ]);
});
