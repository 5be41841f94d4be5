// Draws the readers' corrections from props.value (see ui/statements_view.py: corrections_view).
function row(one) {
  return el(
    "li",
    {},
    el("q", { dir: "auto" }, one.quote),
    el(
      "p",
      { class: "dl-reading", dir: "auto" },
      el("s", {}, one.before),
      el("span", { "aria-label": "now" }, " → "),
      el("strong", {}, one.after),
    ),
    el("p", { class: "dl-byline", dir: "auto" }, one.title),
    el(
      "button",
      {
        type: "button",
        class: "dl-plain",
        "data-undo": JSON.stringify(one.numbers),
        "aria-label": `Undo the correction to ${one.after}`,
      },
      "Undo",
    ),
  );
}

function draw() {
  const value = props.value || { count: 0 };
  const root = element.querySelector(".dl-corrections");
  const opened = root.querySelector("details")?.open;
  root.hidden = !value.count;
  if (root.hidden) {
    root.replaceChildren();
    return;
  }
  const list = el("details", { class: "dl-facts" }, el("summary", {}, `Corrections by readers (${value.count})`));
  list.append(
    el("ol", {}, value.rows.map(row)),
    el(
      "p",
      { class: "dl-fine" },
      value.more ? `and ${value.more} older ones. ` : null,
      "For measuring: ",
      el("a", { class: "dl-link", href: "/corrections.jsonl", download: true }, "all corrections as gold rows"),
    ),
  );
  list.open = Boolean(opened);
  root.replaceChildren(list);
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) trigger("undo", { numbers: JSON.parse(button.dataset.undo) });
});
watch("value", draw);
draw();
