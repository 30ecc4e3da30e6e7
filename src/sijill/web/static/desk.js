// The review desk by keyboard: verdicts, fields, places out of a list or off the map. No key is lost while a claim is
// being fetched: keys wait, and a verdict is never given on a claim that was not on the screen when it was pressed.
"use strict";
const desk = document.getElementById("desk");
const shownClaim = () => desk.querySelector(".desk")?.dataset.claim;
const VERDICTS = ["a", "x", "n"];

// The key by its letter; on an Arabic keyboard by where it lies.
function letter(event) {
  if (/^[\x20-\x7e]$/.test(event.key)) return event.key.toLowerCase();
  const at = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code ?? "");
  return at ? at[1].toLowerCase() : event.key;
}

function pressed(key) {
  const button = desk.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button) { button.click(); return true; }
  const field = /^[0-9]$/.test(key) && desk.querySelectorAll(".field [name=value]")[(Number(key) + 9) % 10];
  if (!field) return false;
  field.focus();
  field.select?.();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const typing = event.target.closest?.("input, select, textarea");
  if (typing) { if (event.key === "Escape" && !list) typing.blur(); return; }
  const key = letter(event);
  if (event.repeat && VERDICTS.includes(key)) { event.preventDefault(); return; }
  if (pressed(key)) event.preventDefault();
});
desk.addEventListener("change", (event) => event.target.closest(".field")?.classList.add("changed"));

// -- while the desk is being swapped -----------------------------------------------------------------------------
let busy = false;
let held = [];

document.addEventListener("keydown", (event) => {
  if (!busy || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1 && !["Enter", "Escape", "Backspace"].includes(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!event.repeat) held.push({ key: event.key, letter: letter(event), claim: shownClaim() });
}, true);

function replay() {
  while (held.length && !busy) {
    const { key, letter: told, claim } = held.shift();
    const input = document.activeElement?.closest("#desk input, #desk select");
    if (!input) {
      if (!VERDICTS.includes(told) || claim === shownClaim()) pressed(told);
    } else if (key === "Enter") input.form.requestSubmit();
    else if (key === "Escape") input.blur();
    else if (input.matches("input")) typed(input, key);
  }
}

function typed(input, key) {
  const end = key === "Backspace" && input.selectionStart === input.selectionEnd ? input.selectionEnd - 1 : input.selectionStart;
  input.setRangeText(key === "Backspace" ? "" : key, Math.max(0, end), input.selectionEnd, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("htmx:beforeRequest", () => { busy = true; desk.setAttribute("aria-busy", "true"); });
document.addEventListener("htmx:afterSettle", () => {
  if (!busy) return;
  // What was saved is saved: the keys of the desk work again at once.
  if (desk.contains(document.activeElement)) document.activeElement.blur();
  setTimeout(() => { busy = false; desk.removeAttribute("aria-busy"); replay(); }); // it is told for every part of the desk
});
for (const fault of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(fault, () => {
    busy = false;
    held = [];
    desk.removeAttribute("aria-busy");
    desk.querySelector(".lost")?.remove();
    const told = document.createElement("p");
    told.className = "problem lost";
    told.setAttribute("role", "alert");
    told.textContent = desk.dataset.lost;
    desk.prepend(told);
  });
}

// -- a list of places under the field: arrows and Enter choose, Escape closes ---------------------------------------
let list = null;
let mark = -1;
let pause;

function close() {
  list?.remove();
  list = null;
  mark = -1;
  const input = desk.querySelector("[data-choose]");
  input?.setAttribute("aria-expanded", "false");
  input?.removeAttribute("aria-activedescendant");
}

function take(input, place) {
  const parts = input.value.split(/[،,]/).slice(0, -1).map((part) => part.trim()).filter(Boolean);
  input.value = [...parts, place.id].join("، ");
  const field = input.closest(".field");
  field.classList.add("changed");
  field.querySelector(".chosen-name")?.remove();
  const told = document.createElement("p");
  told.className = "was chosen-name";
  told.textContent = [place.ar, place.en, place.admin1, place.country].filter(Boolean).join(" · ");
  field.append(told);
  close();
  input.focus();
}

function offer(input, places) {
  close();
  if (!places.length) return;
  list = document.createElement("ul");
  list.className = "choices";
  list.id = "choices";
  list.setAttribute("role", "listbox");
  list.append(...places.map((place, n) => {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.id = `choice-${n}`;
    item.append(place.ar, " ");
    const more = document.createElement("small");
    more.textContent = [place.en, place.kind, place.admin1, place.country].filter(Boolean).join(" · ");
    item.append(more);
    item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(input, place); });
    return item;
  }));
  list.places = places;
  input.setAttribute("aria-expanded", "true");
  input.parentElement.append(list);
}

function point(input, to) {
  mark = (to + list.places.length) % list.places.length;
  [...list.children].forEach((item, n) => item.setAttribute("aria-selected", n === mark));
  list.children[mark].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", `choice-${mark}`);
}

desk.addEventListener("input", (event) => {
  const input = event.target.closest("[data-choose]");
  if (!input) return;
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const last = input.value.split(/[،,]/).pop().trim();
    if (last.length < 2) { close(); return; }
    const answer = await fetch(`${input.dataset.choose}?q=${encodeURIComponent(last)}`);
    if (answer.ok && input.isConnected && document.activeElement === input) offer(input, await answer.json());
  }, 150);
});
desk.addEventListener("keydown", (event) => {
  const input = event.target.closest("[data-choose]");
  if (!input || !list) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") point(input, mark + (event.key === "ArrowDown" ? 1 : -1));
  else if (event.key === "Enter" && mark >= 0) take(input, list.places[mark]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
desk.addEventListener("focusout", () => setTimeout(() => { if (list && !desk.contains(document.activeElement)) close(); }, 100));

// -- the map: a press offers the places there, and it follows the claim ----------------------------------------------
document.addEventListener("placed", async (event) => {
  const input = desk.querySelector("[data-choose]");
  if (!input) return;
  const { lat, lng } = event.detail;
  const answer = await fetch(`${input.dataset.choose}?near=${lat.toFixed(4)},${lng.toFixed(4)}`);
  if (!answer.ok) return;
  input.focus();
  input.value = "";
  offer(input, await answer.json());
  if (list) point(input, 0);
});
document.addEventListener("htmx:afterSwap", async () => {
  list = null;
  const box = document.querySelector("[data-place-map] [data-map]");
  const shown = desk.querySelector(".desk");
  if (!box?.sijillMap || !shown || box.dataset.map.endsWith(`=${shown.dataset.incident}`)) return;
  box.dataset.map = `/map.json?incident=${shown.dataset.incident}`;
  const told = await (await fetch(box.dataset.map)).json();
  if (box.sijillMap.getSource("places")) box.sijillMap.put(told);
  if (told.features.length) box.sijillMap.easeTo({ center: [told.features[0].properties.lon, told.features[0].properties.lat], duration: 0 });
});
