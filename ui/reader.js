// Draws one article from props.value (see ui/view.py: reader_view), opened at the quote.
const NARROW = "(max-width: 900px)";
let opener = null;
let showsPage = false;
let confirms = false;
let shownArticle = null;

function runs(list) {
  return list.map((run) => {
    if (run.kind === "mark") return el("mark", {}, run.text);
    if (run.kind)
      return [
        el("del", { title: `Removed: ${run.kind}` }, run.text),
        run.first ? el("span", { class: "dl-why" }, run.kind) : null,
      ];
    return run.text;
  });
}

function facts(value) {
  const rows = value.facts.map((fact) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, fact.label),
      el("td", { dir: "auto", class: fact.known ? null : "dl-undated" }, fact.value),
      el("td", { class: "dl-fine" }, fact.source),
    ),
  );
  const head = ["What", "Value", "Found in"].map((name) => el("th", { scope: "col" }, name));
  return el(
    "details",
    { class: "dl-facts" },
    el("summary", {}, "Where these details come from"),
    el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)),
  );
}

function body(value) {
  const shown = showsPage ? value.page : value.paragraphs;
  return el(
    "div",
    { class: showsPage ? "dl-body is-page" : "dl-body" },
    shown.map((paragraph) => el("p", { dir: "auto" }, runs(paragraph))),
  );
}

function removedToggle(value) {
  if (!value.page.length) return null;
  const button = el(
    "button",
    { type: "button", class: "dl-plain", "aria-pressed": String(showsPage), "data-toggle": "page" },
    showsPage ? "Hide removed text" : "Show removed text",
  );
  button.addEventListener("click", () => {
    showsPage = !showsPage;
    draw();
    element.querySelector("[data-toggle]").focus();
  });
  return button;
}

function deletion(value) {
  if (!value.deletable) return null;
  if (!confirms)
    return el(
      "button",
      { type: "button", class: "dl-plain dl-danger", "data-delete": "ask" },
      "Delete article",
    );
  return el(
    "div",
    { class: "dl-confirm", role: "group", "aria-label": "Confirm deletion" },
    el("p", {}, "Delete this article from the library? This cannot be undone."),
    el("button", { type: "button", class: "dl-strong dl-danger", "data-delete": "yes" }, "Delete"),
    el("button", { type: "button", class: "dl-plain", "data-delete": "no" }, "Keep"),
  );
}

function drawArticle(value) {
  const dated = el(
    "span",
    {
      title: value.published_source ? `Date found in: ${value.published_source}` : null,
      class: value.published_source ? null : "dl-undated",
    },
    value.published,
    value.published_source ? el("span", { class: "dl-fine" }, ` (${value.published_source})`) : null,
  );
  return [
    el("button", { type: "button", class: "dl-close", "aria-label": "Close article" }, "×"),
    el(
      "div",
      { class: "dl-scroll", tabindex: "0", role: "region", "aria-label": "Article text" },
      el(
        "header",
        {},
        el("p", { class: "dl-outlet", dir: "auto" }, value.outlet || value.file),
        el("h2", { dir: "auto" }, value.title),
        value.title_source.startsWith("derived")
          ? el("p", { class: "dl-fine" }, `No headline on the page; this one is ${value.title_source}.`)
          : null,
        el(
          "p",
          { class: "dl-byline" },
          byline(
            value.authors ? el("span", { dir: "auto" }, value.authors) : null,
            dated,
            `${value.words.toLocaleString("en")} words`,
          ),
        ),
        el("p", { class: "dl-tools" }, webLink(value.link), removedToggle(value)),
        deletion(value),
        facts(value),
      ),
      body(value),
    ),
  ];
}

function showMark() {
  const scroll = element.querySelector(".dl-scroll");
  const mark = scroll && scroll.querySelector("mark");
  if (!mark) return;
  const offset = mark.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  scroll.scrollTop += offset - scroll.clientHeight * 0.3;
}

// On narrow screens the reader lies over the page, so it takes the focus and gives it back.
function takeFocus(value) {
  if (value.quiet) return;
  if (matchMedia(NARROW).matches) element.querySelector(".dl-close").focus();
  else element.querySelector(".dl-scroll").focus({ preventScroll: true });
}

function draw() {
  const value = props.value || { state: "closed" };
  const root = element.querySelector(".dl-reader");
  const scrolled = element.querySelector(".dl-scroll")?.scrollTop || 0;
  const same = shownArticle === value;
  root.dataset.state =
    value.state === "open" && value.quiet && matchMedia(NARROW).matches ? "closed" : value.state;
  if (value.state !== "open") {
    root.replaceChildren(
      el("p", { class: "dl-hint" }, value.text || "Choose a citation to read it here, in its article."),
    );
    shownArticle = null;
    return;
  }
  if (!same) showsPage = confirms = false;
  if (!same && !root.contains(document.activeElement)) opener = document.activeElement;
  root.replaceChildren(...drawArticle(value));
  if (same) element.querySelector(".dl-scroll").scrollTop = scrolled;
  else {
    showMark();
    takeFocus(value);
  }
  shownArticle = value;
}

// The server deletes only what this visitor has open; the question is asked here, where it costs no wait.
function confirmDeletion(asks) {
  confirms = asks;
  draw();
  element.querySelector(asks ? "[data-delete=no]" : "[data-delete=ask]").focus();
}

function close() {
  props.value = { state: "closed" };
  draw();
  if (opener && opener.isConnected) opener.focus();
  opener = null;
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("dl-close")) close();
  else if (button.dataset.delete === "yes") trigger("delete", { article: props.value.article });
  else if (button.dataset.delete) confirmDeletion(button.dataset.delete === "ask");
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
watch("value", draw);
draw();
