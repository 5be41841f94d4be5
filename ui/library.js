// Draws one page of the table of articles from props.value (see ui/view.py: library_view).
function known(text, style) {
  return el("td", { dir: "auto", class: `${style || ""} ${text ? "" : "is-unknown"}` }, text || "–");
}

function row(article) {
  const title = el(
    "button",
    { type: "button", class: "dl-open", "data-article": article.article, dir: "auto" },
    article.title,
  );
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      title,
      article.copies ? el("span", { class: "dl-badge" }, article.copies) : null,
      el("span", { class: "dl-file", dir: "auto" }, article.file),
    ),
    known(article.outlet),
    known(article.authors, "dl-optional"),
    el("td", { class: article.dated ? "dl-date" : "dl-date dl-undated" }, article.published),
    el("td", { class: "dl-number dl-optional" }, article.words),
  );
}

function draw() {
  const value = props.value || { rows: [], stats: "", page: 1, pages: 1, found: 0 };
  const heads = [
    ["Article", "dl-wide"],
    ["Outlet"],
    ["Authors", "dl-optional"],
    ["Published"],
    ["Words", "dl-number dl-short dl-optional"],
  ].map(([name, style]) => el("th", { scope: "col", class: style }, name));
  const table = value.rows.length
    ? el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, value.rows.map(row)))
    : el(
        "p",
        { class: "dl-hint" },
        value.found === 0 && value.searched
          ? "No article matches."
          : "No articles yet. Drop files above to add them.",
      );
  element
    .querySelector(".dl-library")
    .replaceChildren(...[el("p", { class: "dl-stats" }, value.stats), table, pagerOf("page", value.page, value.pages, "the table")].filter(Boolean));
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.article) trigger("select", { article: button.dataset.article });
  else if (button.dataset.page) trigger("option_select", { page: Number(button.dataset.page) });
});
watch("value", draw);
draw();
