// Draws the form that starts an evaluation from props.value (see ui/evaluate_view.py: form_view).
let fields = {};
let chosen = "";

function field(label, control, style) {
  return el("label", { class: `dl-field ${style || ""}` }, el("span", {}, label), control);
}

function box(name, value, label, checked) {
  const input = el("input", { type: "checkbox", name, value, checked });
  return [input, el("label", { dir: "auto" }, input, el("span", {}, label))];
}

function typeChoices(gold) {
  const made = gold.types.map((one) => box("type", one.value, one.label));
  fields.types = made.map(([input]) => input);
  const summary = el("summary", {}, "Limit to types of question");
  const list = el(
    "ul",
    {},
    made.map(([, label]) => el("li", {}, label)),
  );
  list.addEventListener("change", () => {
    const count = fields.types.filter((input) => input.checked).length;
    summary.textContent = count ? `Types of question: ${count} chosen` : "Limit to types of question";
  });
  return el("details", { class: "dl-choices", hidden: gold.types.length < 2 }, summary, list);
}

// What depends on the gold file that is chosen.
function more(gold) {
  const [asOf, asOfLabel] = box("as_of", "yes", `Ask on the day that the gold names (${gold.dated} of ${gold.questions})`, true);
  fields.asOf = gold.dated ? asOf : null;
  return [
    typeChoices(gold),
    gold.dated ? el("div", { class: "dl-choices" }, asOfLabel) : null,
    gold.bad.length
      ? el(
          "details",
          { class: "dl-choices" },
          el("summary", {}, "Rows that cannot be used"),
          el(
            "ul",
            {},
            gold.bad.map((line) => el("li", { dir: "auto" }, line)),
          ),
        )
      : null,
  ].filter(Boolean);
}

function goldNamed(name) {
  const { golds } = props.value;
  return golds.find((gold) => gold.name === name) || golds[0];
}

function build(value) {
  const limit = fields.limit ? fields.limit.value : "";
  const gold = goldNamed(value.chosen || chosen);
  chosen = gold.name;
  fields = {
    gold: el(
      "select",
      { name: "gold" },
      value.golds.map((one) => el("option", { value: one.name, selected: one.name === chosen }, one.label)),
    ),
    limit: el("input", { type: "text", name: "limit", value: limit, placeholder: "all", maxlength: 7, autocomplete: "off" }),
  };
  const depending = el("div", { class: "dl-gold-more" }, more(gold));
  fields.gold.addEventListener("change", () => {
    chosen = fields.gold.value;
    depending.replaceChildren(...more(goldNamed(chosen)));
  });
  return el(
    "form",
    { class: "dl-gold-form", "aria-label": "Run an evaluation" },
    field("Gold questions", fields.gold, "is-wide"),
    field("Only the first", fields.limit),
    el("p", { class: "dl-sift-buttons" }, el("button", { type: "submit", class: "dl-strong-quiet" }, "Run")),
    depending,
    value.note ? el("p", { class: "dl-gold-note dl-fine", "data-kind": value.kind, role: "status", dir: "auto" }, value.note) : null,
  );
}

function draw() {
  if (props.value) element.querySelector(".dl-gold").replaceChildren(build(props.value));
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("submit", {
    gold: fields.gold.value,
    limit: fields.limit.value,
    types: fields.types.filter((input) => input.checked).map((input) => input.value),
    as_of: fields.asOf ? fields.asOf.checked : true,
  });
});
watch("value", draw);
draw();
