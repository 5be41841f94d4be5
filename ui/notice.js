// Draws what was just done, with a way back, from props.value: {text, kind, undo}, the last what it is undone by.
function draw() {
  const value = props.value || { text: "" };
  const root = element.querySelector(".dl-notice");
  root.dataset.kind = value.kind || "";
  const undo = value.undo
    ? el("button", { type: "button", class: "dl-plain", "data-undo": JSON.stringify(value.undo) }, "Undo")
    : null;
  const close = el("button", { type: "button", class: "dl-plain", "aria-label": "Dismiss" }, "×");
  root.replaceChildren(...(value.text ? [el("p", { dir: "auto" }, value.text), undo, close].filter(Boolean) : []));
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.undo) trigger("undo", { numbers: JSON.parse(button.dataset.undo) });
  element.querySelector(".dl-notice").replaceChildren();
});
watch("value", draw);
draw();
