// Draws the questions of a run from props.value (see ui/evaluate_view.py: questions_view): each opens to the answer,
// the gold, what was retrieved and where the gold stood in it.
let places = [];
const STATES = { right: "Right", partly: "Partly", wrong: "Wrong", unjudged: "Unjudged" };

function quoted(quote) {
  const open = quote.place
    ? el(
        "button",
        { type: "button", class: "dl-link dl-read", "data-place": places.push(quote.place) - 1, "aria-label": `Read in ${quote.where}` },
        "Read",
      )
    : null;
  return [
    el("q", { dir: "auto" }, quote.text),
    el("p", { class: "dl-byline" }, byline(el("span", { dir: "auto" }, quote.where), quote.why ? el("strong", {}, quote.why) : null, open)),
  ];
}

function block(quote) {
  return el("div", { class: `dl-evidenced ${quote.is_gold ? "is-gold" : ""}` }, quoted(quote));
}

function answerOf(one) {
  return el(
    "div",
    {},
    el("h4", { class: "dl-label" }, "Answer"),
    one.failure ? el("p", { class: "dl-failed", dir: "auto" }, `Failed: ${one.failure}`) : null,
    one.abstained ? el("p", { dir: "auto" }, el("strong", {}, "The articles don’t say. "), one.reason) : null,
    one.short.length ? el("p", { dir: "auto" }, el("strong", {}, one.short.join("; "))) : null,
    one.said.map((said) => [
      said.quotes.some((quote) => quote.text === said.text) ? null : el("p", { dir: "auto" }, said.text),
      said.quotes.map(block),
    ]),
    one.tally ? el("p", { class: "dl-fine", dir: "auto" }, `Counted: ${one.tally}`) : null,
    one.told ? el("p", { class: "dl-fine" }, one.told) : null,
  );
}

function goldOf(one) {
  return el(
    "div",
    {},
    el("h4", { class: "dl-label" }, "Gold"),
    el("p", { dir: "auto" }, el("strong", {}, one.answerable ? one.answers.join("; ") || "–" : "The articles don’t say.")),
    one.choices.length ? el("p", { class: "dl-fine", dir: "auto" }, `Choices: ${one.choices.join(" / ")}`) : null,
    one.ranking ? el("p", { class: "dl-fine", dir: "auto" }, `Counts: ${one.ranking}`) : null,
    one.gold.map(block),
    one.note ? el("p", { class: "dl-fine", dir: "auto" }, one.note) : null,
  );
}

function retrievedOf(one) {
  if (!one.retrieved.length) return null;
  return [
    el("h4", { class: "dl-label" }, "Retrieved"),
    el(
      "ol",
      { class: "dl-retrieved" },
      one.retrieved.map((passage) =>
        el("li", { class: passage.is_gold ? "is-gold" : null }, el("span", { class: "dl-rank" }, `${passage.rank}. `), quoted(passage)),
      ),
    ),
  ];
}

function questionRow(one) {
  return el(
    "details",
    { class: `dl-case is-${one.state}`, "data-id": one.id },
    el(
      "summary",
      {},
      el("span", { class: "dl-state" }, STATES[one.state] || one.state),
      el("span", { class: "dl-asked", dir: "auto" }, one.question),
      el("span", { class: "dl-fine", dir: "auto" }, [one.cause, ...one.about].filter(Boolean).join(" · ")),
    ),
    el("div", { class: "dl-case-body" }, el("div", { class: "dl-sides" }, answerOf(one), goldOf(one)), retrievedOf(one)),
  );
}

function draw() {
  const value = props.value;
  const root = element.querySelector(".dl-questions");
  root.hidden = !value;
  places = [];
  if (!value) {
    root.replaceChildren();
    return;
  }
  const options = value.choices.map((one) => el("option", { value: one.value, selected: one.value === value.which }, one.label));
  root.replaceChildren(
    ...[
      el(
        "div",
        { class: "dl-tablehead" },
        el("h2", { class: "dl-label", tabindex: "-1" }, "Questions, the worst first"),
        el("label", { class: "dl-field" }, el("span", { class: "dl-hidden" }, "Which questions"), el("select", { name: "which" }, options)),
      ),
      value.rows.length ? value.rows.map(questionRow) : el("p", { class: "dl-hint" }, "No question went wrong."),
      pagerOf("page", value.page, value.pages, "the questions"),
    ]
      .flat()
      .filter(Boolean),
  );
  if (value.come) root.querySelector("select").focus({ preventScroll: true });
}

element.addEventListener("change", (event) => {
  if (event.target.name === "which") trigger("option_select", { run: props.value.run, which: event.target.value, page: 1 });
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.place) {
    holdPlace(button);
    trigger("select", places[Number(button.dataset.place)]);
  } else if (button.dataset.page) {
    element.querySelector(".dl-questions").scrollIntoView({ block: "start" });
    trigger("option_select", { run: props.value.run, which: props.value.which, page: Number(button.dataset.page) });
  }
});
watch("value", draw);
draw();
