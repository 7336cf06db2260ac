// Menus are native popovers. This adds the arrow keys, closes a menu when something in it is chosen, and places
// it in browsers that cannot anchor it.

const entries = (menu) => [...menu.querySelectorAll("a, button")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const opener = event.target.closest?.("[popovertarget][aria-expanded=true], [popovertarget]");
  const menu = event.target.closest?.(".menu") ?? (opener && document.getElementById(opener.getAttribute("popovertarget")));
  if (!menu || event.target.matches("input, select")) return;
  if (!menu.matches(":popover-open")) menu.showPopover({ source: opener });
  const all = entries(menu);
  const at = all.indexOf(document.activeElement);
  const to = event.key === "ArrowDown" ? at + 1 : at < 0 ? all.length - 1 : at - 1;
  all[(to + all.length) % all.length]?.focus();
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const entry = event.target.closest(".menu a, .menu button");
  const menu = entry?.closest("[popover]");
  if (menu && !entry.closest(".expiry-form")) menu.hidePopover();
});

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.classList?.contains("menu") || CSS.supports("position-area", "bottom")) return;
  const at = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
  const below = at.bottom + menu.offsetHeight + 8 < window.innerHeight;
  menu.style.setProperty("inset", "auto");
  menu.style.setProperty("top", `${below ? at.bottom + 4 : Math.max(8, at.top - menu.offsetHeight - 4)}px`);
  menu.style.setProperty("left", `${Math.max(8, Math.min(at.right - menu.offsetWidth, window.innerWidth - menu.offsetWidth - 8))}px`);
}, true);
