// Draws sentences that belong together: side by side, along a line of days, or as the items of a list.
function groupBody(group, value) {
  const rows = group.sentences.map((at) => sentenceRow(value.sentences[at]));
  const note = group.note || (group.silent ? "Says nothing of this." : "");
  return [
    note ? el("p", { class: group.silent ? "dl-silent" : "dl-note", dir: "auto" }, note) : null,
    ...rows,
  ];
}

function groupPart(group, value, tag) {
  return el(
    tag,
    { class: group.silent ? "dl-group is-silent" : "dl-group" },
    el("h3", { class: "dl-group-name", dir: "auto" }, group.label),
    el("div", { class: "dl-group-body" }, groupBody(group, value)),
  );
}

function groups(value) {
  if (value.layout === "sides")
    return el("div", { class: "dl-abreast" }, value.groups.map((group) => groupPart(group, value, "section")));
  const style = value.layout === "days" ? "dl-days" : "dl-items";
  return el("ol", { class: style }, value.groups.map((group) => groupPart(group, value, "li")));
}

function sentences(value) {
  if (!value.sentences.length && !value.groups.length) return null;
  return el(
    "section",
    { class: "dl-sentences", "aria-label": "What the articles say" },
    value.groups.length ? groups(value) : null,
    value.loose.map((at) => sentenceRow(value.sentences[at])),
  );
}
