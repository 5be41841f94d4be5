// Earlier questions, kept in this browser and nowhere else.
const STORE = "dateline.questions";
const PAST = "dateline.conversation";
const REPLAY = "dateline.replay";
const MOST = 50;
const SHOWN = 8;
let standing = "";
let showsAll = false;

function stored(store, name, otherwise) {
  try {
    return JSON.parse(store.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

// A browser may refuse to store anything; the page works without.
function storeAs(store, name, value) {
  try {
    if (value === null) store.removeItem(name);
    else store.setItem(name, JSON.stringify(value));
  } catch {
    /* nothing is remembered */
  }
}

function keptEntries() {
  const kept = stored(localStorage, STORE, []);
  return Array.isArray(kept) ? kept.filter((one) => Array.isArray(one?.turns) && one.turns.length) : [];
}

function sameQuestions(one, other) {
  return one.turns.map((turn) => turn.address).join() === other.turns.map((turn) => turn.address).join();
}

function remember(value, before) {
  const turns = [...before, value].map(({ question, address }) => ({ question, address }));
  const id = before.length && standing ? standing : value.key;
  const entry = { id, turns };
  const others = keptEntries().filter((one) => one.id !== id && !sameQuestions(one, entry));
  standing = id;
  storeAs(localStorage, STORE, [entry, ...others].slice(0, MOST));
  storeAs(sessionStorage, PAST, { address: value.address, past: before, numbering: before.at(-1)?.numbering || [] });
}

// After the page is loaded again, the conversation stands as it stood.
function recallPast(address) {
  const kept = stored(sessionStorage, PAST, {});
  return kept.address === address && Array.isArray(kept.past) ? kept.past : [];
}

function historyLink(entry) {
  const [first, ...rest] = entry.turns;
  const address = String(first.address).startsWith("?") ? first.address : "?";
  const link = el("a", { href: address, class: "dl-again", dir: "auto" }, first.question);
  link.addEventListener("click", () => storeAs(sessionStorage, REPLAY, rest.map((turn) => turn.question)));
  const more = rest.length ? `and ${rest.length} follow-up${rest.length > 1 ? "s" : ""}` : "";
  return el("li", {}, link, more ? el("span", { class: "dl-fine" }, ` ${more}`) : null);
}

function replayNext() {
  const left = stored(sessionStorage, REPLAY, []);
  if (!Array.isArray(left) || !left.length) return;
  storeAs(sessionStorage, REPLAY, left.length > 1 ? left.slice(1) : null);
  followUp(String(left[0]));
}

function drawHistory(value) {
  const box = element.querySelector(".dl-history");
  const entries = ["idle", "empty"].includes(value.state) ? keptEntries() : [];
  box.hidden = !entries.length;
  if (!entries.length) return box.replaceChildren();
  const shown = entries.slice(0, showsAll ? MOST : SHOWN);
  const more = entries.length > shown.length;
  box.replaceChildren(
    el("h2", { class: "dl-label" }, "Earlier questions"),
    el("ul", {}, shown.map(historyLink)),
    el(
      "p",
      { class: "dl-history-tools" },
      more ? el("button", { type: "button", class: "dl-plain", "data-history": "all" }, `Show all ${entries.length}`) : null,
      el("button", { type: "button", class: "dl-plain", "data-history": "clear" }, "Clear"),
      el("span", { class: "dl-fine" }, "Kept in this browser only."),
    ),
  );
}

element.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-history]")?.dataset.history;
  if (!asked) return;
  showsAll = asked === "all";
  if (asked === "clear") for (const store of [localStorage, sessionStorage]) [STORE, PAST].forEach((name) => storeAs(store, name, null));
  drawHistory(current || { state: "idle" });
  (element.querySelector(".dl-history a:not([hidden])") || document.querySelector("#dl-question textarea"))?.focus();
});
