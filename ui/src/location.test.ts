import { expect, describe, test } from "vitest";
import {
  entrance,
  fromLink,
  fromSaved,
  returned,
  samePlace,
  sameSight,
  savedOptions,
  Timeline,
  toLink,
  type Location,
  type RowList,
} from "./location.ts";
import { emptyFilter, withCondition, withSpan } from "./shared/filter.ts";
import type { SavedView } from "./wire/index.ts";

const filter = {
  ...withSpan(withCondition(emptyFilter(), "user_role", ["enterprise", null]), "2026-05-11T00:00:00Z", null),
  otherThan: [{ dimensions: ["reason" as const, "tag" as const], keys: [["too long", null]] }],
};
const rows = { filter, sortBy: "time", order: "descending" } as const;

function located(change: Partial<Location>): Location {
  return { ...entrance(), ...change };
}

function saved(change: Partial<SavedView>): SavedView {
  return { id: 1, name: "Mine", view: "trends", filter, options: "", ...change };
}

/** Everything that can be chosen is chosen. */
const chosen: Location = located({
  view: "trends",
  filter,
  comparison: { kind: "model_version", current: "2.1", previous: "2.0" },
  selection: { kind: "theme", id: 4 },
  options: {
    trends: {
      measure: "volume",
      bucket: "week",
      charts: [
        { key: "a", by: ["model_version", "environment"], kind: "stacked", measure: null, bucket: "day", chosen: null },
        { key: "b", by: ["tag"], kind: "ranking", measure: "mean_score", bucket: null, chosen: [["x"], [null]] },
      ],
    },
    sorting: { by: "polarity", order: "ascending" },
  },
});

describe("as text", () => {
  test("a location is data: it comes out of JSON as it went in", () => {
    const list: RowList = { kind: "rows", rows, at: 3, id: "fb-3", total: 9 };
    const trail = { sessionId: null, turnId: null, feedbackId: "fb-3" };
    const here = located({ view: "trail", trail, list, selection: { kind: "feedback", id: "fb-3" } });
    for (const one of [entrance(), chosen, here]) expect(JSON.parse(JSON.stringify(one))).toEqual(one);
  });

  test("what a saved view keeps is where it leads, wherever one is", () => {
    const view = saved({ view: chosen.view, filter: chosen.filter, options: savedOptions(chosen) });
    expect(fromSaved(view, entrance())).toEqual(chosen);
  });

  test("a saved trail opens that trail", () => {
    const trail = { sessionId: "s-1", turnId: null, feedbackId: null };
    const here = located({ view: "trail", trail });
    const view = saved({ view: "trail", filter: here.filter, options: savedOptions(here) });
    expect(fromSaved(view, entrance())).toEqual(here);
  });

  test("a link leads where it was made", () => {
    const trail = { sessionId: null, turnId: "t&1 #?", feedbackId: null };
    for (const one of [entrance(), chosen, located({ view: "trail", trail })])
      expect(fromLink(toLink(one))).toEqual(one);
  });

  test("a point is not kept, its filter is", () => {
    const trend = { series: [] } as never;
    const selection = { kind: "point", trend, series: 0, point: 1, before: emptyFilter() } as const;
    const there = fromLink(toLink({ ...chosen, selection }));
    expect(there).toEqual({ ...chosen, selection: { kind: "none" } });
  });

  test.each(["", "#", "#view=nowhere", "#view=trends&filter={", '#view=trends&filter={"from":1}'])(
    "%s is no link",
    (link) => {
      expect(fromLink(link)).toBeNull();
    },
  );
});

describe("saved views made before", () => {
  // As the window wrote them when they kept the charts and the comparison, and nothing else.
  const OLD =
    '{"trends":{"measure":"volume","bucket":"week","charts":[{"key":"model_version","by":["model_version"],"kind":"lines","measure":null,"bucket":null,"chosen":[["2.1"],[null]]}]},"comparison":{"kind":"model_version","current":"2.1","previous":"2.0"}}';

  test("open with filter, charts and comparison; what they do not say stays", () => {
    const there = fromSaved(saved({ options: OLD }), located({ view: "themes", options: chosen.options }));
    expect(there.view).toBe("trends");
    expect(there.filter).toEqual(filter);
    expect(there.comparison).toEqual({ kind: "model_version", current: "2.1", previous: "2.0" });
    expect(there.options.trends.charts).toEqual([
      {
        key: "model_version",
        by: ["model_version"],
        kind: "lines",
        measure: null,
        bucket: null,
        chosen: [["2.1"], [null]],
      },
    ]);
    expect(there.options.sorting).toEqual(chosen.options.sorting);
  });

  test("keep their keys in new ones, so that the first programs read these too", () => {
    const kept = JSON.parse(savedOptions(chosen)) as Record<string, unknown>;
    expect(kept["trends"]).toEqual(chosen.options.trends);
    expect(kept["comparison"]).toEqual(chosen.comparison);
  });

  test.each([
    "{not json",
    "[]",
    "null",
    '{"trends":{"measure":"weight","bucket":null,"charts":[]}}',
    '{"trends":{"measure":"volume","bucket":null,"charts":[{"key":"x","by":["nothing"],"kind":"lines"}]}}',
    '{"comparison":{"kind":"model_version","current":"2.1"},"selection":{"kind":"feedback","id":7}}',
  ])("open all the same with options that nobody can read: %s", (options) => {
    const there = fromSaved(saved({ view: "nowhere", options }), chosen);
    expect(there).toEqual({ ...chosen, view: "overview", filter, selection: { kind: "none" } });
  });
});

describe("places and what is looked at", () => {
  test("two trails are two places, two filters are not", () => {
    const trail = (id: string): Location =>
      located({ view: "trail", trail: { sessionId: id, turnId: null, feedbackId: null } });
    expect(samePlace(trail("a"), trail("a"))).toBe(true);
    expect(samePlace(trail("a"), trail("b"))).toBe(false);
    expect(samePlace(entrance(), located({ filter }))).toBe(true);
    expect(sameSight(entrance(), located({ filter }))).toBe(false);
    expect(sameSight(entrance(), located({ view: "map", selection: { kind: "theme", id: 1 } }))).toBe(true);
  });

  test("who walked through the rows comes back to the row that was reached", () => {
    const list: RowList = { kind: "rows", rows, at: 1, id: "b", total: 9 };
    const table = located({ view: "feedback", filter, list, selection: { kind: "feedback", id: "b" } });
    const walked = { ...table, view: "trail", list: { ...list, at: 4, id: "e" } } as const;
    expect(returned(walked, table)).toEqual({ ...table, list: walked.list, selection: { kind: "feedback", id: "e" } });
    const others: RowList = { ...list, rows: { ...rows, order: "ascending" }, at: 4, id: "e" };
    expect(returned({ ...walked, list: others }, table)).toBe(table);
  });
});

describe("past and future", () => {
  test("back and forward walk the same way", () => {
    const timeline = new Timeline<string>();
    timeline.leave("a");
    timeline.leave("b");
    expect([timeline.back("c"), timeline.back("b"), timeline.back("a")]).toEqual(["b", "a", undefined]);
    expect([timeline.forward("a"), timeline.forward("b"), timeline.forward("c")]).toEqual(["b", "c", undefined]);
  });

  test("a new step forgets what was taken back, and the oldest steps fall out", () => {
    const timeline = new Timeline<string>(2);
    timeline.leave("a");
    timeline.back("b");
    timeline.leave("a");
    expect(timeline.after).toBeUndefined();
    timeline.leave("b");
    timeline.leave("c");
    expect([timeline.back("d"), timeline.back("c"), timeline.back("b")]).toEqual(["c", "b", undefined]);
  });
});
