// A request that failed changes nothing on the page: what was typed stays, and a message says so where somebody is looking.

// In an open dialog that is under its head: outside it, nothing can be seen well, clicked or heard.
function placeOfMessages() {
  const head = document.querySelector("#dialog[open] .dialog-head");
  if (!head) return document.getElementById("flash");
  const says = document.getElementById("dialog-says");
  if (says) return says;
  const made = Object.assign(document.createElement("div"), { id: "dialog-says" });
  head.after(made);
  return made;
}

function showFailure(message) {
  document.dispatchEvent(new CustomEvent("announce", { detail: { message } }));
  const place = placeOfMessages();
  if (!place) return;
  const box = document.createElement("div");
  box.className = "flash flash-problem";
  box.dataset.flash = "";
  const text = document.createElement("p");
  text.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn";
  close.dataset.variant = "outline";
  close.dataset.size = "sm";
  close.dataset.dismiss = "";
  close.textContent = "Close";
  const before = document.activeElement;
  close.addEventListener("click", () => setTimeout(() => before?.focus()));
  box.append(text, close);
  place.replaceChildren(box);
}

document.addEventListener("htmx:sendError", () => showFailure("The server cannot be reached. Nothing was changed; try again."));

document.addEventListener("htmx:responseError", (event) => {
  const form = event.detail.elt;
  if (form.matches(".role-form")) form.reset(); // its selector shows what is the case
  const { status, responseText } = event.detail.xhr;
  const said = new DOMParser().parseFromString(responseText, "text/html").querySelector(".error-part p:not(.error-status)");
  if (said) return showFailure(said.textContent);
  if (status === 404) return showFailure("This is no longer here, or no longer open to you. Load the page again.");
  showFailure("Something went wrong. Nothing was changed; try again.");
});
