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
  live.since = localStorage.getItem(VISIT);
  const count = fresh(live, live.since);
  if (count) {
    const told = live.querySelector(".visit");
    told.querySelector(".n").textContent = count;
    told.hidden = false;
  }
  const newest = [...live.querySelectorAll("[data-at]")].map((row) => row.dataset.at).sort().pop();
  if (newest && (!live.since || newest > live.since)) localStorage.setItem(VISIT, newest);
  live.since ??= newest ?? "0"; // on a first visit only what comes from now on is new
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
function light(claims, roles) {
  for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (!claims.length) return;
  for (const card of document.querySelectorAll("[data-claim]")) card.classList.toggle("lit", claims.includes(card.dataset.claim));
  for (const mark of document.querySelectorAll("mark[data-claims]")) {
    const own = mark.dataset.claims.trim().split(" ").some((claim) => claims.includes(claim));
    const role = !roles || mark.dataset.roles.split(" ").includes(roles);
    mark.classList.toggle("lit", own && role);
  }
}
document.addEventListener("mouseover", (event) => {
  const mark = event.target.closest("mark[data-claims]");
  const card = event.target.closest(".card[data-claim]");
  if (mark) light(mark.dataset.claims.trim().split(" "));
  else if (card) light([card.dataset.claim], event.target.closest("[data-role]")?.dataset.role);
});
document.addEventListener("focusin", (event) => {
  const card = event.target.closest(".card[data-claim]");
  if (card) light([card.dataset.claim]);
});
document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".card[data-claim]");
  if (event.key === "Enter" && event.target === card) {
    document.querySelector(`mark[data-claims~="${card.dataset.claim}"]`)?.scrollIntoView({ block: "center" });
  }
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
const reading = parseFloat(localStorage.getItem("sijill.reading"));
if (reading) document.documentElement.style.setProperty("--reading", `${reading}rem`);

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

// -- the review desk -----------------------------------------------------------------------------------------------
const desk = document.getElementById("desk");
if (desk) {
  const field = (n) => desk.querySelectorAll(".field [name=value]")[n];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, select, textarea");
    if (typing) { if (event.key === "Escape" && !choosing()) typing.blur(); return; }
    const button = desk.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) { event.preventDefault(); button.click(); return; }
    const number = event.key === "j" ? 0 : Number(event.key) - 1;
    if (/^[1-9j]$/.test(event.key) && field(number)) {
      event.preventDefault();
      field(number).focus();
      field(number).select?.();
    }
  });
  desk.addEventListener("change", (event) => event.target.closest(".field")?.classList.add("changed"));

  // A list of places under the field: arrows and Enter choose, Escape closes.
  let list = null;
  let mark = -1;
  const choosing = () => list !== null;
  const close = () => { list?.remove(); list = null; mark = -1; desk.querySelector("[data-choose]")?.setAttribute("aria-expanded", "false"); };
  const take = (input, place) => {
    const parts = input.value.split(/[،,]/).slice(0, -1).map((part) => part.trim()).filter(Boolean);
    input.value = [...parts, place.id].join("، ");
    input.closest(".field").classList.add("changed");
    input.closest(".field").querySelector(".chosen-name")?.remove();
    const told = document.createElement("p");
    told.className = "was chosen-name";
    told.textContent = [place.ar, place.en, place.admin1, place.country].filter(Boolean).join(" · ");
    input.closest(".field").append(told);
    close();
    input.focus();
  };
  const offer = (input, places) => {
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
  };
  const point = (input, to) => {
    mark = (to + list.places.length) % list.places.length;
    [...list.children].forEach((item, n) => item.setAttribute("aria-selected", n === mark));
    input.setAttribute("aria-activedescendant", `choice-${mark}`);
  };
  desk.addEventListener("input", (event) => {
    const input = event.target.closest("[data-choose]");
    if (!input) return;
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const last = input.value.split(/[،,]/).pop().trim();
      if (last.length < 2) { close(); return; }
      const answer = await fetch(`${input.dataset.choose}?q=${encodeURIComponent(last)}`);
      if (answer.ok) offer(input, await answer.json());
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
  // What was saved is saved: the keys of the desk work again at once.
  document.addEventListener("htmx:afterSettle", () => {
    if (desk.contains(document.activeElement)) document.activeElement.blur();
  });
  // The map follows the claim.
  document.addEventListener("htmx:afterSwap", async () => {
    const box = document.querySelector("[data-place-map] [data-map]");
    const shown = desk.querySelector(".desk");
    if (!box?.sijillMap || !shown || box.dataset.map.endsWith(`=${shown.dataset.incident}`)) return;
    box.dataset.map = `/map.json?incident=${shown.dataset.incident}`;
    const told = await (await fetch(box.dataset.map)).json();
    box.sijillMap.getSource("places")?.setData(told);
    if (told.features.length) box.sijillMap.easeTo({ center: [told.features[0].properties.lon, told.features[0].properties.lat], duration: 0 });
  });
}
