import { beforeEach, describe, expect, test } from "vitest";
import { entrance, type Location, type RowList } from "../location.ts";
import { emptyFilter, withCondition } from "./filter.ts";
import { Layout } from "./layout.svelte.ts";
import { Navigation } from "./navigation.svelte.ts";

let navigation: Navigation;

beforeEach(() => {
  navigation = new Navigation(new Layout());
});

const production = withCondition(emptyFilter(), "environment", ["production"]);
const list = (at: number): RowList => ({
  kind: "rows",
  rows: { filter: emptyFilter(), sortBy: "time", order: "descending" },
  at,
  id: `fb-${at}`,
  total: 5,
});

test("back restores all of where one was, and forward all of where one came from", () => {
  const stations: Location[] = [navigation.here];
  navigation.setComparison({ kind: "model_version", current: "2.1", previous: "2.0" });
  navigation.select({ kind: "theme", id: 4 });
  stations[0] = navigation.here;
  navigation.go("feedback", { filter: production });
  navigation.setSorting({ by: "polarity", order: "ascending" });
  navigation.selectRow("fb-2", list(2));
  stations.push(navigation.here);
  navigation.openFeedback("fb-2", list(2));
  stations.push(navigation.here);
  navigation.openFeedback("elsewhere");
  stations.push(navigation.here);

  for (const station of stations.slice(0, -1).reverse()) {
    navigation.back();
    expect(navigation.here).toEqual(station);
  }
  navigation.back();
  expect(navigation.here).toEqual(stations[0]);
  for (const station of stations.slice(1)) {
    navigation.forward();
    expect(navigation.here).toEqual(station);
  }
  expect(navigation.canGoForward).toBe(false);
});

test("going on from where one came back to leaves no forward", () => {
  navigation.go("themes");
  navigation.back();
  expect(navigation.canGoForward).toBe(true);
  navigation.go("map");
  expect([navigation.canGoForward, navigation.cameFrom]).toEqual([false, "overview"]);
});

test("walking through rows is one place: back leads to the list, at the row that was reached", () => {
  navigation.go("feedback");
  navigation.selectRow("fb-1", list(1));
  navigation.openFeedback("fb-1", list(1));
  navigation.walkTo("fb-2", list(2));
  navigation.walkTo("fb-3", list(3));
  expect(navigation.here.trail?.feedbackId).toBe("fb-3");
  navigation.back();
  expect(navigation.here).toMatchObject({
    view: "feedback",
    list: { at: 3 },
    selection: { kind: "feedback", id: "fb-3" },
  });
});

describe("undo", () => {
  test("takes back what was looked at, one change after another, and stays in the view", () => {
    navigation.setFilter(production);
    navigation.setTrendOptions({ ...navigation.here.options.trends, measure: "volume" });
    navigation.go("map");
    navigation.setComparison({ kind: "model_version", current: "2.1", previous: "2.0" });
    navigation.undo();
    expect(navigation.here.comparison).toEqual({ kind: "previous_period" });
    navigation.undo();
    expect(navigation.here.options).toEqual(entrance().options);
    navigation.undo();
    expect([navigation.here.view, navigation.here.filter, navigation.canUndo]).toEqual(["map", emptyFilter(), false]);
    navigation.redo();
    expect(navigation.here.filter).toBe(production);
  });

  test("an equal filter is no change, and going back is one", () => {
    navigation.setFilter(production);
    navigation.setFilter(structuredClone(production));
    expect(navigation.here.filter).toBe(production);
    navigation.go("feedback", { filter: emptyFilter() });
    navigation.back();
    expect(navigation.here.filter).toBe(production);
    navigation.undo();
    expect(navigation.here.filter).toEqual(emptyFilter());
  });
});

test("selecting something else goes nowhere", () => {
  navigation.select({ kind: "theme", id: 1 });
  expect([navigation.cameFrom, navigation.canUndo]).toEqual([null, false]);
});

test("in a narrow window the inspector lies over the view: the first way back is away from it", () => {
  const layout = new Layout();
  layout.windowWidth = 960;
  navigation = new Navigation(layout);
  navigation.go("themes");
  navigation.select({ kind: "theme", id: 1 });
  navigation.back();
  expect(navigation.here).toMatchObject({ view: "themes", selection: { kind: "none" } });
  navigation.back();
  expect(navigation.here.view).toBe("overview");
});

test("nothing of a workspace is left in the next", () => {
  navigation.setFilter(production);
  navigation.go("map");
  navigation.enter();
  expect([navigation.here, navigation.canUndo, navigation.cameFrom]).toEqual([entrance(), false, null]);
});
