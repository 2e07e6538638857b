import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

const blocks = [...css.replace(/\/\*[^]*?\*\//g, "").matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(
  ([, head = "", body = ""]) => ({
    head: head.trim(),
    values: Object.fromEntries<string>(
      [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = "", value = ""]) => [name, value.trim()]),
    ),
  }),
);
const named = (head: string): Record<string, string> => blocks.find((block) => block.head === head)?.values ?? {};
const light = named(":root");
const dark = { ...light, ...named('[data-theme="dark"]') };

test("each theme is written once, and dark changes what light has", () => {
  expect(blocks.map((block) => block.head)).toEqual([":root", ":root:not([data-theme])", '[data-theme="dark"]']);
  expect(Object.keys(named('[data-theme="dark"]')).filter((name) => !(name in light))).toEqual([]);
});

test.each([
  ["light", light],
  ["dark", dark],
])("text in %s has a contrast of at least 4.5 : 1", (_name, tokens) => {
  for (const ground of ["bg", "panel", "sunk", "accent-soft"]) {
    for (const ink of ["text", "dim"])
      expect(contrast(tokens[ink] ?? "", tokens[ground] ?? ""), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
  for (const ink of ["accent", "bad", "good"])
    expect(contrast(tokens[ink] ?? "", tokens["bg"] ?? ""), ink).toBeGreaterThanOrEqual(4.5);
  for (const ground of ["accent", "bad"])
    expect(contrast(tokens["on-accent"] ?? "", tokens[ground] ?? ""), ground).toBeGreaterThanOrEqual(4.5);
});

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
