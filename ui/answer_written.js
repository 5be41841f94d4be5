// The same answer in a language model's words, below what the articles say; drawn anew as it is written.

// The model is asked once for each answer, when that answer stands on the page.
function askWriter(value) {
  if (value.writes && !value.model) trigger("play", { key: value.key });
}

// What arrives belongs to one answer; another question may have been asked meanwhile.
function takeWritten(update) {
  if (!context || context.key !== update.key || context.stopped) return;
  const { state, ...changes } = update;
  const cards = context.sources;
  current = context = { ...context, ...changes };
  drawWritten(context);
  if (JSON.stringify(cards) !== JSON.stringify(context.sources)) drawSources(context);
  if (context.writing) return;
  element.querySelector(".dl-live").textContent = `${context.model} has finished.`;
  remember(context, past);
}

function drawSources(value) {
  const old = root.querySelector(":scope > .dl-sources");
  const fresh = sourcesPart(value);
  if (old && fresh) old.replaceWith(fresh);
}

function writtenStatus(value) {
  if (!value.writing) return value.status ? el("p", { class: "dl-fine dl-written-status" }, value.status) : null;
  const written = value.characters ? `Writing … ${value.characters.toLocaleString("en")} characters` : "Reading the passages …";
  return el("p", { class: "dl-fine dl-written-status" }, written);
}

function cutLine(value) {
  if (!value.cut.length) return null;
  const many = value.cut.length > 1;
  return el(
    "p",
    { class: "dl-problem", dir: "auto" },
    `Cut: ${many ? "citations" : "a citation"} that ${value.model} made up: `,
    value.cut.join(" "),
  );
}

function writtenParts(value) {
  return [
    el("h2", { class: "dl-label" }, "In the words of ", el("span", { dir: "auto" }, value.model)),
    el("p", { class: "dl-fine" }, "Each sentence was checked against the articles. What they say themselves stands above."),
    el("div", { class: "dl-written-text" }, value.written.map(sentenceRow)),
    cutLine(value),
    writtenStatus(value),
  ];
}

function drawWritten(value) {
  const box = root.querySelector(":scope > .dl-written");
  if (!box || !value.model) return;
  box.hidden = false;
  box.setAttribute("aria-busy", String(Boolean(value.writing)));
  const stop = box.querySelector(".dl-stop") || stopButton();
  const shown = writtenParts(value).filter(Boolean);
  // The button stays the same one, or a reader who has reached it would lose it at the next words.
  if (!stop.isConnected || !value.writing) box.replaceChildren(...shown, ...(value.writing ? [stop] : []));
  else {
    for (const part of [...box.children]) if (part !== stop) part.remove();
    stop.before(...shown);
  }
}

function stopped() {
  if (current?.state === "searching") {
    props.value = { state: "error", message: "Stopped before there was an answer.", remedy: "", turn: current.turn };
    draw();
  } else if (context?.writing) {
    current = context = { ...context, writing: false, stopped: true, status: "Stopped." };
    drawWritten(context);
  }
  element.querySelector(".dl-follow input")?.focus();
}
