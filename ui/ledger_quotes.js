// Draws the quotes of one cell from props.value (see ui/statements_view.py: quotes_view), each with a citation that
// opens its article, and a form to correct what was read out of it.
const STANCES = [
  ["praise", "Praise"],
  ["criticise", "Criticism"],
  ["neutral", "No judgement"],
];
let shown = [];
let correcting = null;
let drawnHeading = "";

function runs(list) {
  return list.map((run) => (run.kind ? el("span", { class: `dl-run is-${run.kind}` }, run.text) : run.text));
}

function reading(quote) {
  return el(
    "p",
    { class: "dl-reading" },
    byline(
      el("span", { class: `dl-stance is-${quote.stance}` }, quote.stance_text),
      el("span", { dir: "auto" }, el("strong", {}, quote.speaker), " on ", el("strong", {}, quote.target)),
      quote.voice,
      quote.cue ? el("span", { dir: "auto" }, `by the word “${quote.cue}”`) : null,
      quote.reported_by ? el("span", { dir: "auto" }, `relayed by ${quote.reported_by}`) : null,
      quote.corrected ? el("span", { class: "dl-badge" }, "corrected by a reader") : null,
    ),
  );
}

function where(quote) {
  return el(
    "p",
    { class: "dl-byline" },
    byline(
      el("cite", { dir: "auto" }, quote.title),
      quote.outlet ? el("span", { dir: "auto" }, quote.outlet) : null,
      el("span", { class: quote.dated ? null : "dl-undated" }, quote.published),
      quote.also,
    ),
  );
}

function labelled(label, control) {
  return el("label", { class: "dl-field" }, el("span", {}, label), control);
}

function correction(quote) {
  const input = (name, value) =>
    el("input", { type: "text", name, value, list: "dl-names", maxlength: 200, autocomplete: "off" });
  const options = STANCES.map(([value, text]) => el("option", { value, selected: value === quote.stance }, text));
  return el(
    "form",
    { class: "dl-correct", "data-n": quote.n, "aria-label": `Correct statement ${quote.n}` },
    labelled("Who speaks", input("speaker", quote.named.speaker)),
    labelled("About whom (empty: nobody named)", input("target", quote.named.target)),
    labelled("Stance", el("select", { name: "stance" }, options)),
    el(
      "p",
      { class: "dl-correct-actions" },
      el("button", { type: "submit", class: "dl-strong-quiet", value: "save" }, "Save"),
      el("button", { type: "submit", class: "dl-plain", value: "none" }, "It is no statement"),
      el("button", { type: "button", class: "dl-plain", "data-correct": "" }, "Cancel"),
    ),
  );
}

function quoteRow(quote) {
  const name = `Open source ${quote.n}: ${quote.title}`;
  const cite = el(
    "button",
    { type: "button", class: "dl-cite", "data-n": quote.n, "aria-label": name, title: quote.title },
    String(quote.n),
  );
  const wrong = el(
    "button",
    {
      type: "button",
      class: "dl-link dl-wrong",
      "data-correct": quote.n,
      "aria-label": `Statement ${quote.n} is wrong: correct it`,
    },
    "This is wrong",
  );
  return el(
    "li",
    { class: "dl-said" },
    cite,
    el(
      "div",
      {},
      el("q", { dir: "auto" }, runs(quote.runs)),
      reading(quote),
      where(quote),
      correcting === quote.n ? correction(quote) : wrong,
    ),
  );
}

function section(value) {
  const parts = [el("ol", {}, value.quotes.map(quoteRow))];
  if (value.unclear.length)
    parts.push(
      el("h3", { class: "dl-label dl-apart" }, `Unclear, and not counted (${value.unclear_count})`),
      el("ol", { class: "dl-unclear" }, value.unclear.map(quoteRow)),
    );
  return parts;
}

function draw() {
  const value = props.value || { state: "closed" };
  const root = element.querySelector(".dl-quoted");
  root.hidden = value.state !== "open";
  if (root.hidden) {
    root.replaceChildren();
    drawnHeading = "";
    return;
  }
  shown = [...value.quotes, ...value.unclear];
  root.replaceChildren(
    ...[
      el("h2", { tabindex: "-1", dir: "auto" }, value.heading),
      el("p", { class: "dl-stats" }, value.text),
      ...section(value),
      pagerOf("page", value.page, value.pages, "the quotes"),
      value.address ? el("a", { class: "dl-link", href: value.address }, "Only these statements") : null,
    ].filter(Boolean),
  );
  const drawn = `${value.heading} ${value.page}`;
  if (value.come && drawn !== drawnHeading) {
    root.querySelector("h2").focus({ preventScroll: true });
    root.scrollIntoView({ block: "start", behavior: "auto" });
  }
  drawnHeading = drawn;
}

// Opens the form at a quote, or closes it and goes back to where it was opened.
function correct(n) {
  const was = correcting;
  correcting = n;
  draw();
  element.querySelector(n ? ".dl-correct input" : `[data-correct="${was}"]`)?.focus({ preventScroll: !n });
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.type === "submit") return;
  const { asked, cell } = props.value;
  if (button.dataset.correct !== undefined) correct(Number(button.dataset.correct) || null);
  else if (button.dataset.page) trigger("option_select", { asked, cell, page: Number(button.dataset.page) });
  else if (button.dataset.n) {
    for (const other of element.querySelectorAll(".dl-cite")) other.classList.toggle("is-open", other === button);
    const { article, start, end } = shown.find((quote) => quote.n === Number(button.dataset.n));
    trigger("select", { article, start, end });
  }
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const quote = shown.find((one) => one.n === Number(form.dataset.n));
  const { asked, cell, page } = props.value;
  const field = (name) => form.querySelector(`[name=${name}]`).value;
  trigger("edit", {
    asked,
    cell,
    page,
    article: quote.article,
    ordinal: quote.ordinal,
    is_statement: event.submitter?.value !== "none",
    speaker: field("speaker"),
    target: field("target"),
    stance: field("stance"),
  });
});
watch("value", () => {
  const worked = element.contains(document.activeElement);
  correcting = null;
  draw();
  // A saved correction takes its form away, and must not take the place in the page with it.
  if (worked && !element.contains(document.activeElement))
    element.querySelector(".dl-quoted h2")?.focus({ preventScroll: true });
});
draw();
