// Which signals are derived in the invented workspace, and which folders does it watch?
import type { SignalRule, WatchEvent, WatchedFolder } from "../src/wire/index.ts";
import { importReport } from "./sources.ts";
import { scenario, type Handlers } from "./scenario.ts";
import { changed } from "./workspace.ts";

let rules: SignalRule[] = [
  {
    rule: "asked_again",
    meaning: "the user asked nearly the same again",
    polarity: "negative",
    weight: 0.6,
    enabled: true,
  },
  {
    rule: "regenerated",
    meaning: "the user sent the same query again",
    polarity: "negative",
    weight: 0.7,
    enabled: true,
  },
  {
    rule: "abandoned",
    meaning: "the session ends without an answer that helped",
    polarity: "negative",
    weight: 0.4,
    enabled: true,
  },
  {
    rule: "complaint",
    meaning: "the next message begins with a negation or a complaint",
    polarity: "negative",
    weight: 0.8,
    enabled: true,
  },
  { rule: "thanks", meaning: "the next message says thanks", polarity: "positive", weight: 0.6, enabled: false },
];

let folders: WatchedFolder[] = [
  {
    folder: "/home/somebody/Downloads/exports",
    enabled: true,
    last: { at: "2026-06-29T08:00:03Z", files: 3, feedback: 120, failure: null },
  },
  {
    folder:
      "/mnt/share/customer-success/a folder with a rather long name, as shared drives have them/exports of the evaluation team",
    enabled: false,
    last: {
      at: "2026-06-28T19:12:00Z",
      files: 0,
      feedback: 0,
      failure: {
        kind: "file",
        message: "scores-2026-07.jsonl.gz ends in the middle of its compressed data at byte 88 064",
        hint: "Fetch the file again: it was cut off on its way",
        details: [],
      },
    },
  },
];

const asked = new URLSearchParams(globalThis.location?.search ?? "");

/** With `?watch=imported` or `?watch=failed`, something happens in the watched folder soon after the start. */
export function follow(onEvent: (event: WatchEvent) => void): void {
  const folder = "/home/somebody/Downloads/exports";
  if (asked.get("watch") === "imported") {
    const report = importReport({
      paths: ["/a/traces.jsonl", "/a/scores.jsonl", "/a/reviews.csv"],
      choices: [],
      scores: [],
      replace: null,
    });
    setTimeout(
      () =>
        onEvent({
          event: "imported",
          folder,
          report: {
            ...report,
            total: { ...report.total, feedback: 120, rejected: 0 },
            skipped: [
              {
                path: `${folder}/ratings-dump.json`,
                reason: "ratings-dump.json is only a guess (has score and comment)",
              },
            ],
          },
        }),
      600,
    );
  } else if (asked.get("watch") === "failed") {
    setTimeout(
      () =>
        onEvent({
          event: "failed",
          folder,
          failure: {
            kind: "file",
            message: "scores-2026-07.jsonl.gz ends in the middle of its compressed data at byte 88 064",
            hint: "Fetch the file again: it was cut off on its way",
            details: [],
          },
        }),
      600,
    );
  }
}

export const handlers: Handlers = {
  pick_folder: () => "/home/somebody/exports/new",
  list_signal_rules: () => rules,
  set_signal_rule: ({ rule, enabled }: { rule: string; enabled: boolean }) => {
    changed({ stale: true });
    return (rules = rules.map((old) => (old.rule === rule ? { ...old, enabled } : old)));
  },
  list_watched_folders: () => (scenario() === "empty" ? [] : folders),
  set_watched_folder: ({ folder, enabled }: { folder: string; enabled: boolean }) => {
    const known = folders.some((old) => old.folder === folder);
    return (folders = known
      ? folders.map((old) => (old.folder === folder ? { ...old, enabled } : old))
      : [...folders, { folder, enabled, last: null }]);
  },
  remove_watched_folder: ({ folder }: { folder: string }) => (folders = folders.filter((old) => old.folder !== folder)),
};
