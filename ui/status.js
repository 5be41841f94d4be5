// Draws a status line with the failures of single files from props.value (see ui/view.py: status_view).
function draw() {
  const value = props.value || { text: "", failures: [] };
  const root = element.querySelector(".dl-status");
  root.dataset.kind = value.kind || "";
  const bar =
    value.share === undefined || value.share === null
      ? null
      : el("span", { class: "dl-progress", "aria-hidden": "true" });
  if (bar) bar.style.setProperty("--share", String(value.share));
  const failures = value.failures.map((failure) =>
    el(
      "li",
      {},
      el("strong", { dir: "auto" }, failure.file),
      ": ",
      el("span", { dir: "auto" }, failure.reason),
    ),
  );
  root.replaceChildren(
    ...[
      value.text ? el("p", { dir: "auto" }, value.text) : null,
      bar,
      failures.length ? el("ul", {}, failures) : null,
    ].filter(Boolean),
  );
}
watch("value", draw);
draw();
