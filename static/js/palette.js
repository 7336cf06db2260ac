// The palette over pages, people, groups and resources: Ctrl-K or ⌘K.

const palette = document.getElementById("palette");
const input = document.getElementById("palette-input");
const results = document.getElementById("palette-results");
let running = null;
let timer = 0;

function open() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.select();
  find();
}

async function find() {
  running?.abort();
  running = new AbortController();
  const url = new URL(results.dataset.path, window.location.href);
  url.searchParams.set("search", input.value.trim());
  try {
    const answer = await fetch(url, { signal: running.signal, headers: { "HX-Request": "true" } });
    if (answer.status === 401) return window.location.reload();
    if (!answer.ok) return;
    results.innerHTML = await answer.text();
    input.dispatchEvent(new CustomEvent("listbox:filled", { bubbles: true, detail: { ready: true } }));
  } catch {
    // A newer search took over, or the server is away: what is shown stays.
  }
}

document.addEventListener("keydown", (event) => {
  if (palette && (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  }
});

document.addEventListener("click", (event) => {
  if (palette && event.target.closest("[data-palette]") && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    open();
  }
  if (event.target === palette) palette.close();
});

input?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(find, 120);
});
input?.form.addEventListener("submit", (event) => {
  if (input.value.trim() === "") event.preventDefault();
});
results?.addEventListener("click", (event) => {
  const hit = event.target.closest("[data-href]");
  if (hit) window.location.assign(hit.dataset.href);
});
