// Draws the answer from props.value (see ui/view.py: answer_view and its neighbours).
const SIGNS = { quoted: "“”", supported: "✓", weak: "?" };
const QUOTES_ON_CARD = 3;
let places = new Map();
let copyText = "";
let current = null;

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

function sentenceRow(sentence) {
  return el(
    "div",
    { class: `dl-sentence is-${sentence.support}` },
    el("p", { class: "dl-text", dir: "auto" }, cited(sentence.text, sentence.quotes)),
    el(
      "p",
      { class: "dl-support" },
      el("span", { class: "dl-sign", "aria-hidden": "true" }, SIGNS[sentence.support] || ""),
      sentence.support_text,
      sentence.quotes.length
        ? [" · ", el("span", { dir: "auto" }, sentence.quotes[0].outlet || sentence.quotes[0].title)]
        : null,
    ),
  );
}

function quoteLine(quote) {
  return el(
    "li",
    {},
    el("q", { dir: "auto" }, cited(quote.quote, [quote])),
    el("span", { class: "dl-where", dir: "auto" }, quote.outlet || quote.title),
  );
}

function tallyTable(tally) {
  const body = el("tbody", {});
  tally.rows.forEach((row, i) => {
    const id = `dl-tally-${i}`;
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

function chips(value) {
  const shown = value.chips.map((chip) =>
    el(
      "li",
      { class: "dl-chip" },
      el("span", { dir: "auto" }, chip.label),
      chip.removable
        ? el(
            "button",
            {
              type: "button",
              "data-chip": chip.kind,
              "data-value": chip.value,
              "aria-label": `Remove filter ${chip.label}`,
            },
            "×",
          )
        : el("span", { class: "dl-from" }, "from your question"),
    ),
  );
  const notes = value.notes.length
    ? el("p", { class: "dl-fine", dir: "auto" }, "Read as: ", value.notes.join("; "))
    : null;
  if (!notes && !shown.length) return null;
  return el(
    "div",
    { class: "dl-plan" },
    notes,
    shown.length ? el("ul", { class: "dl-chips", "aria-label": "Filters in force" }, shown) : null,
  );
}

function headline(value) {
  if (value.abstained) {
    return el(
      "header",
      { class: "dl-headline is-none" },
      el("h2", {}, "The articles don’t say."),
      value.reason ? el("p", { class: "dl-reason", dir: "auto" }, value.reason) : null,
    );
  }
  const reason = value.reason ? el("p", { class: "dl-reason", dir: "auto" }, value.reason) : null;
  if (value.shorts.length) {
    const lines = value.shorts.map((text) => el("li", { dir: "auto" }, text));
    const style = value.shorts.join(", ").length > 80 ? "dl-list is-long" : "dl-list";
    return el(
      "header",
      { class: "dl-headline" },
      el("h2", { class: "dl-hidden" }, "Answers"),
      el("ul", { class: style }, lines),
      reason,
    );
  }
  const short = value.short
    ? el("h2", { dir: "auto", class: value.short.length > 80 ? "is-long" : null }, value.short)
    : null;
  return short || reason ? el("header", { class: "dl-headline" }, short, reason) : null;
}

function actions() {
  const said = el("span", { class: "dl-fine", role: "status" });
  const button = el("button", { type: "button", class: "dl-plain" }, "Copy with citations");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(copyText);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "The browser did not allow copying.";
    }
  });
  return [button, said];
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

function drawAnswer(value) {
  copyText = value.copy;
  const cards = value.sources.map(sourceCard);
  const coverage = value.coverage ? el("p", { class: "dl-coverage", dir: "auto" }, value.coverage) : null;
  return [
    ...(value.coverage_first ? [coverage, headline(value)] : [headline(value), coverage]),
    value.tally ? tallyTable(value.tally) : null,
    value.sentences.length
      ? el(
          "section",
          { class: "dl-sentences", "aria-label": "What the articles say" },
          value.sentences.map(sentenceRow),
        )
      : null,
    unclear(value.unclear),
    chips(value),
    cards.length
      ? el(
          "section",
          { class: "dl-sources" },
          el("h2", { class: "dl-label" }, value.abstained ? "Nearest passages" : "Sources"),
          el("ol", {}, cards),
        )
      : null,
    el("footer", { class: "dl-actions" }, actions(), el("span", { class: "dl-fine dl-time" }, value.seconds)),
  ];
}

function drawIdle(value) {
  if (value.state === "empty") {
    return el(
      "section",
      { class: "dl-empty" },
      el("h2", {}, "Your library is empty."),
      el(
        "p",
        {},
        "Add articles on the ",
        el("a", { href: "/library" }, "Library page"),
        ": saved web pages, PDF, Word, Markdown, text or JSON. Or from the command line:",
      ),
      el("pre", {}, el("code", {}, "python -m index add FOLDER")),
    );
  }
  if (!value.examples || !value.examples.length) return null;
  const items = value.examples.map((text) =>
    el(
      "li",
      {},
      el("button", { type: "button", class: "dl-example", "data-example": text, dir: "auto" }, text),
    ),
  );
  return el("section", { class: "dl-examples" }, el("h2", { class: "dl-label" }, "Try"), el("ul", {}, items));
}

// Shows which passage stands in the reader; a new answer comes with its first one beside it on wide screens.
function showOpen(n) {
  for (const button of element.querySelectorAll(".dl-cite"))
    button.classList.toggle("is-open", Number(button.dataset.n) === n);
}

// The page's first state may come from the server after a quick reader has asked: it must not hide the answer.
function newest(value) {
  const asked = current && ["searching", "answer", "error"].includes(current.state);
  if (!(asked && value.state === "idle")) current = value;
  return current;
}

function draw() {
  const value = newest(props.value || { state: "waiting" });
  const root = element.querySelector(".dl-answer");
  const live = element.querySelector(".dl-live");
  places = new Map();
  root.dataset.state = value.state;
  root.setAttribute("aria-busy", String(value.state === "searching"));
  if (value.state === "answer") {
    root.replaceChildren(...drawAnswer(value).filter(Boolean));
    if (!value.abstained && matchMedia("(min-width: 901px)").matches) showOpen(1);
    live.textContent = value.abstained
      ? "The articles don’t say."
      : `Answer ready. ${value.short || value.shorts.join(", ")} ${places.size} passages cited.`;
  } else if (value.state === "searching") {
    root.replaceChildren(el("p", { class: "dl-searching" }, value.text));
    live.textContent = value.text;
  } else if (value.state === "error") {
    root.replaceChildren(
      el(
        "div",
        { class: "dl-error", role: "alert" },
        el("p", { dir: "auto" }, value.message),
        value.remedy ? el("p", { class: "dl-fine", dir: "auto" }, value.remedy) : null,
      ),
    );
  } else {
    const idle = drawIdle(value);
    root.replaceChildren(...(idle ? [idle] : []));
  }
  if (value.address) keepAddress(value.address);
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.n) {
    showOpen(Number(button.dataset.n));
    const place = places.get(Number(button.dataset.n));
    trigger("select", { article: place.article, start: place.start, end: place.end });
  } else if (button.dataset.example) {
    trigger("example_select", { question: button.dataset.example });
  } else if (button.dataset.chip) {
    trigger("clear", { kind: button.dataset.chip, value: button.dataset.value });
  }
});
watch("value", draw);
draw();
