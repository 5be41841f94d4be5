// Draws the scores and plots of a run from props.value (see ui/evaluate_view.py: report_view). The plots come as
// geometry (eval/plots.py) in a drawing of 440 by 240.
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [440, 240, 46, 416, 10, 206];

function label(at, text, anchor) {
  return shape("text", { class: "dl-tick", x: at[0], y: at[1], "text-anchor": anchor || "middle" }, text);
}

function axes(plot) {
  return [
    plot.y_ticks.map((tick) => [
      shape("line", { class: "dl-grid", x1: LEFT, x2: RIGHT, y1: tick.at, y2: tick.at }),
      label([LEFT - 6, tick.at + 4], tick.label, "end"),
    ]),
    plot.x_ticks.map((tick) => label([tick.at, BOTTOM + 16], tick.label)),
  ];
}

function figure(title, text, height, ...drawn) {
  const plot = shape("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": text }, ...drawn);
  return el("figure", {}, el("figcaption", {}, title), plot);
}

function typePlot(bars) {
  if (!bars.length) return null;
  const text = bars.map((bar) => `${bar.label}: ${bar.value}`).join(", ");
  return figure(
    "Correct, by type",
    `Share correct by type of question. ${text}`,
    bars.length * 26 + 6,
    bars.map((bar) => [
      label([120, bar.y + 17], bar.label, "end"),
      shape("rect", { class: "dl-fill", x: 128, y: bar.y + 5, width: bar.width, height: 16 }),
      shape("line", { class: "dl-whisker", x1: 128 + bar.low, x2: 128 + bar.high, y1: bar.y + 13, y2: bar.y + 13 }),
      label([362, bar.y + 17], `${bar.value} (${bar.n})`, "start"),
    ]),
  );
}

function riskPlot(risk) {
  if (!risk) return null;
  return figure(
    "Share wrong, by share answered",
    "Risk over coverage: the share of wrong answers when only the surest are given",
    HEIGHT,
    axes(risk),
    shape("polyline", { class: "dl-curve", points: risk.points }),
    label([(LEFT + RIGHT) / 2, HEIGHT - 2], "questions answered, surest first"),
  );
}

function timePlot(times) {
  if (!times) return null;
  const said = `${times.median.label}, ${times.late.label}`;
  return figure(
    "Time for one question",
    said,
    HEIGHT,
    axes(times),
    times.columns.map((one) =>
      shape("rect", { class: "dl-fill", x: one.x, y: one.y, width: one.width, height: one.height }, shape("title", {}, one.label)),
    ),
    [times.median, times.late].map((mark) => shape("line", { class: "dl-limit", x1: mark.at, x2: mark.at, y1: TOP, y2: BOTTOM })),
    label([(LEFT + RIGHT) / 2, HEIGHT - 2], `ms; ${said}`),
  );
}

function head(names) {
  return el("thead", {}, el("tr", {}, names.map((name) => el("th", { scope: "col" }, name))));
}

function metricRow(one, withGroup) {
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row", title: one.text },
      one.title,
      withGroup && one.group !== "Overall" ? el("span", { class: "dl-fine" }, ` ${one.group.toLowerCase()}`) : null,
      withGroup ? null : el("span", { class: "dl-fine dl-meaning" }, one.text),
    ),
    el("td", { class: "dl-mean" }, one.mean),
    el("td", { class: "dl-line" }, scoreLine(one.line), el("span", { class: "dl-fine" }, one.interval)),
    el("td", { class: "dl-mean" }, one.n),
  );
}

function metricTable(rows, withGroup) {
  const names = ["Score", "Mean", "95 % interval", "n"];
  return el("table", { class: "dl-scores" }, head(names), el("tbody", {}, rows.map((one) => metricRow(one, withGroup))));
}

function folded(title, ...parts) {
  return el("details", { class: "dl-facts" }, el("summary", {}, title), parts);
}

function allMetrics(value) {
  return folded(
    "Every score, and what it means",
    value.groups.map((group) => [el("h3", { class: "dl-label" }, group.title), metricTable(group.rows, false)]),
    value.costs.length
      ? [
          el("h3", { class: "dl-label" }, "Cost of one question"),
          el(
            "table",
            { class: "dl-scores" },
            head(["", "Median", "95 %", "Most"]),
            el("tbody", {}, value.costs.map((one) => el("tr", {}, el("th", { scope: "row" }, one.title), one.numbers.map((text) => el("td", {}, text))))),
          ),
        ]
      : null,
  );
}

function typeTable(value) {
  const cell = (one) => el("td", {}, one ? [one.mean, el("span", { class: "dl-fine" }, ` ${one.interval} (${one.n})`)] : null);
  return folded(
    "Scores by type of question",
    el(
      "div",
      { class: "dl-wide-table", tabindex: "0", role: "region", "aria-label": "Scores by type" },
      el(
        "table",
        { class: "dl-scores" },
        head(["Type", "n", ...value.type_heads]),
        el(
          "tbody",
          {},
          value.types.map((row) =>
            el("tr", {}, el("th", { scope: "row", dir: "auto" }, row.type), el("td", {}, String(row.n)), row.cells.map(cell)),
          ),
        ),
      ),
    ),
  );
}

function abstention(value) {
  const { answered, wrongly_abstained, wrongly_answered, abstained } = value.confusion;
  const row = (name, numbers) => el("tr", {}, el("th", { scope: "row" }, name), numbers.map((n) => el("td", {}, String(n))));
  return folded(
    "Answered or abstained",
    el(
      "table",
      { class: "dl-scores" },
      head(["", "Answered", "Abstained"]),
      el("tbody", {}, row("The articles say it", [answered, wrongly_abstained]), row("They don’t", [wrongly_answered, abstained])),
    ),
    value.threshold ? el("p", { class: "dl-fine" }, value.threshold) : null,
  );
}

function downloads(value) {
  const link = (file, text) =>
    el("a", { class: "dl-link", href: `/${file}${value.address}`, download: true }, text);
  return el(
    "p",
    { class: "dl-fine" },
    "Take it with you: ",
    link("report.html", "report"),
    " · ",
    link("results.jsonl", "results"),
    " · ",
    link("summary.json", "scores"),
  );
}

function draw() {
  const value = props.value;
  const root = element.querySelector(".dl-report");
  root.hidden = !value;
  if (!value) {
    root.replaceChildren();
    return;
  }
  const plots = [typePlot(value.bars), riskPlot(value.risk), timePlot(value.latency)].filter(Boolean);
  root.replaceChildren(
    el("h2", { dir: "auto" }, value.title),
    el("p", { class: "dl-stats", dir: "auto" }, value.text),
    metricTable(value.metrics, true),
    el("div", { class: "dl-plots" }, plots),
    typeTable(value),
    abstention(value),
    allMetrics(value),
    downloads(value),
  );
  keepAddress(value.address);
}

watch("value", draw);
draw();
