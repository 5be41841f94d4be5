// Draws how far the evaluation is from props.value (see ui/evaluate_view.py: standing_view), with a way to stop it.
function draw() {
  const value = props.value || { text: "" };
  const root = element.querySelector(".dl-status");
  root.dataset.kind = value.kind || "";
  const bar = value.going_on ? el("span", { class: "dl-progress", "aria-hidden": "true" }) : null;
  if (bar) bar.style.setProperty("--share", String(value.share));
  const stop =
    value.going_on && value.state !== "stopping"
      ? el("button", { type: "button", class: "dl-plain", "data-stop": "yes" }, "Stop")
      : null;
  const had = root.contains(document.activeElement);
  root.replaceChildren(
    ...[value.text ? el("p", { dir: "auto" }, value.text) : null, stop, bar].filter(Boolean),
  );
  if (had && stop) stop.focus();
}

element.addEventListener("click", (event) => {
  if (event.target.closest("[data-stop]")) trigger("stop", {});
});
watch("value", draw);
draw();
