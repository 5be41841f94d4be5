// Draws SVG for the page scripts as dom.js draws HTML: named attributes only, text as text nodes.
const SVG = "http://www.w3.org/2000/svg";
const SHAPES = new Set(["class", "viewBox", "width", "height", "x", "y", "x1", "x2", "y1", "y2", "text-anchor", "role", "points"]);

function shape(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (!SHAPES.has(name) && !name.startsWith("aria-") && !name.startsWith("data-"))
      throw new Error(`attribute ${name} is not allowed`);
    node.setAttribute(name, String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null));
  return node;
}
