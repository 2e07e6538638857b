// May this SVG go into the page? It is parsed as a document of its own, held against a list of what a chart needs, and only then adopted.
// Nothing outside the lists is repaired: a picture with anything else in it is refused.

const SVG = "http://www.w3.org/2000/svg";

const ELEMENTS = new Set([
  "svg",
  "g",
  "path",
  "line",
  "polyline",
  "polygon",
  "rect",
  "circle",
  "ellipse",
  "text",
  "tspan",
  "title",
  "desc",
]);

const ATTRIBUTES = new Set([
  "xmlns",
  "version",
  "viewBox",
  "preserveAspectRatio",
  "width",
  "height",
  "x",
  "y",
  "x1",
  "y1",
  "x2",
  "y2",
  "dx",
  "dy",
  "cx",
  "cy",
  "r",
  "rx",
  "ry",
  "d",
  "points",
  "transform",
  "fill",
  "fill-opacity",
  "fill-rule",
  "opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "stroke-miterlimit",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "font-variant-numeric",
  "text-anchor",
  "dominant-baseline",
  "text-rendering",
  "shape-rendering",
  "paint-order",
  "vector-effect",
  "xml:space",
  "role",
  "aria-hidden",
  "aria-label",
]);

export class PictureRefused extends Error {
  constructor(reason: string) {
    super(`The chart's picture holds something a chart does not need: ${reason}`);
    this.name = "PictureRefused";
  }
}

/** The picture as an element of this document, `size` CSS pixels large. Throws `PictureRefused`. */
export function adoptPicture(text: string, into: Document, size: { width: number; height: number }): SVGSVGElement {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
  const root = parsed.documentElement;
  if (!root || root.localName !== "svg" || parsed.querySelector("parsererror"))
    throw new PictureRefused("it is not a well-formed SVG");
  inspect(root);
  const svg = into.importNode(root, true) as unknown as SVGSVGElement;
  const width = svg.getAttribute("width");
  const height = svg.getAttribute("height");
  if (!svg.hasAttribute("viewBox") && width && height)
    svg.setAttribute("viewBox", `0 0 ${parseFloat(width)} ${parseFloat(height)}`);
  svg.setAttribute("width", String(size.width));
  svg.setAttribute("height", String(size.height));
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

function inspect(element: Element): void {
  if (element.namespaceURI !== SVG || !ELEMENTS.has(element.localName))
    throw new PictureRefused(`the element <${element.nodeName}>`);
  for (const attribute of element.attributes) {
    if (!ATTRIBUTES.has(attribute.name)) throw new PictureRefused(`the attribute ${attribute.name}`);
    if (attribute.name !== "xmlns" && /url\s*\(|[a-z]+script:|data:|\/\//i.test(attribute.value))
      throw new PictureRefused(`a reference in ${attribute.name}`);
  }
  for (const child of element.children) inspect(child);
}
