// Draws the runs of the library from props.value (see ui/runs_view.py: runs_view), and the choice of two to compare.
let picked = {};

function row(run) {
  const open = run.can_open
    ? el("button", { type: "button", class: "dl-open-run", "data-open": run.name, "aria-pressed": String(run.is_shown) }, run.label)
    : el("span", {}, run.label);
  return el(
    "tr",
    { class: run.is_shown ? "is-shown" : null },
    el("th", { scope: "row", dir: "auto" }, open, el("span", { class: "dl-fine" }, run.text)),
    el("td", { class: "dl-mean" }, run.correct),
    el("td", { class: "dl-line" }, scoreLine(run.line), el("span", { class: "dl-fine" }, run.interval)),
    el(
      "td",
      { class: "dl-run-act" },
      run.can_go_on
        ? el("button", { type: "button", class: "dl-plain", "data-go-on": run.name, "aria-label": `Go on with ${run.label}` }, "Go on")
        : null,
    ),
  );
}

function choice(name, label, runs, chosen) {
  const options = runs.map((run) => el("option", { value: run.name, selected: run.name === chosen }, run.label));
  return el("label", { class: "dl-field" }, el("span", {}, label), el("select", { name }, options));
}

function comparing(runs) {
  if (runs.length < 2) return null;
  const known = (name) => runs.some((run) => run.name === name);
  const after = known(picked.after) ? picked.after : runs[0].name;
  // Only runs of the same questions can be compared.
  const { gold } = runs.find((run) => run.name === after);
  const earlier = runs.find((run) => run.name !== after && run.gold === gold) || runs[1];
  const before = known(picked.before) ? picked.before : earlier.name;
  return el(
    "form",
    { class: "dl-compare", "aria-label": "Compare two runs" },
    choice("before", "Compare", runs, before),
    choice("after", "with", runs, after),
    el("button", { type: "submit", class: "dl-plain" }, "Compare"),
  );
}

function draw() {
  const value = props.value || { rows: [], more: 0 };
  const root = element.querySelector(".dl-runs");
  root.hidden = !value.rows.length;
  const heads = [["Run"], ["Correct", "dl-mean"], ["95 %"], [""]].map(([name, style]) =>
    el("th", { scope: "col", class: style }, name),
  );
  root.replaceChildren(
    ...[
      el("h2", { class: "dl-label" }, "Runs"),
      el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, value.rows.map(row))),
      value.more ? el("p", { class: "dl-fine" }, `and ${value.more} older ones in the folder “runs” of the library.`) : null,
      comparing(value.rows.filter((run) => run.can_open)),
    ].filter(Boolean),
  );
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.open) trigger("select", { run: button.dataset.open });
  else if (button.dataset.goOn) trigger("retry", { run: button.dataset.goOn });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const value = (name) => event.target.querySelector(`[name=${name}]`).value;
  picked = { before: value("before"), after: value("after") };
  trigger("apply", picked);
});
watch("value", draw);
draw();
