// Keys of the whole page: "/" focuses the page's search, "?" lists the keys, Escape closes the panel on a small screen.

const shortcuts = document.getElementById("shortcuts");

function typing(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && window.location.hash === "#panel") window.location.hash = "main";
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.select();
  } else if (event.key === "?") {
    event.preventDefault();
    shortcuts?.showModal();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts]")) shortcuts.showModal();
  if (event.target === shortcuts) shortcuts.close();
});
