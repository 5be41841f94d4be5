// Draws praise (up) and criticism (down) over time from props.value (see ui/chart_view.py), and the same as a table.
const HEIGHT = 200;
const LEFT = 34;
const BOTTOM = 22;
const LABEL_WIDTH = 78;

function barText(bar) {
  return `${bar.label}: ${bar.praise} of praise, ${bar.criticise} of criticism`;
}

// The step between two lines of the scale: 1, 2 or 5 times a power of ten, so that at most three are needed.
function scaleStep(most) {
  let power = 1;
  while (power * 10 < most) power *= 10;
  return [1, 2, 5, 10].map((n) => n * power).find((step) => most / step <= 3) || power * 10;
}

function scaleLines(most, middle, unit, width) {
  const step = scaleStep(most);
  const lines = [];
  for (let n = -Math.floor(most / step); n <= most / step; n += 1) {
    const y = middle - n * step * unit;
    lines.push(
      shape("line", { class: n ? "dl-grid" : "dl-zero", x1: LEFT, x2: width, y1: y, y2: y }),
      shape("text", { class: "dl-tick", x: LEFT - 6, y: y + 4, "text-anchor": "end" }, String(Math.abs(n * step))),
    );
  }
  return lines;
}

function bars(value, width, middle, unit) {
  const slot = (width - LEFT) / value.bars.length;
  const thick = Math.max(1, Math.min(28, slot * 0.72));
  const every = Math.max(1, Math.ceil(LABEL_WIDTH / slot));
  return value.bars.map((bar, i) => {
    const x = LEFT + slot * i + (slot - thick) / 2;
    const centre = Math.min(Math.max(x + thick / 2, LEFT + 24), width - 26);
    const rect = (kind, y, height) => shape("rect", { class: kind, x, y, width: thick, height });
    return shape(
      "g",
      { class: "dl-period", "data-bar": i },
      shape("title", {}, barText(bar)),
      shape("rect", { class: "dl-slot", x: LEFT + slot * i, y: 0, width: slot, height: HEIGHT - BOTTOM }),
      bar.praise ? rect("is-praise", middle - bar.praise * unit, bar.praise * unit) : null,
      bar.criticise ? rect("is-criticise", middle, bar.criticise * unit) : null,
      i % every === 0 && (i === 0 || LEFT + slot * i + LABEL_WIDTH / 2 < width)
        ? shape("text", { class: "dl-tick", x: centre, y: HEIGHT - 5, "text-anchor": "middle" }, bar.short)
        : null,
    );
  });
}

function picture(value) {
  const width = Math.max(280, element.querySelector(".dl-chart").clientWidth || 600);
  const side = (key) => Math.max(...value.bars.map((bar) => bar[key]), 0);
  const [up, down] = [side("praise"), side("criticise")];
  const room = HEIGHT - BOTTOM - 16;
  const unit = room / Math.max(up + down, 1);
  const middle = 8 + up * unit;
  const box = { class: "dl-plot", viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT };
  const grid = scaleLines(value.most, middle, unit, width).filter((line) => {
    const y = Number(line.getAttribute("y1") || line.getAttribute("y"));
    return y > 0 && y < HEIGHT - BOTTOM + 6;
  });
  return shape("svg", { ...box, role: "img", "aria-label": value.text }, grid, bars(value, width, middle, unit));
}

function asTable(value) {
  const row = (bar, i) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el(
          "button",
          { type: "button", class: "dl-period-name", "data-bar": i, "aria-label": `Only ${bar.label}` },
          bar.label,
        ),
      ),
      el("td", {}, String(bar.praise)),
      el("td", {}, String(bar.criticise)),
    );
  const heads = [value.unit.replace(/^./, (first) => first.toUpperCase()), "Praise", "Criticism"].map((name) => el("th", { scope: "col" }, name));
  return el(
    "details",
    { class: "dl-facts" },
    el("summary", {}, "The chart as a table"),
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, heads)),
      el(
        "tbody",
        {},
        value.bars.map((bar, i) => (bar.praise || bar.criticise ? row(bar, i) : null)),
      ),
    ),
  );
}

function draw() {
  const value = props.value;
  const root = element.querySelector(".dl-chart");
  const opened = element.querySelector("details")?.open;
  root.hidden = !(value && (value.bars.length || value.undated));
  if (root.hidden) return;
  root.replaceChildren(
    ...[
      el("h2", { class: "dl-label" }, `Praise and criticism by ${value.unit}`),
      value.bars.length ? picture(value) : null,
      value.undated ? el("p", { class: "dl-fine" }, value.undated) : null,
      value.bars.length ? asTable(value) : null,
    ].filter(Boolean),
  );
  if (opened) element.querySelector("details").open = true;
}

element.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-bar]");
  if (!chosen) return;
  const bar = props.value.bars[Number(chosen.dataset.bar)];
  trigger("select", { asked: { ...props.value.asked, from: [bar.from], until: [bar.until] } });
});
let drawnAt = 0;
new ResizeObserver((entries) => {
  const width = Math.round(entries[0].contentRect.width);
  if (width !== drawnAt) draw();
  drawnAt = width;
}).observe(element.querySelector(".dl-chart"));
watch("value", draw);
draw();
