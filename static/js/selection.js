// The list of members: a bar shows while somebody is ticked, counts them, and offers what can be done to them. Without this
// the boxes and the bar's buttons work as they are.

const boxes = () => [...document.querySelectorAll("[data-select]")];
let said = "";

// "All that match" ticks the page too, because they are among them.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-select-page], [data-select-all]")) {
    for (const each of boxes()) each.checked = box.checked;
  }
  if (box.matches("[data-select]") && !box.checked) setAll(false);
  if (box.matches("[data-select-page]") && !box.checked) setAll(false);
  if (box.matches("[data-select], [data-select-page], [data-select-all]")) update();
});

function setAll(checked) {
  const all = document.querySelector("[data-select-all]");
  if (all) all.checked = checked;
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-select-none]")) return;
  for (const box of boxes()) box.checked = false;
  setAll(false);
  update();
  document.querySelector("[data-select-page]")?.focus();
});

function update() {
  const bar = document.getElementById("selection");
  if (!bar) return;
  const ticked = boxes().filter((box) => box.checked);
  const all = bar.querySelector("[data-select-all]")?.checked ? bar.querySelector("[data-select-all]") : null;
  const states = new Set(ticked.map((box) => box.dataset.status));
  bar.classList.toggle("chosen", ticked.length > 0);
  for (const button of bar.querySelectorAll("[data-for]")) {
    button.hidden = !all && !button.dataset.for.split(" ").some((state) => states.has(state));
  }
  const page = document.querySelector("[data-select-page]");
  page.checked = ticked.length > 0 && ticked.length === boxes().length;
  page.indeterminate = ticked.length > 0 && !page.checked;
  const text = counted(ticked.length, all);
  bar.querySelector("[data-selection-count]").textContent = text;
  if (text !== said) document.dispatchEvent(new CustomEvent("announce", { detail: { value: ticked.length > 0 ? text : "Nobody is selected" } }));
  said = text;
}

function counted(ticked, all) {
  if (!all) return `${ticked} selected`;
  const total = Number(all.dataset.total);
  return total > 0 ? `${total.toLocaleString("en")} selected` : "All that match are selected";
}

// A page that comes back from the browser's memory, and a list that was replaced.
window.addEventListener("pageshow", begin);
document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target.id === "members") begin(); });

function begin() {
  said = counted(0, null);
  update();
}
