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
  "name",
  "list",
  "placeholder",
  "autocomplete",
  "maxlength",
  "checked",
  "selected",
  "download",
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

// The address asks for the same again; a chosen theme stays in it.
function keepAddress(query) {
  const theme = new URLSearchParams(location.search).get("__theme");
  const kept = theme ? `${query.length > 1 ? "&" : ""}__theme=${encodeURIComponent(theme)}` : "";
  const asked = `${query || "?"}${kept}`;
  history.replaceState(history.state, "", location.pathname + (asked === "?" ? "" : asked));
}

// Keeps a part where it stands in the window while the page makes room for the reader beside it.
function holdPlace(part) {
  const top = part.getBoundingClientRect().top;
  const keep = () => window.scrollBy(0, part.getBoundingClientRect().top - top);
  const watching = new ResizeObserver(keep);
  watching.observe(part.closest("section"));
  const end = () => watching.disconnect();
  for (const moved of ["wheel", "touchmove", "keydown"]) window.addEventListener(moved, end, { once: true, passive: true });
  setTimeout(end, 3000);
}

function pagerStep(name, to, pages, text) {
  const attributes = { type: "button", class: "dl-plain", disabled: to < 1 || to > pages };
  attributes[`data-${name}`] = to;
  return el("button", attributes, text);
}

// Steps through pages; `name` is the data attribute that carries the wanted page's number.
function pagerOf(name, page, pages, label) {
  if (pages < 2) return null;
  return el(
    "nav",
    { class: "dl-pager", "aria-label": `Pages of ${label}` },
    pagerStep(name, page - 1, pages, "← Previous"),
    el("span", { class: "dl-fine" }, `Page ${page} of ${pages}`),
    pagerStep(name, page + 1, pages, "Next →"),
  );
}
