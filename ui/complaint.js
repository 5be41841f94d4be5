// Draws the line under an answer by which a reader can say what is wrong, from props.value (see ui/complaints.py).
const NAMES = { "wrong answer": "Wrong answer", "wrong citation": "Wrong citation", "missed source": "Missed source" };

// The passage that is open beside the answer is the one a reader means, until another is chosen.
function openNumber(value) {
  const open = document.querySelector("#dl-answer .dl-cite.is-open");
  const n = open ? Number(open.dataset.n) : 0;
  return value.citations.some((one) => one.n === n) ? n : value.citations[0]?.n;
}

function buttons(value) {
  return el(
    "p",
    { class: "dl-complain" },
    el("span", { class: "dl-fine" }, "Something wrong?"),
    value.kinds.map((kind) => el("button", { type: "button", class: "dl-quiet", "data-kind": kind }, NAMES[kind])),
  );
}

function which(value) {
  if (value.kind !== "wrong citation" || value.citations.length < 2) return null;
  const options = value.citations.map((one) => el("option", { value: one.n, selected: one.n === value.n }, one.label));
  return el("label", { class: "dl-field" }, el("span", {}, "Which one"), el("select", { name: "n" }, options));
}

function addition(value) {
  return el(
    "form",
    { class: "dl-add-note", "aria-label": "Say more" },
    which(value),
    el(
      "label",
      { class: "dl-field is-wide" },
      el("span", {}, "A note, if you like"),
      el("input", { type: "text", name: "note", value: value.note, maxlength: 1000, autocomplete: "off" }),
    ),
    el("button", { type: "submit", class: "dl-plain" }, "Save"),
  );
}

function kept(value) {
  return [
    el(
      "p",
      { class: "dl-complain" },
      el("span", { role: "status", tabindex: "-1", class: "dl-kept" }, value.said),
      el("button", { type: "button", class: "dl-plain", "data-undo": value.id }, "Undo"),
      el("a", { class: "dl-link", href: "/evaluate#complaints" }, "Make it a gold question"),
    ),
    addition(value),
  ];
}

function draw() {
  const value = props.value || { state: "none" };
  const root = element.querySelector(".dl-complaint");
  const worked = root.contains(document.activeElement);
  root.hidden = value.state === "none" && !value.said;
  const said = value.said ? el("span", { class: value.wrong ? "dl-lack" : "dl-fine", role: "status" }, value.said) : null;
  const parts = value.state === "kept" ? kept(value) : [value.state === "offer" ? buttons(value) : null, said];
  root.replaceChildren(...parts.filter(Boolean));
  if (worked) root.querySelector(".dl-kept, button")?.focus();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.type === "submit") return;
  const { key } = props.value;
  if (button.dataset.undo) trigger("undo", { key, id: button.dataset.undo });
  else trigger("submit", { key, kind: button.dataset.kind, n: openNumber(props.value) });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const { key, kind, id, n } = props.value;
  const chosen = event.target.querySelector("[name=n]");
  trigger("submit", { key, kind, instead: id, n: chosen ? Number(chosen.value) : n, note: event.target.querySelector("[name=note]").value });
});
watch("value", draw);
draw();
