// What the window never does, read off its sources.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".test.ts"))
  .map((name) => ({ name: name.replaceAll("\\", "/"), text: readFileSync(join("src", name), "utf8") }));

function having(pattern: RegExp): string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
}

test("there are sources to read", () => {
  expect(files.length).toBeGreaterThan(40);
});

test("what the linter and the compiler are told to overlook has a reason", () => {
  const told =
    /svelte-ignore(?! [\w, ]+ \(.{10,}\))|eslint-disable(?![^\n]* -- .{10,})|@ts-(ignore|nocheck|expect-error)/;
  expect(having(told)).toEqual([]);
});

test("no text becomes HTML", () => {
  expect(having(/\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write/)).toEqual([]);
});

test("no style attributes: the content policy forbids them", () => {
  expect(having(/\sstyle=["{]|setAttribute\("style"/)).toEqual([]);
});

test("only the host speaks with Tauri", () => {
  expect(having(/@tauri-apps\/api/)).toEqual(["host/tauri.ts"]);
});

test("invented data are reached only in development", () => {
  expect(having(/fake\/index/)).toEqual(["host/index.ts"]);
  expect(files.find(({ name }) => name === "host/index.ts")?.text).toMatch(
    /import\.meta\.env\.DEV[^\n]*\n?[^\n]*fake\/index/,
  );
});

test("nothing is fetched", () => {
  expect(having(/\bfetch\(|XMLHttpRequest|new WebSocket|https?:\/\/(?!www\.w3\.org)/)).toEqual([]);
});
