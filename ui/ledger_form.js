// Draws the form of "Who said what" from props.value (see ui/asked.py: form_view). It is built once and then only
// filled in, so that what is being typed and the focus survive an update.
const fields = {};
let builtFor = null;

function field(label, control, style) {
  return el("label", { class: `dl-field ${style || ""}` }, el("span", {}, label), control);
}

function textField(name, label, attributes) {
  fields[name] = el("input", { type: "text", name, autocomplete: "off", maxlength: 200, ...attributes });
  return field(label, fields[name]);
}

function dateField(name, label) {
  fields[name] = el("input", { type: "date", name });
  return field(label, fields[name], "is-short");
}

function stanceField(stances) {
  fields.stance = el(
    "select",
    { name: "stance" },
    stances.map((one) => el("option", { value: one.value }, one.label)),
  );
  return field("Stance", fields.stance, "is-short");
}

// A folded list of boxes to tick; its summary says what is ticked.
function choices(name, title, all) {
  const boxes = all.map((one) => el("input", { type: "checkbox", name, value: one.value }));
  const summary = el("summary", {});
  const list = el(
    "ul",
    {},
    all.map((one, i) => el("li", {}, el("label", { dir: "auto" }, boxes[i], el("span", {}, one.label)))),
  );
  fields[name] = {
    get: () => boxes.filter((box) => box.checked).map((box) => box.value),
    set: (values) => {
      for (const box of boxes) box.checked = values.includes(box.value);
      summary.textContent = values.length ? `${title}: ${values.length} chosen` : title;
    },
  };
  return el("details", { class: "dl-choices", hidden: !all.length }, summary, list);
}

function build(value) {
  const outlets = value.outlets.map((name) => ({ value: name, label: name }));
  const form = el(
    "form",
    { class: "dl-sift", role: "search", "aria-label": "Choose statements" },
    textField("speaker", "Who speaks", { list: "dl-names", placeholder: "Anybody" }),
    textField("target", "About whom", { list: "dl-names", placeholder: "Anybody" }),
    stanceField(value.stances),
    dateField("from", "Published from"),
    dateField("until", "Published until"),
    el(
      "div",
      { class: "dl-sift-more" },
      choices("outlet", "Limit to outlets", outlets),
      choices("also", "Show what is kept apart", value.apart),
      el(
        "p",
        { class: "dl-sift-buttons" },
        el("button", { type: "submit", class: "dl-strong-quiet" }, "Show"),
        el("button", { type: "reset", class: "dl-plain" }, "Clear"),
      ),
    ),
    el("p", { class: "dl-authors dl-fine", hidden: true }),
    el(
      "datalist",
      { id: "dl-names" },
      value.names.map((name) => el("option", { value: name })),
    ),
  );
  element.querySelector(".dl-form").replaceChildren(form);
}

function fill(asked) {
  for (const name of ["speaker", "target", "stance", "from", "until"]) {
    const wanted = (asked[name] || [""])[0];
    if (fields[name].value !== wanted) fields[name].value = wanted;
  }
  fields.outlet.set(asked.outlet || []);
  fields.also.set(asked.also || []);
  const authors = element.querySelector(".dl-authors");
  authors.hidden = !(asked.author || []).length;
  authors.textContent = `Only articles by ${(asked.author || []).join(", ")}.`;
}

function asked() {
  const found = { author: (props.value.asked || {}).author || [] };
  for (const name of ["speaker", "target", "stance", "from", "until"]) found[name] = [fields[name].value];
  for (const name of ["outlet", "also"]) found[name] = fields[name].get();
  return found;
}

function draw() {
  const value = props.value;
  if (!value) return;
  const known = JSON.stringify([value.names, value.outlets]);
  if (known !== builtFor) build(value);
  builtFor = known;
  fill(value.asked);
  keepAddress(value.query);
}

// Return in a text field is a change and a submission at once: the second of the two is not sent.
let sent = { text: "", at: 0 };
function send(wanted) {
  const [text, at] = [JSON.stringify(wanted), Date.now()];
  if (text !== sent.text || at - sent.at > 500) trigger("submit", { asked: wanted });
  sent = { text, at };
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  send(asked());
});
element.addEventListener("reset", (event) => {
  event.preventDefault();
  send({});
});
element.addEventListener("change", () => send(asked()));
watch("value", draw);
draw();
