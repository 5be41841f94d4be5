// The same answer in a language model's words, below what the articles say; drawn anew as it is written.
function drawWritten(value) {
  const box = root.querySelector(":scope > .dl-written");
  if (box) box.hidden = true;
}

function stopped() {}
