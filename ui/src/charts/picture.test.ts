import { describe, expect, test } from "vitest";
import { PictureRefused, adoptPicture } from "./picture.ts";

const size = { width: 120, height: 40 };
const wrap = (inside: string, root = "") =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 480 160" ${root}>${inside}</svg>`;

test("a chart's picture is adopted at its shown size", () => {
  const svg = adoptPicture(
    wrap(
      '<rect x="0" y="0" width="480" height="160" fill="#ffffff" stroke="none"/><polyline fill="none" opacity="0.5" stroke="#0072B2" stroke-width="6" points="10,70 120,10"/><polygon opacity="0.12" fill="#0072B2" points="10,70 120,10 230,40"/><circle cx="230" cy="40" r="8" fill="#0072B2"/><text x="128" y="100" dy="0.76em" text-anchor="end" font-family="Inter" font-size="44" fill="#57606A">a &lt;b&gt; &amp; //c</text>',
      'stroke-linejoin="round"',
    ),
    document,
    size,
  );
  expect(svg.getAttribute("viewBox")).toBe("0 0 480 160");
  expect(svg.getAttribute("width")).toBe("120");
  expect(svg.querySelectorAll("polyline, polygon, circle, rect")).toHaveLength(4);
  expect(svg.querySelector("text")?.textContent).toBe("a <b> & //c");
  expect(svg.ownerDocument).toBe(document);
});

describe("anything else is refused", () => {
  test.each([
    ["a script", "<script>alert(1)</script>"],
    ["a foreign object", '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml">x</div></foreignObject>'],
    ["an image", '<image href="https://example.org/a.png" width="1" height="1"/>'],
    ["a link", '<a href="https://example.org"><rect width="1" height="1"/></a>'],
    ["a use", '<use href="#a"/>'],
    ["a style element", "<style>text{fill:red}</style>"],
    ["a style attribute", '<rect style="fill:red"/>'],
    ["an event handler", '<rect onclick="alert(1)"/>'],
    ["an event handler, nested", '<g><g><rect onload="alert(1)"/></g></g>'],
    ["a class", '<rect class="x"/>'],
    ["a paint server", '<rect fill="url(#a)"/>'],
    ["a paint server, spaced", '<rect fill="url (https://example.org/a)"/>'],
    ["an animation", '<rect><animate attributeName="x" to="5"/></rect>'],
    ["a script address", '<text font-family="javascript:alert(1)">x</text>'],
  ])("%s", (_name, inside) => {
    expect(() => adoptPicture(wrap(inside), document, size)).toThrow(PictureRefused);
  });

  test("an event handler on the root", () => {
    expect(() => adoptPicture(wrap("", 'onload="alert(1)"'), document, size)).toThrow(PictureRefused);
  });

  test("another document", () => {
    expect(() => adoptPicture("<html><body>x</body></html>", document, size)).toThrow(PictureRefused);
  });
});
