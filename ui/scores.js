// A share with its interval as a line from 0 to 1, for the scripts that show scores.
function scoreLine(line) {
  if (!line) return null;
  const [low, mean, high] = line;
  const node = el("span", { class: "dl-score", "aria-hidden": "true" });
  node.style.setProperty("--low", String(low));
  node.style.setProperty("--mean", String(mean));
  node.style.setProperty("--high", String(high));
  return node;
}
