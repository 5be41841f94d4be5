// Draws readers' complaints from props.value (see ui/candidates_desk.py): each with the gold row it may become.
let editing = null;
let places = [];
// Read before the page writes its address anew: whoever comes from an answer wants to see the complaints.
let comes = location.hash === "#complaints";

function evidenceLine(one) {
  return el(
    "li",
    {},
    el("q", { dir: "auto" }, one.quote),
    el("p", { class: "dl-byline", dir: "auto" }, one.article),
    one.lack ? el("p", { class: "dl-lack", dir: "auto" }, one.lack) : null,
  );
}

function citedLine(one) {
  const read = el(
    "button",
    { type: "button", class: "dl-link dl-read", "data-place": places.push(one.place) - 1, "aria-label": `Read in ${one.where}` },
    "Read",
  );
  return el("li", {}, el("q", { dir: "auto" }, one.quote), el("p", { class: "dl-byline" }, byline(el("span", { dir: "auto" }, one.where), read)));
}

function rowAsIs(one) {
  const answers = one.answerable ? one.answers.join("; ") : "The articles don’t say.";
  const button = (text, name, style) => {
    const attributes = { type: "button", class: style || "dl-plain", "aria-label": `${text}: ${one.question}` };
    attributes[`data-${name}`] = one.id;
    return el("button", attributes, text);
  };
  return [
    el("p", { dir: "auto" }, el("span", { class: "dl-fine" }, "Right answer: "), answers || "–"),
    one.evidence.length ? el("ul", { class: "dl-quotelist" }, one.evidence.map(evidenceLine)) : null,
    one.lacks ? el("p", { class: "dl-lack" }, one.lacks) : null,
    el(
      "p",
      { class: "dl-decide" },
      button("Accept", "accept", "dl-strong-quiet"),
      button("Edit", "edit"),
      button("Discard", "discard"),
    ),
  ];
}

function labelled(label, control, style) {
  return el("label", { class: `dl-field ${style || ""}` }, el("span", {}, label), control);
}

function evidenceFields(one) {
  return el(
    "div",
    { class: "dl-evidence-fields" },
    labelled("Article", el("input", { type: "text", name: "article", value: one.article, list: "dl-files", maxlength: 400, autocomplete: "off" })),
    labelled("Its words, verbatim", el("textarea", { name: "quote", maxlength: 2000 }, one.quote), "is-wide"),
  );
}

function rowForm(one) {
  const unanswerable = el("input", { type: "checkbox", name: "unanswerable", checked: !one.answerable });
  const used = one.others.map((other) => {
    const add = el("button", { type: "button", class: "dl-plain" }, "Use as evidence");
    const line = el("li", {}, el("q", { dir: "auto" }, other.quote), add);
    add.addEventListener("click", () => {
      const empty = [...form.querySelectorAll(".dl-evidence-fields")].pop();
      empty.before(evidenceFields(other));
      line.remove();
    });
    return line;
  });
  const form = el(
    "form",
    { class: "dl-row-form", "data-id": one.id, "aria-label": `Edit ${one.question}` },
    labelled("Question", el("input", { type: "text", name: "question", value: one.question, maxlength: 2000, autocomplete: "off" })),
    labelled("Right answers, one a line", el("textarea", { name: "answers", maxlength: 4000 }, one.answers.join("\n"))),
    el("label", { class: "dl-choices" }, unanswerable, el("span", {}, "The articles don’t say")),
    one.evidence.map(evidenceFields),
    evidenceFields({ article: "", quote: "" }),
    el("p", { class: "dl-fine" }, "Empty both fields of a piece to leave it out."),
    used.length ? [el("p", { class: "dl-fine" }, "Cited or found for the answer:"), el("ul", { class: "dl-quotelist" }, used)] : null,
    el(
      "p",
      { class: "dl-decide" },
      el("button", { type: "submit", class: "dl-strong-quiet" }, "Save"),
      el("button", { type: "button", class: "dl-plain", "data-edit": "" }, "Cancel"),
    ),
  );
  return form;
}

function candidate(one) {
  return el(
    "li",
    { class: "dl-candidate", "data-candidate": one.id },
    el("h3", { dir: "auto" }, one.question),
    el(
      "p",
      { class: "dl-byline" },
      byline(el("span", { class: "dl-badge" }, one.complaint), one.made, one.filtered ? el("span", { dir: "auto" }, `asked within ${one.filtered}`) : null),
    ),
    one.remark ? el("p", { class: "dl-remark", dir: "auto" }, `“${one.remark}”`) : null,
    el("p", { dir: "auto" }, el("span", { class: "dl-fine" }, "It was answered: "), one.given),
    one.others.length && editing !== one.id
      ? el(
          "details",
          { class: "dl-facts" },
          el("summary", {}, `Cited or found then, and not in the row (${one.others.length})`),
          el("ul", { class: "dl-quotelist" }, one.others.map(citedLine)),
        )
      : null,
    editing === one.id ? rowForm(one) : rowAsIs(one),
  );
}

function draw() {
  const value = props.value || { rows: [], accepted: 0, files: [] };
  const root = element.querySelector(".dl-candidates");
  places = [];
  root.hidden = !(value.rows.length || value.accepted || value.wrong);
  root.replaceChildren(
    ...[
      el("h2", { tabindex: "-1" }, "Complaints from readers"),
      el("p", { class: value.wrong ? "dl-lack" : "dl-stats" }, value.text || ""),
      el("ol", {}, value.rows.map(candidate)),
      el("datalist", { id: "dl-files" }, (value.files || []).map((name) => el("option", { value: name }))),
      value.accepted
        ? el(
            "p",
            { class: "dl-fine" },
            `${value.accepted} accepted; they can be run above as “from-use.jsonl”. `,
            el("a", { class: "dl-link", href: "/from-use.jsonl", download: true }, "Take them with you"),
          )
        : null,
    ].filter(Boolean),
  );
}

// What stands above is drawn in the same moments and moves the list: it is kept in view until the page is
// still, or the reader takes over.
function showIfCome() {
  if (!comes || !(props.value && props.value.rows.length)) return;
  comes = false;
  const show = () => element.querySelector("h2").scrollIntoView({ block: "start" });
  element.querySelector("h2").focus({ preventScroll: true });
  const moves = new ResizeObserver(show);
  moves.observe(document.body);
  const taken = ["wheel", "touchstart", "pointerdown", "keydown"];
  const leave = () => {
    moves.disconnect();
    for (const name of taken) removeEventListener(name, leave, true);
  };
  for (const name of taken) addEventListener(name, leave, true);
  setTimeout(leave, 5000);
  show();
}

function edit(id) {
  const was = editing;
  editing = id;
  draw();
  const at = id ? `[data-id="${id}"] input` : `[data-edit="${was}"]`;
  element.querySelector(at)?.focus();
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.type === "submit") return;
  const { place, edit: row, accept, discard } = button.dataset;
  if (place) {
    holdPlace(button);
    trigger("select", places[Number(place)]);
  } else if (row !== undefined) edit(row || null);
  else if (accept) trigger("apply", { id: accept });
  else if (discard) trigger("delete", { id: discard });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const value = (name, within) => (within || form).querySelector(`[name=${name}]`).value;
  trigger("edit", {
    id: form.dataset.id,
    question: value("question"),
    answers: value("answers"),
    answerable: !form.querySelector("[name=unanswerable]").checked,
    evidence: [...form.querySelectorAll(".dl-evidence-fields")].map((row) => ({ article: value("article", row), quote: value("quote", row) })),
  });
});
watch("value", () => {
  const worked = element.contains(document.activeElement);
  editing = null;
  draw();
  showIfCome();
  if (worked && !element.contains(document.activeElement)) element.querySelector("h2").focus({ preventScroll: true });
});
draw();
