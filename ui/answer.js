// Draws a conversation from props.value (see ui/ask_desk.py): the earlier turns folded, the newest in full.
let current = null;
let context = null;
let past = [];
let drawn = "";
const root = element.querySelector(".dl-answer");

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

function questionHead(value) {
  const understood = value.understood
    ? el("p", { class: "dl-fine", dir: "auto" }, "Understood as: ", value.understood)
    : null;
  if (!value.turn && !understood) return null;
  return el(
    "header",
    { class: "dl-heading" },
    value.turn ? el("h2", { dir: "auto" }, value.question) : null,
    understood,
  );
}

function pastWritten(value) {
  return value.written?.length ? el("section", { class: "dl-written" }, writtenParts({ ...value, writing: false })) : null;
}

function pastTurn(value) {
  const short = value.abstained ? "The articles don’t say." : value.short || value.shorts.join(", ");
  return el(
    "details",
    { class: "dl-turn" },
    el(
      "summary",
      {},
      el("span", { class: "dl-turn-question", dir: "auto" }, value.question),
      el("span", { class: "dl-turn-short", dir: "auto" }, short),
    ),
    el("div", { class: "dl-turn-answer" }, answerParts(value), pastWritten(value)),
  );
}

function drawPast() {
  const box = element.querySelector(".dl-past");
  box.hidden = !past.length;
  box.replaceChildren(...past.map(pastTurn));
}

function drawError(value) {
  return el(
    "div",
    { class: "dl-error", role: "alert" },
    el("p", { dir: "auto" }, value.message),
    value.remedy ? el("p", { class: "dl-fine", dir: "auto" }, value.remedy) : null,
  );
}

function drawSearching(value) {
  return [questionHead(value), el("p", { class: "dl-searching" }, value.text), stopButton()];
}

function drawAnswer(value) {
  root.replaceChildren(
    ...[
      questionHead(value),
      ...answerParts(value),
      el("footer", { class: "dl-actions" }, actions(value), el("span", { class: "dl-fine dl-time" }, value.seconds)),
    ].filter(Boolean),
  );
  if (!value.abstained && matchMedia("(min-width: 901px)").matches) showOpen(value.sentences[0]?.quotes[0]?.n || 1);
  return value.abstained
    ? "The articles don’t say."
    : `Answer ready. ${value.short || value.shorts.join(", ")} ${count(value.sources)} cited.`;
}

function count(sources) {
  const passages = sources.reduce((sum, source) => sum + source.quotes.length, 0);
  return `${passages} passage${passages === 1 ? "" : "s"}`;
}

// The page's first state may come from the server after a quick reader has asked: it must not hide the answer.
function newest(value) {
  const asked = current && ["searching", "answer", "error"].includes(current.state);
  if (!(asked && value.state === "idle")) current = value;
  return current;
}

// A question that follows no other begins a new conversation.
function begin(value) {
  if (value.turn === 0 && past.length) past = [];
  if (value.state === "answer" && value.turn > 0 && !past.length) past = recallPast(value.address);
  if (value.turn === 0 && value.state === "searching") places.clear();
}

function draw() {
  if (props.value?.state === "written") return takeWritten(props.value);
  const value = newest(props.value || { state: "waiting" });
  const live = element.querySelector(".dl-live");
  if (value.state === "answer" && drawn === value.key) return;
  drawn = "";
  begin(value);
  root.dataset.state = value.state;
  root.setAttribute("aria-busy", String(value.state === "searching"));
  drawPast();
  if (value.state === "answer") {
    live.textContent = drawAnswer(value);
    drawn = value.key;
    context = value;
    remember(value, past);
    keepAddress(value.address);
    askWriter(value);
  } else if (value.state === "searching") {
    root.replaceChildren(...drawSearching(value).filter(Boolean));
    live.textContent = value.text;
  } else root.replaceChildren(...[value.state === "error" ? drawError(value) : drawIdle(value)].filter(Boolean));
  drawFollow(value);
  drawHistory(value);
  if (value.turn && value.state !== "error") root.scrollIntoView({ block: "start", behavior: "instant" });
  if (value.state === "answer") replayNext();
}

// Asks the newest question again with other limits: it takes the place of its answer.
function askAgain(changes) {
  const earlier = context.conversation.slice(0, -1);
  const numbering = context.numbering.slice(0, context.numbered);
  return { text: context.question, without: context.without, conversation: earlier, numbering, ...changes };
}

function chipPressed(kind, value) {
  if (kind === "constraint") trigger("submit", askAgain({ without: [...context.without, value] }));
  else if (kind === "restore") trigger("submit", askAgain({ without: [] }));
  else trigger("clear", askAgain({ kind, value }));
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.n) {
    showOpen(Number(button.dataset.n));
    const place = places.get(Number(button.dataset.n));
    trigger("select", { article: place.article, start: place.start, end: place.end });
  } else if (button.dataset.article) {
    const { article, start, end } = button.dataset;
    trigger("select", { article, start: Number(start), end: Number(end) });
  } else if (button.dataset.example) {
    trigger("example_select", { question: button.dataset.example });
  } else if (button.dataset.chip) {
    chipPressed(button.dataset.chip, button.dataset.value);
  }
});
// The server had no room for a question: what stands there stays, and the box above keeps the question.
document.addEventListener("dl-busy", (event) => {
  root.querySelector(".dl-busy")?.remove();
  const notice = drawError({ message: event.detail.error, remedy: event.detail.remedy });
  notice.classList.add("dl-busy");
  root.prepend(notice);
  element.querySelector(".dl-live").textContent = event.detail.detail;
});
watch("value", draw);
draw();
