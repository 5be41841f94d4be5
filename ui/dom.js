// Shared by the page scripts. Text from articles reaches the page only as text nodes: there is no way here to
// pass markup, event handlers or styles.
const ATTRIBUTES = new Set([
  "class",
  "type",
  "id",
  "role",
  "title",
  "dir",
  "lang",
  "href",
  "target",
  "rel",
  "colspan",
  "scope",
  "tabindex",
  "hidden",
  "disabled",
  "value",
  "for",
  "open",
]);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (!ATTRIBUTES.has(name) && !name.startsWith("aria-") && !name.startsWith("data-")) {
      throw new Error(`attribute ${name} is not allowed`);
    }
    node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false && child !== "") node.append(child);
  }
  return node;
}

// Joins what is known with middle dots: outlet · authors · date.
function byline(...parts) {
  return parts
    .filter(Boolean)
    .flatMap((part, i) =>
      i ? [el("span", { class: "dl-dot", "aria-hidden": "true" }, " · "), part] : [part],
    );
}

function webLink(link) {
  if (!link || !/^https?:\/\//i.test(link.href)) return null;
  return el(
    "a",
    { href: link.href, target: "_blank", rel: "noopener noreferrer nofollow", class: "dl-link" },
    `Original at ${link.host}`,
    el("span", { "aria-hidden": "true" }, " ↗"),
  );
}
