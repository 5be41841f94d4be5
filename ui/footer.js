function draw() {
  element.querySelector("p").textContent = props.value || "";
}
watch("value", draw);
draw();
