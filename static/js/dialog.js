// The one modal dialog: a page's part loaded into <dialog id="dialog">. Without it (the part is a page of its own)
// the same links and forms work in the page.

const dialog = document.getElementById("dialog");
const body = document.getElementById("dialog-body");
let invoker = null;

// Remember what opened the dialog, before a menu closes or a table is replaced.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[hx-target='#dialog-body']") ?? event.target.closest("button");
  if (!dialog || dialog.open || !opener?.closest("[hx-target='#dialog-body']")) return;
  const menu = opener.closest("[popover]");
  const button = menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : opener;
  invoker = { element: button, id: button.id, row: rowOf(button) };
}, true);

// The rows after and before this one, for when it is gone.
function rowOf(element) {
  const row = element.closest("tr, li");
  return row ? [row.nextElementSibling?.id, row.nextElementSibling, row.previousElementSibling] : [];
}

// A step that begins at a row of the Share dialog comes back to that row, or to the next when the row is gone.
let cameFrom = [];
body?.addEventListener("click", (event) => {
  const row = event.target.closest("[hx-target='#dialog-body']")?.closest("li[id]");
  if (row) cameFrom = [row.id, row.nextElementSibling?.id, row.previousElementSibling?.id];
}, true);

function rowAgain() {
  if (!body.querySelector("#share")) return null;
  const row = cameFrom.map((id) => id && document.getElementById(id)).find(Boolean);
  cameFrom = [];
  return row?.querySelector(".more") ?? null;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "dialog-body" || !body.firstElementChild) return;
  if (dialog && !dialog.open) dialog.showModal();
  focusInside();
});

// What is wrong comes first, then the first thing to fill in; before a step that is hard to undo, the way back.
function focusInside() {
  const danger = body.querySelector(".danger[type=submit]");
  const target = body.querySelector("[aria-invalid='true']") ?? rowAgain() ?? body.querySelector("[data-passkey]:not([hidden])")
    ?? (danger ? body.querySelector("input:not([type=hidden]), .dialog-foot [data-first], .dialog-foot [data-close]") : null)
    ?? body.querySelector("input:not([type=hidden]):not([type=radio]):not([readonly]), textarea:not([hidden])")
    ?? body.querySelector("input[type=radio]:checked, input[readonly], .dialog-foot [data-close]");
  target?.focus();
}

// Undo goes with the message that it stands in: the next message is then where somebody is.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "share-access" && document.activeElement === document.body) document.getElementById("dialog-says")?.focus();
});

document.addEventListener("click", (event) => {
  if (!dialog?.open) return;
  const close = event.target.closest("[data-close]");
  if (close && dialog.contains(close)) {
    event.preventDefault();
    dialog.close();
  }
});

// A press that begins and ends on the backdrop closes; one that only ends there (a text was selected) does not.
let pressed = null;
dialog?.addEventListener("pointerdown", (event) => { pressed = event.target; });
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog && pressed === dialog && !body.querySelector(".chip")) dialog.close();
});

// Escape closes an open list of suggestions first.
dialog?.addEventListener("cancel", (event) => {
  if (dialog.querySelector("[role=combobox][aria-expanded=true]")) event.preventDefault();
});

dialog?.addEventListener("close", () => {
  body.replaceChildren();
  restoreFocus();
});

// The part of the page may be replaced after the dialog closed: the focus is then looked for again, unless it has moved on.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!dialog?.open && event.detail.requestConfig?.triggeringEvent?.type === "refresh") restoreFocus();
});

function restoreFocus() {
  if (!invoker || (document.activeElement && document.activeElement !== document.body)) return;
  const found = [invoker.element, document.getElementById(invoker.id)].find((element) => element?.isConnected);
  (found ?? neighbour() ?? document.getElementById("main"))?.focus();
}

function neighbour() {
  for (const row of invoker.row) {
    const element = typeof row === "string" ? document.getElementById(row) : row;
    if (element?.isConnected) return element.querySelector("button, a, select");
  }
  return document.querySelector("[data-refresh] tbody a, [data-refresh] a");
}

// A change can answer with another page, or this one anew (HX-Redirect): the focus is then found again by its id.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  const id = dialog?.open ? invoker?.id : document.activeElement?.closest("[id]")?.id;
  if (id) sessionStorage.setItem("focus", id);
});
const kept = sessionStorage.getItem("focus");
sessionStorage.removeItem("focus");
if (kept) (document.getElementById(kept) ?? document.getElementById("main"))?.focus();

// The server says that what the dialog was for is done.
document.addEventListener("done", () => {
  if (dialog?.open) return dialog.close();
  const back = document.querySelector(".dialog-page [data-close]");
  if (back) window.location.assign(back.href);
});
