// What the window never does, read off its sources.
import { readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
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

test("what lies above what is said in tokens.css", () => {
  expect(having(/z-index:\s*\d/)).toEqual([]);
});

test("only the host speaks with Tauri", () => {
  expect(having(/@tauri-apps\/api/)).toEqual(["host/tauri.ts"]);
});

test("the host without a shell is reached only in development", () => {
  expect(having(/fake\/index/)).toEqual(["host/call.ts"]);
  expect(files.find(({ name }) => name === "host/call.ts")?.text).toMatch(
    /import\.meta\.env\.DEV[^\n]*\n?[^\n]*fake\/index/,
  );
});

test("nothing is fetched", () => {
  expect(having(/\bfetch\(|XMLHttpRequest|new WebSocket|https?:\/\/(?!www\.w3\.org)/)).toEqual([]);
});

// Who may import whom. Higher up is more special; nothing knows what lies above it.
const TIERS = ["wire", "host", "shared", "charts", "views", "panels", "frame"];

/** Files that are imported by each file; types count as well, since moving them moves what needs them. */
function imports({ name, text }: { name: string; text: string }): string[] {
  const named = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+\.(?:ts|svelte))"/g)].map(
    ([, path = ""]) => path,
  );
  return named.map((path) => posix.join(posix.dirname(name), path)).filter((path) => !path.startsWith(".."));
}

function tier(name: string): string {
  // It stands above the folders because everything is about it; it knows no more than shared may.
  if (name === "location.ts") return "shared";
  const [folder = "", inside] = name.split("/");
  return inside === undefined ? "frame" : folder;
}

/** Pairs of importer and imported for which `wrong` holds. */
function crossings(wrong: (from: string, to: string) => boolean): string[] {
  return files.flatMap((file) =>
    imports(file)
      .filter((to) => wrong(file.name, to))
      .map((to) => `${file.name} imports ${to}`),
  );
}

test("imports are seen", () => {
  expect(crossings((from, to) => from === "App.svelte" && to.startsWith("views/")).length).toBeGreaterThan(5);
  const missing = crossings((_, to) => !files.some(({ name }) => name === to));
  expect(missing).toEqual([]);
  expect([...new Set(files.map(({ name }) => tier(name)))].sort()).toEqual([...TIERS].sort());
});

test("no tier imports from one above it", () => {
  expect(crossings((from, to) => TIERS.indexOf(tier(from)) < TIERS.indexOf(tier(to)))).toEqual([]);
});

test("views are islands", () => {
  const island = (name: string): string => name.split("/").slice(0, 2).join("/");
  expect(
    crossings((from, to) => tier(from) === "views" && tier(to) === "views" && island(from) !== island(to)),
  ).toEqual([]);
});

test("no circle of imports", () => {
  const left = new Map(files.map((file) => [file.name, imports(file)]));
  // Takes away, again and again, what imports nothing that is left: only circles, and what leads to them, remain.
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [name, to] of left) if (to.every((path) => !left.has(path))) left.delete(name);
  }
  expect([...left.keys()]).toEqual([]);
});
