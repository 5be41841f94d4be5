// Draws the table of speakers by targets from props.value (see ui/statements_view.py: table_view).
const SIGNS = [
  ["praise", "+", "of praise"],
  ["criticise", "−", "of criticism"],
  ["neutral", "·", "without a judgement"],
];

function countsText(counts) {
  const parts = SIGNS.filter(([stance]) => counts[stance]).map(([stance, , words]) => `${counts[stance]} ${words}`);
  return parts.join(", ") || "none";
}

function countMarks(counts) {
  return SIGNS.filter(([stance]) => counts[stance]).map(([stance, sign]) =>
    el("span", { class: `dl-n is-${stance}`, "aria-hidden": "true" }, `${sign}${counts[stance]}`),
  );
}

function cellButton(cell, who, counts, label) {
  return el(
    "button",
    {
      type: "button",
      class: "dl-cell",
      "data-cell": JSON.stringify(cell),
      "aria-label": `${who}: ${countsText(counts)}. Show the quotes`,
    },
    label ? el("span", { class: "dl-cell-name", "aria-hidden": "true", dir: "auto" }, label) : null,
    countMarks(counts),
  );
}

function shareBar(counts, most) {
  const bar = el("span", { class: "dl-shares", "aria-hidden": "true" });
  for (const stance of ["praise", "criticise"]) {
    const part = el("span", { class: `is-${stance}` });
    part.style.setProperty("--share", String(most ? counts[stance] / most : 0));
    bar.append(part);
  }
  return bar;
}

function tableRow(row, value) {
  const crossed = value.columns.length > 0;
  const own = value.side === "speaker" ? { speaker: row.name, target: null } : { speaker: null, target: row.name };
  return el(
    "tr",
    {},
    el("th", { scope: "row", dir: "auto" }, row.label),
    el(
      "td",
      { class: "dl-total" },
      cellButton(own, row.label, row.total, crossed ? "in all" : ""),
      crossed ? null : shareBar(row.total, value.most),
    ),
    row.cells.map((counts, i) => {
      if (!counts) return el("td", { class: "is-none" }, el("span", { class: "dl-hidden" }, "none"));
      const column = value.columns[i];
      const cell = { speaker: row.name, target: column.name };
      return el("td", {}, cellButton(cell, `${row.label} on ${column.label}`, counts, column.label));
    }),
    el("td", { class: "dl-articles" }, String(row.articles)),
  );
}

function table(value) {
  const heads = [
    value.side === "speaker" ? "Speaker" : "About",
    value.columns.length ? "In all" : "Statements",
    ...value.columns.map((column) => column.label),
  ].map((name) => el("th", { scope: "col", dir: "auto" }, name));
  return el(
    "table",
    { class: value.columns.length ? "is-crossed" : "is-list" },
    el("caption", { class: "dl-hidden" }, "Statements counted by who speaks and about whom"),
    el("thead", {}, el("tr", {}, heads, el("th", { scope: "col", class: "dl-articles" }, "Articles"))),
    el(
      "tbody",
      {},
      value.rows.map((row) => tableRow(row, value)),
    ),
  );
}

function columnPager(value) {
  if (value.column_pages < 2) return null;
  return el(
    "div",
    { class: "dl-columns" },
    el("span", { class: "dl-fine" }, value.column_count),
    pagerOf("columns", value.column_page, value.column_pages, "targets"),
  );
}

function exports(value) {
  const link = (kind) =>
    el("a", { class: "dl-link", href: `/statements.${kind}${value.query}`, download: true }, kind.toUpperCase());
  return el("p", { class: "dl-fine dl-exports" }, "Take these statements with you: ", link("csv"), " · ", link("json"));
}

function legend() {
  return el(
    "p",
    { class: "dl-fine dl-legend" },
    SIGNS.slice(0, 2).map(([stance, sign]) => [
      el("span", { class: `dl-n is-${stance}` }, sign),
      stance === "praise" ? " praise  " : " criticism",
    ]),
  );
}

function draw() {
  const value = props.value || { state: "waiting" };
  const root = element.querySelector(".dl-ledger");
  if (!value.rows) {
    const failed = value.state === "error";
    const lines = failed ? [el("p", {}, value.message), el("p", { class: "dl-fine" }, value.remedy)] : [];
    root.replaceChildren(...(failed ? [el("div", { class: "dl-error", role: "alert" }, lines)] : []));
    return;
  }
  root.replaceChildren(
    ...[
      el("p", { class: "dl-stats", role: "status" }, value.text),
      value.apart ? el("p", { class: "dl-fine" }, value.apart) : null,
      value.rows.length ? el("div", { class: "dl-tablehead" }, legend(), columnPager(value)) : null,
      value.rows.length ? table(value) : null,
      value.row_pages > 1 ? el("p", { class: "dl-fine dl-rowcount" }, value.row_count) : null,
      pagerOf("rows", value.row_page, value.row_pages, "names"),
      value.rows.length || value.apart ? exports(value) : null,
    ].filter(Boolean),
  );
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { asked, row_page, column_page } = props.value;
  if (button.dataset.cell) {
    for (const other of element.querySelectorAll(".dl-cell")) other.classList.toggle("is-open", other === button);
    trigger("select", { asked, cell: JSON.parse(button.dataset.cell) });
  } else if (button.dataset.rows || button.dataset.columns) {
    const rows = Number(button.dataset.rows || row_page);
    trigger("option_select", { asked, rows, columns: Number(button.dataset.columns || column_page) });
  }
});
watch("value", draw);
draw();
