// What can be done with an answer: copy it, save it, follow it up, write it out in a model's words.
const FORMATS = [
  ["md", "Markdown"],
  ["html", "Web page"],
  ["json", "JSON"],
  ["ris", "Sources as RIS"],
  ["bib", "Sources as BibTeX"],
];

function copyButton(name, text, said) {
  const button = el("button", { type: "button", class: "dl-plain" }, name);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      said.textContent = "Copied.";
    } catch {
      said.textContent = "The browser did not allow copying.";
    }
  });
  return button;
}

function downloads(name, keys) {
  const query = keys.map((key) => `turn=${encodeURIComponent(key)}`).join("&");
  const links = FORMATS.map(([ending, text]) =>
    el("li", {}, el("a", { href: `/answer.${ending}?${query}`, download: `answer.${ending}`, class: "dl-link" }, text)),
  );
  return el("div", {}, name ? el("p", { class: "dl-label" }, name) : null, el("ul", {}, links));
}

function downloadMenu(value) {
  const whole = past.length ? downloads("The whole conversation", [...past.map((turn) => turn.key), value.key]) : null;
  return el(
    "details",
    { class: "dl-menu" },
    el("summary", { class: "dl-plain" }, "Download"),
    el("div", { class: "dl-menu-list" }, downloads(whole ? "This answer" : "", [value.key]), whole),
  );
}

function actions(value) {
  const said = el("span", { class: "dl-fine", role: "status" });
  return [
    copyButton("Copy with citations", () => (context?.key === value.key ? context : value).copy, said),
    copyButton("Copy link", () => `${location.origin}/${value.address}`, said),
    downloadMenu(value),
    said,
  ];
}

function stopButton() {
  const button = el("button", { type: "button", class: "dl-plain dl-stop" }, "Stop");
  button.addEventListener("click", () => {
    trigger("stop");
    stopped();
  });
  return button;
}

// --- follow-ups

// The question whose answer stands here moves up; the follow-up takes its place.
function followUp(text) {
  if (context.writing) {
    trigger("stop");
    stopped();
  }
  if (current?.state === "answer") past = [...past, context];
  trigger("submit", {
    text,
    without: [],
    conversation: context.conversation,
    numbering: context.numbering,
  });
}

function followForm() {
  const input = el("input", {
    type: "text",
    name: "follow",
    "aria-label": "Ask a follow-up",
    placeholder: "Ask a follow-up …",
    maxlength: 2000,
    autocomplete: "off",
  });
  const form = el(
    "form",
    { class: "dl-follow-form", "aria-label": "Follow-up" },
    input,
    el("button", { type: "submit", class: "dl-strong-quiet" }, "Ask"),
    el("button", { type: "button", class: "dl-plain dl-anew" }, "New question"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text || current?.state === "searching") return;
    input.value = "";
    followUp(text);
  });
  form.querySelector(".dl-anew").addEventListener("click", startAnew);
  return form;
}

// The form stays while answers come and go: it keeps its focus.
function drawFollow(value) {
  const box = element.querySelector(".dl-follow");
  const wanted = Boolean(context) && ["answer", "searching", "error"].includes(value.state);
  if (!wanted) box.replaceChildren();
  else if (!box.firstChild) box.append(followForm());
}

function startAnew() {
  past = [];
  context = current = null;
  places.clear();
  drawPast();
  keepAddress("");
  trigger("end");
  document.querySelector("#dl-question textarea")?.focus();
}
