import { expect, test } from "vitest";
import { best, score } from "./find.ts";

const titles = ["Go to Trends", "Open a workspace…", "Refund window stated wrongly", "environment: enterprise"];

test("every word must stand in the title", () => {
  expect(score("Refund window stated wrongly", "wrong refund")).toBeGreaterThan(0);
  expect(score("Refund window stated wrongly", "wrong label")).toBe(0);
});

test("beginnings of words come first", () => {
  expect(best(titles, "en", (t) => t, 2)[0]).toBe("environment: enterprise");
  expect(best(titles, "TREND", (t) => t, 5)).toEqual(["Go to Trends"]);
});

test("signs that mean something to a pattern are only signs", () => {
  expect(score("cost (in $)", "($")).toBe(0);
  expect(score("cost (in $)", "(in $)")).toBeGreaterThan(0);
});
