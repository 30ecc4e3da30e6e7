// The map: land, borders, governorates and towns out of the server's own data; places drawn as areas, never as points.
import * as maplibre from "/static/vendor/maplibre-gl.mjs";

maplibre.setWorkerUrl("/static/vendor/maplibre-gl-worker.mjs");
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const ink = dark
  ? { sea: "#10222b", land: "#26241f", line: "#6b655e", soft: "#46423d", text: "#e7e5e4", halo: "#171513" }
  : { sea: "#cfe3ea", land: "#f6f3ea", line: "#8a8177", soft: "#cfc7bb", text: "#292524", halo: "#ffffff" };
const FONT = ["Kufi"];

function style(ground, places, language) {
  const source = (data) => ({ type: "geojson", data });
  const label = (id, filter, size, minzoom) => ({
    id, type: "symbol", source: "labels", filter, minzoom,
    layout: { "text-field": ["get", language], "text-font": FONT, "text-size": size, "symbol-sort-key": ["-", 0, ["get", "people"]] },
    paint: { "text-color": ink.text, "text-halo-color": ink.halo, "text-halo-width": 1.4 },
  });
  return {
    version: 8,
    sources: { land: source(ground.land), governorates: source(ground.governorates), labels: source(ground.labels), places: source(places) },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": ink.sea } },
      { id: "land", type: "fill", source: "land", paint: { "fill-color": ink.land } },
      { id: "governorates", type: "line", source: "governorates", minzoom: 4, paint: { "line-color": ink.soft, "line-width": 0.8 } },
      { id: "borders", type: "line", source: "land", paint: { "line-color": ink.line, "line-width": 1.2 } },
      { id: "area", type: "fill", source: "places", filter: ["in", ["get", "precision"], ["literal", ["governorate", "district", "region"]]],
        paint: { "fill-color": "#b45309", "fill-opacity": ["interpolate", ["linear"], ["get", "incidents"], 1, 0.12, 50, 0.35] } },
      { id: "area-edge", type: "line", source: "places", paint: { "line-color": "#9f1239", "line-width": 1.5, "line-dasharray": [3, 2] } },
      { id: "town", type: "fill", source: "places", filter: ["in", ["get", "precision"], ["literal", ["town", "site"]]],
        paint: { "fill-color": "#be123c", "fill-opacity": 0.45 } },
      label("countries", ["==", ["get", "kind"], "country"], 14, 0),
      label("towns", ["==", ["get", "kind"], "town"], 12, 5),
    ],
  };
}

function bounds(places) {
  const box = new maplibre.LngLatBounds();
  for (const place of places.features) box.extend([place.properties.lon, place.properties.lat]);
  return box;
}

// How many incidents lie near each other: one number for places that would lie on each other at this zoom.
function counts(map, places) {
  for (const old of map.counted ?? []) old.remove();
  map.counted = [];
  const near = [];
  for (const place of places.features) {
    const at = map.project([place.properties.lon, place.properties.lat]);
    const group = near.find((other) => Math.hypot(other.at.x - at.x, other.at.y - at.y) < 36);
    if (group) { group.count += place.properties.incidents; continue; }
    near.push({ at, count: place.properties.incidents, where: [place.properties.lon, place.properties.lat] });
  }
  for (const group of near) {
    if (group.count < 2) continue;
    const element = document.createElement("span");
    element.className = "count";
    element.setAttribute("aria-hidden", "true");
    element.textContent = group.count;
    map.counted.push(new maplibre.Marker({ element }).setLngLat(group.where).addTo(map));
  }
}

async function draw(box) {
  const language = box.dataset.language;
  const [ground, places] = await Promise.all(["/ground.json", box.dataset.map].map(async (url) => (await fetch(url)).json()));
  const map = new maplibre.Map({
    container: box, style: style(ground, places, language), center: [38, 34], zoom: 4.2, attributionControl: false,
    cooperativeGestures: false, localIdeographFontFamily: "Kufi, sans-serif", renderWorldCopies: false,
  });
  map.getCanvas().setAttribute("aria-label", box.dataset.label);
  map.addControl(new maplibre.NavigationControl({ showCompass: false }));
  if (places.features.length) map.fitBounds(bounds(places), { padding: 40, maxZoom: 9, animate: false });
  map.on("load", () => { counts(map, places); box.dataset.drawn = places.features.length; });
  map.on("zoomend", () => counts(map, places));
  for (const layer of ["town", "area"]) {
    map.on("click", layer, (event) => {
      const told = event.features[0].properties;
      const link = document.createElement("a");
      link.href = `/?place=${encodeURIComponent(told.told)}`;
      link.textContent = `${told[language]}: ${told.incidents} ${box.dataset.incidents}`;
      new maplibre.Popup().setLngLat(event.lngLat).setDOMContent(link).addTo(map);
    });
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  window.sijillMap = map;
}

for (const box of document.querySelectorAll("[data-map]")) {
  try {
    await document.fonts.load("16px Kufi");
    await draw(box);
  } catch (error) {
    box.querySelector(".nomap")?.removeAttribute("hidden");
    box.dataset.failed = String(error);
  }
}
