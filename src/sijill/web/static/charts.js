// The overview's chart, drawn from the table beside it: a stack of bars for each week.
"use strict";
const COLOURS = ["#c2410c", "#2563eb", "#15803d", "#9333ea", "#b45309", "#0891b2"];
const box = document.getElementById("weeks");
const table = box && document.getElementById(box.dataset.table);
if (table && window.uPlot) {
  const rows = [...table.tBodies[0].rows];
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const days = rows.map((row) => Date.parse(row.cells[0].dataset.day) / 1000);
  const labels = rows.map((row) => row.cells[0].textContent);
  const values = names.map((_, n) => rows.map((row) => Number(row.cells[n + 1].dataset.value)));
  // Each series is drawn up to the sum of itself and those before it, the highest first.
  const sums = values.map((_, n) => days.map((_, week) => values.slice(0, n + 1).reduce((sum, one) => sum + one[week], 0)));
  const order = names.map((_, n) => n).reverse();
  const ink = getComputedStyle(document.documentElement).color;
  const figure = (number) => (box.dataset.digits === "arabic" ? String(number).replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]) : String(number));
  const axis = { stroke: ink, font: "12px Plex", grid: { stroke: "#8884", width: 1 } };
  const bars = window.uPlot.paths.bars({ size: [0.85, 40] });
  const chart = new window.uPlot({
    width: box.clientWidth - 8, height: 300, padding: [null, 48, null, null],
    scales: { x: { range: (_, low, high) => [low - 345600, high + 345600] } }, // half a week more on each side
    axes: [{ ...axis, values: (_, at) => at.map((one) => { const near = days.findIndex((day) => day >= one); return labels[near < 0 ? labels.length - 1 : near]; }), space: 130 },
      { ...axis, values: (_, at) => at.map(figure), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] }],
    series: [{ label: box.dataset.time, value: (_, at, __, n) => (n == null ? "—" : labels[n]) }, ...order.map((n) => ({
      label: names[n], stroke: COLOURS[n], fill: COLOURS[n], width: 0, paths: bars, points: { show: false },
      value: (_, __, ___, week) => (week == null ? "—" : figure(values[n][week])),
    }))],
  }, [days, ...order.map((n) => sums[n])], box);
  window.addEventListener("resize", () => chart.setSize({ width: box.clientWidth - 8, height: 300 }));
}
