// The picker of people and groups: a combobox that the server searches, and a chip for each one chosen.

function announce(message) {
  document.dispatchEvent(new CustomEvent("announce", { detail: { message } }));
}

function enhance(box) {
  if (box.dataset.ready) return;
  box.dataset.ready = "true";
  const input = box.querySelector("#picker-input");
  const list = box.querySelector("#picker-list");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  for (const chip of box.querySelectorAll(".chip")) {
    chip.replaceWith(makeChip(chip.dataset.value, chip.querySelector("span").textContent, "external" in chip.dataset, chip.classList.contains("chip-bad")));
  }
  let timer = 0;
  let running = null;
  const search = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      await fill(box, input, list, running.signal);
    }, wait);
  };
  const stop = () => { // what was still searched for would open the list again, over what comes next
    clearTimeout(timer);
    running?.abort();
    close(input, list);
  };
  input.addEventListener("input", () => search(150));
  input.addEventListener("click", () => { if (list.hidden) search(0); });
  input.addEventListener("blur", stop);
  input.addEventListener("keydown", (event) => keys(event, box, input, list, search, stop));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const way = event.target.closest("[data-href]");
    if (way) return window.location.assign(way.dataset.href);
    const option = event.target.closest("[data-value]");
    if (option && option.getAttribute("aria-disabled") !== "true") choose(box, input, option, stop);
  });
  box.querySelector(".picker-box").addEventListener("click", (event) => remove(event, box, input));
}

async function fill(box, input, list, signal) {
  const url = new URL(box.dataset.candidates, window.location.href);
  url.searchParams.set("search", input.value.trim());
  let answer, text;
  try {
    answer = await fetch(url, { signal, headers: { "HX-Request": "true" } });
    text = answer.ok ? await answer.text() : "";
  } catch (error) {
    if (error.name !== "AbortError") announce("Suggestions could not be loaded. Type whole addresses instead.");
    return;
  }
  if (answer.status === 401) return window.location.reload();
  if (signal.aborted || !answer.ok || document.activeElement !== input) return;
  list.innerHTML = text;
  markChosen(box, list);
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  // Enter takes whoever is found first; it leads nowhere else by itself
  const first = list.querySelector("[role=option]:not([aria-disabled=true])");
  const ready = input.value.trim() !== "" && !first?.dataset.href;
  input.dispatchEvent(new CustomEvent("listbox:filled", { bubbles: true, detail: { ready } }));
  const found = list.querySelectorAll("[data-value]").length;
  announce(found === 1 ? "1 suggestion." : `${found} suggestions.`);
}

function markChosen(box, list) {
  const chosen = new Set([...box.querySelectorAll("input[name=who]")].map((field) => field.value));
  for (const option of list.querySelectorAll("[data-value]")) {
    if (!chosen.has(option.dataset.value)) continue;
    option.setAttribute("aria-disabled", "true");
    option.append(Object.assign(document.createElement("small"), { textContent: "Chosen" }));
  }
}

function keys(event, box, input, list, search, stop) {
  if (event.isComposing) return;
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    stop();
  } else if (event.key === "ArrowDown" && list.hidden) {
    event.preventDefault();
    search(0);
  } else if (event.key === "Backspace" && input.value === "") {
    box.querySelector(".chip:last-child button")?.click();
  } else if (event.key === "Enter" && input.value.trim() !== "" && list.hidden && !input.value.includes("@")) {
    event.preventDefault();
    search(0);
  }
}

function close(input, list) {
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function choose(box, input, option, stop) {
  box.querySelector(".chips").append(makeChip(option.dataset.value, option.dataset.label, "external" in option.dataset));
  input.value = "";
  input.removeAttribute("aria-invalid");
  stop();
  input.focus();
  announce(`${option.dataset.label} is chosen.`);
}

function makeChip(value, label, external = false, bad = false) {
  const chip = document.createElement("li");
  chip.className = bad ? "chip chip-bad" : "chip";
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "who", value });
  const text = Object.assign(document.createElement("span"), { textContent: label });
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.setAttribute("aria-label", `Take out ${label}`);
  chip.append(field, text);
  if (external) chip.append(Object.assign(document.createElement("small"), { textContent: "External" }));
  chip.append(button);
  return chip;
}

function remove(event, box, input) {
  const chip = event.target.closest("button")?.closest(".chip");
  if (!chip) return event.target === event.currentTarget ? input.focus() : undefined;
  announce(`${chip.textContent} is taken out.`);
  chip.remove();
  input.focus();
}

function enhanceAll(root) {
  for (const box of root.querySelectorAll("[data-picker]")) enhance(box);
}
enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt.parentElement ?? document));
