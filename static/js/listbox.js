// Keys of every combobox: the focus stays in the input, aria-activedescendant points into the list.

function options(list) {
  return [...list.querySelectorAll("[role=option]:not([aria-disabled=true])")];
}

function activate(input, option) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

// Sent by a combobox whose list was filled: the first entry is ready to be taken.
document.addEventListener("listbox:filled", (event) => {
  const list = document.getElementById(event.target.getAttribute("aria-controls"));
  activate(event.target, event.detail.ready ? options(list)[0] : null);
});

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.isComposing || input.getAttribute?.("role") !== "combobox") return;
  const list = document.getElementById(input.getAttribute("aria-controls"));
  if (!list || list.hidden) return;
  const all = options(list);
  const at = all.findIndex((option) => option.id === input.getAttribute("aria-activedescendant"));
  if (event.key === "ArrowDown") activate(input, all[(at + 1) % all.length]);
  else if (event.key === "ArrowUp") activate(input, all[(at - 1 + all.length) % all.length] ?? all.at(-1));
  else if (event.key === "Enter" && at >= 0) all[at].click();
  else return;
  event.preventDefault();
});
