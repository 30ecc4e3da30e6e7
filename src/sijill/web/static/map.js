// The map: land, rivers, borders, governorates and towns out of the server's own data. Places are drawn as areas as
// wide as they were told, never as points; what lies close together is counted by the server for each zoom.
import * as maplibre from "/static/vendor/maplibre-gl.mjs";

maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");
const root = getComputedStyle(document.documentElement);
const dark = root.colorScheme.includes("light dark") ? matchMedia("(prefers-color-scheme: dark)").matches : root.colorScheme === "dark";
const ink = dark
  ? { sea: "#0e1d25", land: "#242826", line: "#79827c", soft: "#414843", river: "#27506a", text: "#e4e8e5", halo: "#121513" }
  : { sea: "#cddfe6", land: "#f8f6f0", line: "#8f8a80", soft: "#d3cec3", river: "#9cc3d6", text: "#2a2d2b", halo: "#ffffff" };
const figure = (box, number) => (box.dataset.digits === "arabic" ? String(number).replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]) : String(number));
const WIDE = ["governorate", "district", "region"];

function style(ground, places, language) {
  const source = (data) => ({ type: "geojson", data });
  const label = (id, filter, size, minzoom) => ({
    id, type: "symbol", source: "labels", filter, minzoom,
    layout: { "text-field": ["get", language], "text-font": ["Plex"], "text-size": size, "symbol-sort-key": ["-", 0, ["get", "people"]] },
    paint: { "text-color": ink.text, "text-halo-color": ink.halo, "text-halo-width": 1.5 },
  });
  return {
    version: 8,
    sources: {
      land: source(ground.land), rivers: source(ground.rivers), governorates: source(ground.governorates),
      labels: source(ground.labels), places: source(places), rings: source(places),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": ink.sea } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": ink.land } },
      { id: "rivers", type: "line", source: "rivers", paint: { "line-color": ink.river, "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.6, 8, 2.2] } },
      { id: "governorates", type: "line", source: "governorates", minzoom: 4, paint: { "line-color": ink.soft, "line-width": 1 } },
      { id: "borders", type: "line", source: "land", paint: { "line-color": ink.line, "line-width": 1.3 } },
      { id: "area", type: "fill", source: "places", filter: ["in", ["get", "precision"], ["literal", WIDE]],
        paint: { "fill-color": "#b45309", "fill-opacity": ["interpolate", ["linear"], ["get", "incidents"], 1, 0.12, 50, 0.3] } },
      { id: "area-edge", type: "line", source: "places", filter: ["has", "precision"], paint: { "line-color": dark ? "#fb7185" : "#9b1130", "line-width": 1.5, "line-dasharray": [3, 2] } },
      { id: "town", type: "fill", source: "places", filter: ["in", ["get", "precision"], ["literal", ["town", "site"]]],
        paint: { "fill-color": "#be123c", "fill-opacity": 0.45 } },
      // A town is too small to be seen from far: a hollow ring tells where to look, and goes when its area can be seen.
      { id: "ring", type: "circle", source: "rings", maxzoom: 9.5,
        paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 3, 9, 9], "circle-color": "#0000", "circle-stroke-color": dark ? "#fb7185" : "#9b1130", "circle-stroke-width": 1.3 } },
      label("countries", ["==", ["get", "kind"], "country"], 14, 0),
      label("towns", ["==", ["get", "kind"], "town"], 12, 5),
    ],
  };
}

function split(told) {
  const areas = told.features.filter((feature) => feature.properties.kind !== "count");
  return { areas: { type: "FeatureCollection", features: areas }, counts: told.features.filter((f) => f.properties.kind === "count") };
}

function put(map, areas) {
  map.getSource("places").setData(areas);
  const rings = areas.features.filter(({ properties: { precision } }) => !WIDE.includes(precision)).map(({ properties }) => (
    { type: "Feature", properties, geometry: { type: "Point", coordinates: [properties.lon, properties.lat] } }
  ));
  map.getSource("rings").setData({ type: "FeatureCollection", features: rings });
}

function words(box, told) {
  const name = told[box.dataset.language];
  const link = document.createElement("a");
  const filters = new URLSearchParams(location.pathname === "/" ? location.search : "");
  for (const gone of ["after", "rows"]) filters.delete(gone);
  filters.set("place", told.told);
  link.href = `/?${filters}`;
  link.textContent = box.dataset.show;
  const title = document.createElement("b");
  title.textContent = name;
  const facts = document.createElement("div");
  facts.textContent = `${box.dataset.incidents}: ${figure(box, told.incidents)}` + (told.killed ? ` · ${box.dataset.killed}: ${figure(box, told.killed)}` : "");
  const whole = document.createElement("div");
  whole.dir = document.dir;
  whole.append(title, facts, link);
  return whole;
}

// Numbers that would lie upon each other are told as one, where most of their incidents are.
const WIDTH = 34;
function apart(map, features) {
  const kept = [];
  for (const { properties: told, geometry: { coordinates } } of [...features].sort((a, b) => b.properties.incidents - a.properties.incidents)) {
    const at = map.project(coordinates);
    const near = kept.find((one) => Math.hypot(one.at.x - at.x, one.at.y - at.y) < WIDTH);
    if (!near) { kept.push({ at, properties: { ...told }, geometry: { coordinates } }); continue; }
    near.properties.incidents += told.incidents;
    near.properties.killed += told.killed;
    near.properties.told = null;
  }
  return kept;
}

// One number for the incidents of places that lie close together at this zoom; a press goes nearer.
function count(map, box, features) {
  for (const old of map.counted ?? []) old.remove();
  map.counted = apart(map, features).filter((feature) => feature.properties.incidents > 1).map((feature) => {
    const told = feature.properties;
    const element = document.createElement("span");
    element.className = "count";
    element.setAttribute("aria-hidden", "true"); // the same figures stand in the table of places
    element.textContent = figure(box, told.incidents);
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      if (told.told) new maplibre.Popup().setLngLat(feature.geometry.coordinates).setDOMContent(words(box, told)).addTo(map);
      else map.easeTo({ center: feature.geometry.coordinates, zoom: Math.min(11, map.getZoom() + 2) });
    });
    return new maplibre.Marker({ element }).setLngLat(feature.geometry.coordinates).addTo(map);
  });
}

// South, west, north, east, none of them beyond the poles or the date line.
function inside(edges, digits) {
  const most = [90, 180, 90, 180];
  return [edges.getSouth(), edges.getWest(), edges.getNorth(), edges.getEast()].map((n, at) => Math.max(-most[at], Math.min(most[at], n)).toFixed(digits).replace(/^(-?(90|180))\.0+$/, "$1"));
}

async function fetched(box, map, signal) {
  const address = new URL(box.dataset.map, location.href);
  if (map && !address.searchParams.has("incident")) {
    const edges = map.getBounds();
    const window = inside(edges, 3);
    address.searchParams.set("zoom", Math.max(0, Math.floor(map.getZoom())));
    address.searchParams.set("window", window.join(","));
  }
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address.pathname}: ${answer.status}`);
  return answer.json();
}

function follow(map, box) {
  let asking;
  const here = box.parentElement.querySelector(".here");
  map.on("moveend", async (event) => {
    if (here && event.originalEvent) {
      const edges = map.getBounds();
      const told = inside(edges, 2);
      const address = new URL(here.href);
      address.searchParams.set("box", told.join(","));
      here.href = address;
      here.hidden = false;
    }
    asking?.abort();
    asking = new AbortController();
    try {
      const told = split(await fetched(box, map, asking.signal));
      put(map, told.areas);
      count(map, box, told.counts);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  });
}

function bounds(told, areas) {
  const box = told.bounds ? new maplibre.LngLatBounds(told.bounds) : new maplibre.LngLatBounds();
  // A few places are shown whole, as wide as they were told.
  const whole = areas.features.length <= 12;
  for (const { geometry, properties: { lon, lat } } of told.bounds && !whole ? [] : areas.features) {
    for (const at of whole ? geometry.coordinates.flat(2) : [[lon, lat]]) box.extend(at);
  }
  return areas.features.length ? box : null;
}

async function draw(box) {
  const [ground, told] = await Promise.all([fetch("/ground.json").then((answer) => answer.json()), fetched(box)]);
  const { areas } = split(told);
  const map = new maplibre.Map({
    container: box, style: style(ground, { type: "FeatureCollection", features: [] }, box.dataset.language), center: [38.5, 34.8],
    zoom: 5, maxZoom: 12, attributionControl: false, localIdeographFontFamily: "Plex, sans-serif", renderWorldCopies: false,
    fadeDuration: 0,
  });
  map.getCanvas().setAttribute("aria-label", box.dataset.label);
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), document.dir === "rtl" ? "top-left" : "top-right");
  const edges = bounds(told, areas);
  if (edges) map.fitBounds(edges, { padding: 45, maxZoom: box.dataset.map.includes("incident=") ? 8 : 9, animate: false });
  map.on("load", async () => {
    const now = split(await fetched(box, map));
    put(map, now.areas);
    count(map, box, now.counts);
    box.dataset.drawn = now.areas.features.length;
    follow(map, box);
  });
  const pressed = (event) => map.queryRenderedFeatures(event.point, { layers: ["ring", "town", "area"] })[0];
  map.on("click", (event) => {
    const place = map.getLayer("ring") && pressed(event);
    if (place) new maplibre.Popup().setLngLat(event.lngLat).setDOMContent(words(box, place.properties)).addTo(map);
  });
  for (const layer of ["ring", "town", "area"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  map.on("click", (event) => box.dispatchEvent(new CustomEvent("placed", { bubbles: true, detail: event.lngLat })));
  map.put = (areas) => put(map, areas);
  box.sijillMap = map;
}

async function drawAll(root) {
  for (const box of root.querySelectorAll("[data-map]:not([data-begun])")) {
    if (!box.offsetWidth) continue; // folded away: it is drawn when it is opened
    box.dataset.begun = "";
    try {
      await document.fonts.load("16px Plex");
      await draw(box);
    } catch (error) {
      box.querySelector(".nomap")?.removeAttribute("hidden");
      box.dataset.failed = String(error);
    }
  }
}
drawAll(document);
document.getElementById("mapfold")?.addEventListener("change", () => drawAll(document));
