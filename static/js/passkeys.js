// Passkeys: a button with data-passkey asks the server what to ask the device, and then sends its form with the answer.
// Such buttons are hidden until it is known that the browser can do this.

const known = "parseCreationOptionsFromJSON" in (window.PublicKeyCredential ?? {});

function reveal() {
  for (const element of document.querySelectorAll("[data-passkey]")) element.hidden = !known;
  for (const element of document.querySelectorAll("[data-no-passkeys]")) element.hidden = known;
}
reveal();
document.addEventListener("htmx:afterSwap", reveal);

let asking = false;

// Before anything else hears of it: the form is not sent until there is an answer.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.passkey || button.dataset.answered) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!asking) answer(button);
}, true);

async function answer(button) {
  asking = true;
  button.setAttribute("aria-busy", "true");
  tell(button, "");
  try {
    send(button, await askDevice(button, await askServer(button.dataset.passkey)));
  } catch (error) {
    tell(button, sentences[error.name] ?? sentences.Error);
  } finally {
    asking = false;
    button.removeAttribute("aria-busy");
  }
}

async function askServer(path) {
  const response = await fetch(path, { method: "POST" });
  if (response.redirected) window.location.reload(); // signed out meanwhile
  if (!response.ok || !response.headers.get("Content-Type")?.includes("json")) throw new Error(`${path}: ${response.status}`);
  return (await response.json()).publicKey;
}

function askDevice(button, asked) {
  if ("passkeyNew" in button.dataset) {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
}

function send(button, credential) {
  const field = button.form.querySelector("[data-passkey-answer]");
  field.value = JSON.stringify(credential.toJSON());
  field.disabled = false;
  button.form.noValidate = true; // a password is not asked for then
  button.dataset.answered = "true";
  button.form.requestSubmit(button);
  delete button.dataset.answered;
}

// What goes wrong, by the names that browsers give it.
const sentences = {
  NotAllowedError: "No passkey was used. Try again, or go on in another way.",
  InvalidStateError: "This device keeps a passkey for your account already.",
  NotSupportedError: "This device cannot keep such a passkey. Try another one.",
  SecurityError: "The browser keeps no passkeys for this address. Tell whoever runs this server.",
  Error: "The passkey could not be asked for. Load the page again.",
};

function tell(button, message) {
  const place = button.form.querySelector("[data-passkey-problem]");
  place.textContent = message;
  place.hidden = !message;
  if (message) document.dispatchEvent(new CustomEvent("announce", { detail: { message } }));
}
