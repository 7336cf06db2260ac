// What every page needs: the live region, messages, busy buttons, copying, and clean addresses.

// The text is emptied first, so that the same sentence twice is read twice. While a dialog is open nothing outside it is read.
function announce(message) {
  if (!message) return;
  const announcer = document.querySelector("dialog[open] > [data-announcer]") ?? document.querySelector("body > [data-announcer]");
  announcer.textContent = "";
  setTimeout(() => { announcer.textContent = message; }, 60);
}

// The server (HX-Trigger: {"announce": "…"}) and the other modules send this event.
document.addEventListener("announce", (event) => announce(event.detail?.value ?? event.detail?.message));

function announceFlash() {
  announce(document.querySelector("[data-flash] p")?.textContent);
}
announceFlash();

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "flash" || event.detail.elt.id === "flash") announceFlash();
  if (["dialog-body", "share-access"].includes(event.detail.target.id)) announce(document.querySelector("#dialog-says [data-announce] p")?.textContent);
});

// After a change, every part that can show it asks for itself again.
function refresh() {
  for (const part of document.querySelectorAll("[data-refresh]")) window.htmx.trigger(part, "refresh");
}
document.addEventListener("done", refresh);
document.addEventListener("changed", refresh);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("dismiss" in button.dataset) button.closest("[data-flash]").remove();
  if (button.dataset.copy) await copy(button);
});

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    showDone(button, "Copied");
    announce("The link is copied.");
  } catch {
    const field = button.parentElement.querySelector("input[readonly]");
    field?.select();
    announce("The link could not be copied. Select it and copy it yourself.");
  }
}

function showDone(button, word) {
  const label = button.querySelector("span");
  if (!label || label.dataset.was) return;
  label.dataset.was = label.textContent;
  label.textContent = word;
  setTimeout(() => {
    label.textContent = label.dataset.was;
    delete label.dataset.was;
  }, 2000);
}

document.addEventListener("focusin", (event) => {
  if ("select" in event.target.dataset) event.target.select();
});

// A button keeps its label while its form is under way, and a form is sent once.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("hx-post") || form.method !== "post") return;
  if (form.dataset.busy) return event.preventDefault();
  form.dataset.busy = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

// Leaving a search field is no new search: it would replace the list under the focus.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-search], input[type=search]")) event.stopPropagation();
}, true);

// Addresses name only what is set, and a new search begins on the first page.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  for (const [name, value] of [...event.detail.formData.entries()]) {
    if (value === "") event.detail.formData.delete(name);
  }
});
