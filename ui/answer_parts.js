// Draws the parts of an answer (see ui/answer_view.py). Numbers of passages are the same in a whole conversation.
const SIGNS = { quoted: "✓", supported: "≈", weak: "?" };
const QUOTES_ON_CARD = 3;
const places = new Map();

function citation(quote) {
  places.set(quote.n, quote);
  return el(
    "button",
    {
      type: "button",
      class: "dl-cite",
      "data-n": quote.n,
      "aria-label": `Open source ${quote.n}: ${quote.title}`,
      title: quote.title,
    },
    String(quote.n),
  );
}

// The last word and its citations stay on one line.
function cited(text, quotes) {
  const [, start, end] = /^([^]*?)(\S{0,24})$/.exec(text);
  return [start, el("span", { class: "dl-cites" }, end, " ", quotes.map(citation))];
}

// What "he" or "the two countries" means: never inside the sentence; pressed, it shows where that is named.
function meantNote(referent) {
  return el(
    "button",
    {
      type: "button",
      class: "dl-meant",
      "data-article": referent.article,
      "data-start": referent.start,
      "data-end": referent.end,
      title: referent.quote,
      dir: "auto",
    },
    `[${referent.note}]`,
  );
}

// The mark is drawn for the eye and said in words for everyone.
function sentenceRow(sentence) {
  const meanings = (sentence.referents || []).map(meantNote);
  const first = sentence.quotes[0];
  const where = first ? [first.outlet || first.title, first.published] : [];
  return el(
    "div",
    { class: `dl-sentence is-${sentence.support}` },
    el("p", { class: "dl-text", dir: "auto" }, cited(sentence.text, sentence.quotes)),
    meanings.length ? el("p", { class: "dl-meaning" }, meanings) : null,
    el(
      "p",
      { class: "dl-support" },
      el("span", { class: "dl-sign", "aria-hidden": "true" }, SIGNS[sentence.support] || ""),
      el("span", { class: "dl-carried" }, sentence.support_text),
      where.map((part) => [" · ", el("span", { dir: "auto" }, part)]),
    ),
    sentence.problems ? el("p", { class: "dl-problem", dir: "auto" }, sentence.problems) : null,
  );
}

function quoteLine(quote) {
  return el(
    "li",
    {},
    el("q", { dir: "auto" }, cited(quote.quote, [quote])),
    el("span", { class: "dl-where", dir: "auto" }, `${quote.outlet || quote.title} · ${quote.published}`),
  );
}

function tallyTable(tally, turn) {
  const body = el("tbody", {});
  tally.rows.forEach((row, i) => {
    const id = `dl-tally-${turn}-${i}`;
    const bar = el("span", { class: "dl-bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(tally.most ? row.statements / tally.most : 0));
    const toggle = el(
      "button",
      {
        type: "button",
        class: "dl-toggle",
        "aria-expanded": "false",
        "aria-controls": id,
        "aria-label": `Show the quotes of ${row.name}`,
      },
      "Quotes",
    );
    const quotes = el(
      "tr",
      { id, hidden: true, class: "dl-evidence" },
      el("td", { colspan: "4" }, el("ol", {}, row.quotes.map(quoteLine))),
    );
    toggle.addEventListener("click", () => {
      quotes.hidden = !quotes.hidden;
      toggle.setAttribute("aria-expanded", String(!quotes.hidden));
    });
    body.append(
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row", dir: "auto" },
          row.rank ? el("span", { class: "dl-rank" }, `${row.rank}. `) : null,
          el("a", { href: row.address, title: "All statements, in “Who said what”" }, row.name),
        ),
        el("td", { class: "dl-count" }, bar, String(row.statements)),
        el("td", {}, String(row.articles)),
        el("td", { class: "dl-open-quotes" }, row.quotes.length ? toggle : null),
      ),
      quotes,
    );
  });
  const head = ["Name", "Statements", "Articles", ""].map((name) => el("th", { scope: "col" }, name));
  return el(
    "section",
    { class: "dl-tally", "aria-label": "Count" },
    el("table", {}, el("thead", {}, el("tr", {}, head)), body),
    el("p", { class: "dl-fine", dir: "auto" }, `Counted: ${tally.counted}`),
  );
}

function sourceCard(source) {
  const lines = source.quotes.map((quote) =>
    el("li", {}, citation(quote), el("q", { dir: "auto" }, quote.quote)),
  );
  lines.slice(QUOTES_ON_CARD).forEach((line) => {
    line.hidden = true;
  });
  const list = el("ol", { class: "dl-quotes" }, lines);
  const rest = lines.length - QUOTES_ON_CARD;
  const more =
    rest > 0
      ? el("button", { type: "button", class: "dl-plain" }, `Show ${rest} more from this article`)
      : null;
  if (more)
    more.addEventListener("click", () => {
      lines.forEach((line) => {
        line.hidden = false;
      });
      lines[QUOTES_ON_CARD].querySelector("button").focus();
      more.remove();
    });
  return el(
    "li",
    { class: "dl-card" },
    el("h3", { dir: "auto" }, source.title),
    el(
      "p",
      { class: "dl-byline" },
      byline(
        source.outlet,
        source.authors,
        el("span", { class: source.dated ? null : "dl-undated" }, source.published),
        source.also,
      ),
    ),
    list,
    more,
  );
}

function chipButton(chip) {
  const name = chip.action === "Remove" ? `Remove filter ${chip.label}` : `${chip.action}: ${chip.label}`;
  return el(
    "button",
    {
      type: "button",
      class: chip.action === "Remove" ? "dl-drop" : "dl-restore",
      "data-chip": chip.kind,
      "data-value": chip.value,
      "aria-label": name,
    },
    chip.action === "Remove" ? "×" : chip.action,
  );
}

// What the search was limited to, under the question: all of it can be taken away where the reader has a say.
function chips(value) {
  if (!value.chips.length) return null;
  const shown = value.chips.map((chip) =>
    el(
      "li",
      { class: `dl-chip is-${chip.kind}` },
      el("span", { dir: "auto" }, chip.label),
      chip.words ? el("span", { class: "dl-from", dir: "auto" }, `“${chip.words}”`) : null,
      chip.action ? chipButton(chip) : null,
      !chip.action && chip.kind !== "undated" ? el("span", { class: "dl-from" }, "from your question") : null,
    ),
  );
  return el("ul", { class: "dl-chips", "aria-label": "What limits the search" }, shown);
}

function notes(value) {
  return value.notes.length
    ? el("p", { class: "dl-fine dl-notes", dir: "auto" }, "Read as: ", value.notes.join("; "))
    : null;
}

function reasonLine(value) {
  return value.reason ? el("p", { class: "dl-reason", dir: "auto" }, value.reason) : null;
}

function shortAnswer(value) {
  if (value.shorts.length) {
    const style = value.shorts.join(", ").length > 80 ? "dl-list is-long" : "dl-list";
    const lines = value.shorts.map((text) => el("li", { dir: "auto" }, text));
    return [el("h2", { class: "dl-hidden" }, "Answers"), el("ul", { class: style }, lines)];
  }
  return value.short
    ? [el("h2", { dir: "auto", class: value.short.length > 80 ? "is-long" : null }, value.short)]
    : [];
}

function headline(value) {
  if (value.abstained)
    return el(
      "header",
      { class: "dl-headline is-none" },
      el("h2", {}, "The articles don’t say."),
      reasonLine(value),
    );
  const parts = [
    ...shortAnswer(value),
    value.choice
      ? el("p", { class: "dl-choice" }, "Of the choices: ", el("strong", { dir: "auto" }, value.choice))
      : null,
    reasonLine(value),
  ].filter(Boolean);
  return parts.length ? el("header", { class: "dl-headline" }, parts) : null;
}

function unclear(quotes) {
  if (!quotes.length) return null;
  return el(
    "section",
    { class: "dl-unsure", "aria-label": "Unclear statements" },
    el("h2", { class: "dl-label" }, "Unclear, and not counted"),
    el("ol", {}, quotes.map(quoteLine)),
  );
}

function sourcesPart(value) {
  if (!value.sources.length) return null;
  return el(
    "section",
    { class: "dl-sources" },
    el("h2", { class: "dl-label" }, value.abstained ? "Nearest passages" : "Sources"),
    el("ol", {}, value.sources.map(sourceCard)),
  );
}

// Everything that one answer says, without what can be done with it.
function answerParts(value) {
  const coverage = value.coverage ? el("p", { class: "dl-coverage", dir: "auto" }, value.coverage) : null;
  return [
    value.partial ? el("p", { class: "dl-reason", role: "status" }, value.partial) : null,
    chips(value),
    ...(value.coverage_first ? [coverage, headline(value)] : [headline(value), coverage]),
    value.tally ? tallyTable(value.tally, value.turn) : null,
    sentences(value),
    unclear(value.unclear),
    el("section", { class: "dl-written", "aria-label": "In a language model’s words", hidden: true }),
    notes(value),
    sourcesPart(value),
  ];
}
