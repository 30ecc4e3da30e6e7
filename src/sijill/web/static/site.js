// What pages do beyond being read: live rows, marks and values that light each other, keys of the review desk.
"use strict";

// -- live rows ----------------------------------------------------------------------------------------------------
const live = document.querySelector("[data-live]");
const VISIT = "sijill.visit";

function fresh(root, since) {
  let count = 0;
  for (const row of root.querySelectorAll("[data-at]")) {
    if (!since || row.dataset.at <= since) continue;
    const told = row.querySelector(".fresh");
    told.textContent = row.dataset.added > since ? told.dataset.new : told.dataset.changed;
    told.hidden = false;
    row.classList.add("fresh-row");
    count += 1;
  }
  return count;
}

async function refresh() {
  const answer = await fetch(live.dataset.rows, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const rows = document.getElementById("rows");
  const parsed = new DOMParser().parseFromString(`<ol>${await answer.text()}</ol>`, "text/html");
  const start = window.scrollY;
  const before = rows.getBoundingClientRect().height;
  // New and changed rows take their place one by one; rows that stay are not touched, nor is the focus in them.
  const told = [...parsed.querySelectorAll("li.row, li.day")];
  let spot = rows.firstElementChild;
  for (const row of told) {
    const old = document.getElementById(row.id);
    if (old && old.dataset.at === row.dataset.at) { spot = old.nextElementSibling; continue; }
    if (old) { old.replaceWith(row); spot = row.nextElementSibling; continue; }
    rows.insertBefore(row, spot);
  }
  rows.hidden = false;
  live.querySelector(".empty")?.remove();
  fresh(rows, live.since);
  htmx.process(rows);
  if (start > rows.offsetTop) window.scrollTo(0, start + rows.getBoundingClientRect().height - before);
}

if (live) {
  // Within one sitting the last visit stays the one before it, however often the page is narrowed or loaded again.
  live.since = sessionStorage.getItem(VISIT) ?? localStorage.getItem(VISIT);
  const count = fresh(live, live.since);
  if (count) {
    const told = live.querySelector(".visit");
    told.querySelector(".n").textContent = count;
    told.hidden = false;
  }
  const newest = [...live.querySelectorAll("[data-at]")].map((row) => row.dataset.at).sort().pop();
  if (newest && (!live.since || newest > live.since)) localStorage.setItem(VISIT, newest);
  live.since ??= newest ?? "0"; // on a first visit only what comes from now on is new
  sessionStorage.setItem(VISIT, live.since);
  const button = live.querySelector(".arrived button");
  let version = null;
  const source = new EventSource(live.dataset.live);
  source.addEventListener("version", (event) => {
    if (version === null || version === event.data) { version = event.data; return; }
    version = event.data;
    if (window.scrollY < 200 && !document.activeElement.closest("#rows")) refresh();
    else button.hidden = false;
  });
  button.addEventListener("click", async () => { await refresh(); button.hidden = true; });
  window.addEventListener("pagehide", () => source.close());
}

// -- the timeline: dragging across days narrows to them ---------------------------------------------------------------
const timeline = document.querySelector("svg[data-brush]");
if (timeline) {
  const bars = [...timeline.querySelectorAll("a[data-first]")];
  const brush = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  brush.classList.add("brush");
  brush.setAttribute("height", "104");
  let from = null;
  const share = (event) => {
    const box = timeline.getBoundingClientRect();
    return Math.min(0.9999, Math.max(0, (event.clientX - box.left) / box.width));
  };
  timeline.addEventListener("pointerdown", (event) => { if (event.button === 0) from = share(event); });
  timeline.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const now = share(event);
    if (!brush.isConnected && Math.abs(now - from) < 0.01) return;
    if (!brush.isConnected) { timeline.append(brush); timeline.setPointerCapture(event.pointerId); }
    brush.setAttribute("x", `${100 * Math.min(from, now)}%`);
    brush.setAttribute("width", `${100 * Math.abs(now - from)}%`);
  });
  timeline.addEventListener("pointerup", (event) => {
    if (brush.isConnected) {
      const [low, high] = [from, share(event)].sort((a, b) => a - b).map((at) => bars[Math.floor(at * bars.length)]);
      const address = new URL(timeline.dataset.brush, location.href);
      address.searchParams.set("since", low.dataset.first);
      address.searchParams.set("until", high.dataset.last);
      location.assign(address);
    }
    from = null;
  });
  timeline.addEventListener("click", (event) => { if (brush.isConnected) event.preventDefault(); }, true);
  timeline.addEventListener("dragstart", (event) => event.preventDefault());
}

// -- a value and its words ----------------------------------------------------------------------------------------
const claimsOf = (mark) => mark.dataset.claims.trim().split(" ");
const marksOf = (claim, role) => [...document.querySelectorAll(`mark[data-claims~="${claim}"]`)].filter((mark) => !role || mark.dataset.roles.split(" ").includes(role));

function light(claims, role) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  for (const card of document.querySelectorAll("[data-claim]")) card.classList.toggle("lit", claims.includes(card.dataset.claim));
  for (const claim of claims) for (const mark of marksOf(claim, role)) mark.classList.add("lit");
}

// A card is brought into view in its own list alone: the text must not move under the pointer.
function bring(card) {
  const list = card?.closest(".cards");
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const [inner, outer] = [card.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top + 6;
  else if (inner.bottom > outer.bottom) list.scrollTop += Math.min(inner.top - outer.top, inner.bottom - outer.bottom) + 6;
}

function go(element) {
  if (!element) return;
  if (element.matches("mark")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

document.addEventListener("mouseover", (event) => {
  const mark = event.target.closest("mark[data-claims]");
  const card = event.target.closest(".card[data-claim]");
  if (mark) {
    light(claimsOf(mark));
    bring(document.querySelector(".card.lit"));
  } else if (card) light([card.dataset.claim], event.target.closest("[data-role]")?.dataset.role);
});
document.addEventListener("focusin", (event) => {
  const card = event.target.closest(".card[data-claim]");
  if (card) light([card.dataset.claim], event.target.closest("[data-role]")?.dataset.role);
});
document.addEventListener("click", (event) => {
  const mark = event.target.closest(".text mark[data-claims]");
  if (mark) go(document.getElementById(claimsOf(mark)[0]));
});

// From a card by arrows to its values, by Enter to the words of card or value; among the words by arrows, and back by Escape.
let cameFrom = null;
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  const here = event.target;
  const card = here.closest?.(".card[data-claim]");
  if (card && (here === card || here.matches("[data-role]"))) {
    const stops = [card, ...card.querySelectorAll("[data-role]")];
    if (event.key === "Enter") { cameFrom = here; go(marksOf(card.dataset.claim, here.dataset.role)[0]); }
    else if (event.key.startsWith("Arrow") && (event.key === "ArrowDown" || event.key === "ArrowUp")) go(stops[stops.indexOf(here) + step]);
    else return;
  } else if (here.matches?.("mark[data-claims]")) {
    const origin = cameFrom ?? document.getElementById(claimsOf(here)[0]);
    const marks = marksOf(origin.closest(".card").dataset.claim, origin.dataset.role);
    if (event.key === "Escape" || event.key === "Enter") go(origin);
    else if (step) go(marks[(marks.indexOf(here) + step + marks.length) % marks.length]);
    else return;
  } else return;
  event.preventDefault();
});

// -- small things -------------------------------------------------------------------------------------------------
document.addEventListener("click", (event) => {
  const size = event.target.closest("[data-size]");
  if (size) {
    const now = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--reading")) || 1.2;
    const next = Math.min(2.4, Math.max(0.8, now + 0.15 * Number(size.dataset.size)));
    document.documentElement.style.setProperty("--reading", `${next}rem`);
    localStorage.setItem("sijill.reading", next);
  }
  if (event.target.closest(".print")) window.print();
});
window.addEventListener("beforeprint", () => {
  for (const told of document.querySelectorAll(".address bdi")) told.textContent = location.href;
});
// A map whose script cannot be had says so.
document.querySelector("script[src='/static/map.js']")?.addEventListener("error", () => {
  for (const told of document.querySelectorAll(".nomap")) told.hidden = false;
  for (const box of document.querySelectorAll("[data-map]")) box.dataset.failed = "script";
});
const nav = document.querySelector(".top nav");
nav?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
const reading = parseFloat(localStorage.getItem("sijill.reading"));
if (reading) document.documentElement.style.setProperty("--reading", `${reading}rem`);

// -- a day may be typed as it is said, or picked ------------------------------------------------------------------------
for (const box of document.querySelectorAll(".day-in")) {
  const [typed, picked, button] = [box.querySelector("[name]"), box.querySelector("[type=date]"), box.querySelector("button")];
  if (!picked.showPicker) continue;
  picked.hidden = button.hidden = false;
  button.addEventListener("click", () => picked.showPicker());
  picked.addEventListener("change", () => { typed.value = picked.value; });
}

// -- places offered while one is typed ------------------------------------------------------------------------------
let wait;
document.addEventListener("input", (event) => {
  const input = event.target.closest?.("[data-places]");
  if (!input) return;
  clearTimeout(wait);
  wait = setTimeout(async () => {
    if (input.value.trim().length < 2) return;
    const answer = await fetch(`${input.dataset.places}?q=${encodeURIComponent(input.value.trim())}`);
    if (!answer.ok) return;
    input.list.replaceChildren(...(await answer.json()).map((place) => {
      const option = document.createElement("option");
      option.value = place.ar;
      option.label = [place.en, place.admin1, place.country].filter(Boolean).join(" · ");
      return option;
    }));
  }, 200);
});
