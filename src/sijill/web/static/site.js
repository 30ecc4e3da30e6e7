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
  const told = [...parsed.querySelectorAll("li.row")];
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

// -- the review desk ----------------------------------------------------------------------------------------------
if (document.getElementById("desk")) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, select, textarea");
    if (typing) { if (event.key === "Escape") typing.blur(); return; }
    const button = document.querySelector(`#desk [data-key="${CSS.escape(event.key)}"]`);
    if (button) { event.preventDefault(); button.click(); return; }
    if (event.key === "j" || event.key === "k") {
      const fields = [...document.querySelectorAll("#desk .field [name=value]")];
      event.preventDefault();
      (event.key === "j" ? fields[0] : fields.at(-1))?.focus();
    }
  });
  let wait;
  document.addEventListener("input", (event) => {
    const input = event.target.closest("[data-places]");
    if (!input) return;
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const last = input.value.split(/[،,]/).pop().trim();
      if (last.length < 2) return;
      const answer = await fetch(`${input.dataset.places}?q=${encodeURIComponent(last)}`);
      if (!answer.ok) return;
      input.list.replaceChildren(...(await answer.json()).map((place) => {
        const option = document.createElement("option");
        option.value = place.ar;
        option.label = [place.en, place.admin1, place.country].filter(Boolean).join(" · ");
        return option;
      }));
    }, 200);
  });
}
