// The addresses of an invitation: a chip each, which says what is wrong with it. The text field underneath is what is sent.

const token = /(?:"[^"]*"|[^\s"<>,;][^"<>,;\n]*?)?\s*<[^<>]*>|[^\s,;<>]+/g;

function address(text) {
  return (text.match(/<([^<>]*)>/)?.[1] ?? text).trim().normalize("NFKC").toLowerCase();
}

function enhance(field) {
  if (field.dataset.ready) return;
  field.dataset.ready = "true";
  const area = field.querySelector("textarea");
  const refused = new Map([...field.querySelectorAll("[data-text]")].map((line) => [line.dataset.text, line.querySelector("span").textContent]));
  field.querySelector("[data-chip-problems]")?.remove();
  const box = Object.assign(document.createElement("div"), { className: "picker-box addresses-box" });
  const chips = Object.assign(document.createElement("ul"), { className: "chips" });
  chips.setAttribute("aria-label", "Addresses");
  const problems = Object.assign(document.createElement("ul"), { className: "chip-problems" });
  const input = Object.assign(document.createElement("input"), { type: "text", id: "to-input", autocomplete: "off", spellcheck: false });
  input.setAttribute("aria-describedby", area.getAttribute("aria-describedby"));
  input.setAttribute("aria-invalid", area.getAttribute("aria-invalid"));
  input.placeholder = area.placeholder;
  field.querySelector("label").htmlFor = input.id;
  area.hidden = true;
  area.required = false;
  box.append(chips, input);
  area.after(box);
  field.append(problems);
  const state = { area, chips, input, problems, refused, texts: [] };
  take(state, area.value);
  input.addEventListener("keydown", (event) => keys(event, state));
  input.addEventListener("input", () => sync(state));
  input.addEventListener("blur", () => afterPress(() => { if (input.value.trim() !== "") take(state, input.value); }));
  box.addEventListener("pointerdown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
  input.addEventListener("paste", (event) => {
    event.preventDefault();
    take(state, input.value + event.clipboardData.getData("text"));
  });
  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) drop(state, Number(button.dataset.at));
    input.focus();
  });
}

// A comma, a semicolon or Enter ends an address; so does a space, unless a name is being typed.
function keys(event, state) {
  if (event.isComposing) return;
  const { input } = state;
  const ends = event.key === "," || event.key === ";" || event.key === "Enter" || (event.key === " " && input.value.includes("@"));
  if (ends && input.value.trim() !== "") {
    event.preventDefault();
    take(state, input.value);
  } else if (event.key === "Backspace" && input.value === "" && state.texts.length > 0) {
    event.preventDefault();
    input.value = state.texts.at(-1);
    drop(state, state.texts.length - 1);
  }
}

function take(state, text) {
  state.texts.push(...(text.match(token) ?? []).map((part) => part.trim()));
  state.input.value = "";
  show(state);
}

function drop(state, at) {
  state.texts.splice(at, 1);
  show(state);
}

function problemOf(state, text, at) {
  const mail = address(text);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mail)) return "This is not an e-mail address.";
  if (state.texts.slice(0, at).some((other) => address(other) === mail)) return "This address is there twice.";
  return state.refused.get(text) ?? "";
}

function show(state) {
  const wrong = [];
  state.chips.replaceChildren(...state.texts.map((text, at) => {
    const problem = problemOf(state, text, at);
    if (problem) wrong.push([text, problem]);
    return makeChip(text, at, problem);
  }));
  state.problems.replaceChildren(...wrong.map(([text, problem]) => {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("strong"), { textContent: text }), ` ${problem}`);
    return line;
  }));
  state.wrong = wrong.length;
  sync(state);
}

// What is sent is the chips and whatever is still being typed. A chip with a problem keeps the form from being sent.
function sync(state) {
  const { area, input, texts } = state;
  area.value = [...texts, input.value].join("\n").trim();
  input.placeholder = texts.length > 0 ? "" : area.placeholder;
  input.setCustomValidity(state.wrong > 0 ? "Correct or take out the marked addresses." : area.value === "" ? "Enter at least one address." : "");
  input.setAttribute("aria-invalid", String(state.wrong > 0));
}

function makeChip(text, at, problem) {
  const chip = document.createElement("li");
  chip.className = problem ? "chip chip-bad" : "chip";
  if (problem) chip.title = problem;
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.dataset.at = at;
  button.setAttribute("aria-label", `Take out ${text}`);
  chip.append(Object.assign(document.createElement("span"), { textContent: text }), button);
  return chip;
}

function enhanceAll(root) {
  for (const field of root.querySelectorAll("[data-addresses]")) enhance(field);
}
enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt.parentElement ?? document));

// A chip makes the box grow. While a pointer is down that would move the control away that it is about to click.
let pressing = false;
document.addEventListener("pointerdown", () => { pressing = true; }, true);
document.addEventListener("pointerup", () => { pressing = false; }, true);
document.addEventListener("pointercancel", () => { pressing = false; }, true);

function afterPress(then) {
  if (!pressing) return then();
  document.addEventListener("pointerup", () => setTimeout(then), { once: true });
}
