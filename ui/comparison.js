// Draws two runs compared from props.value (see ui/runs_view.py: comparison_view).
function differenceRow(one) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, one.title, one.group === "Overall" ? null : el("span", { class: "dl-fine" }, ` ${one.group.toLowerCase()}`)),
    el("td", {}, one.before),
    el("td", {}, one.after),
    el("td", { class: one.verdict ? `is-${one.verdict}` : null }, one.change, one.verdict ? el("span", { class: "dl-fine" }, ` ${one.verdict}`) : null),
    el("td", { class: "dl-optional" }, one.interval),
    el("td", {}, one.p),
    el("td", { class: "dl-optional" }, one.n),
  );
}

function differences(value) {
  const heads = [["Score"], ["Before"], ["After"], ["Change"], ["95 %", "dl-optional"], ["p"], ["n", "dl-optional"]];
  return el(
    "table",
    { class: "dl-scores" },
    el("thead", {}, el("tr", {}, heads.map(([name, style]) => el("th", { scope: "col", class: style }, name)))),
    el("tbody", {}, value.rows.map(differenceRow)),
  );
}

function changedRow(one) {
  const line = (name, text) => el("p", { dir: "auto" }, el("span", { class: "dl-fine" }, `${name}: `), text);
  return el(
    "details",
    { class: `dl-case ${one.gained ? "is-right" : "is-wrong"}` },
    el(
      "summary",
      {},
      el("span", { class: "dl-state" }, one.change),
      el("span", { class: "dl-asked", dir: "auto" }, one.question),
      el("span", { class: "dl-fine", dir: "auto" }, [one.id, one.type].filter(Boolean).join(" · ")),
    ),
    el("div", { class: "dl-case-body" }, line("Before", one.before), line("After", one.after), line("Gold", one.gold), line("Now", one.cause)),
  );
}

function draw() {
  const value = props.value || { state: "closed", text: "" };
  const root = element.querySelector(".dl-compared");
  root.hidden = !(value.state === "open" || value.text);
  if (value.state !== "open") {
    root.replaceChildren(value.text ? el("div", { class: "dl-error", role: "alert" }, el("p", { dir: "auto" }, value.text)) : "");
    return;
  }
  const close = el("button", { type: "button", class: "dl-close-part", "aria-label": "Close the comparison" }, "×");
  close.addEventListener("click", () => {
    root.hidden = true;
    root.replaceChildren();
  });
  root.replaceChildren(
    ...[
      close,
      el("h2", { tabindex: "-1" }, "Compared"),
      el("p", { class: "dl-stats", dir: "auto" }, `${value.labels[0]} → ${value.labels[1]}`),
      el("p", { class: "dl-fine" }, `${value.text}. Each change is paired by question: 95 % bootstrap interval, p of a randomisation test.`),
      differences(value),
      value.same ? el("p", { class: "dl-fine" }, `${value.same} other scores are the same in both.`) : null,
      el("h3", { class: "dl-label" }, value.changed_count ? `Questions that changed (${value.changed_count})` : "No question changed."),
      value.changed.map(changedRow),
      value.more ? el("p", { class: "dl-fine" }, `and ${value.more} more; all by: python -m eval compare`) : null,
    ]
      .flat()
      .filter(Boolean),
  );
  root.querySelector("h2").focus({ preventScroll: true });
  root.scrollIntoView({ block: "start" });
}

watch("value", draw);
draw();
