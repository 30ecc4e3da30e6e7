// The overview's chart, drawn from the table beside it.
"use strict";
const COLOURS = ["#c2410c", "#2563eb", "#16a34a", "#9333ea", "#ca8a04", "#0891b2"];
const box = document.getElementById("weeks");
const table = box && document.getElementById(box.dataset.table);
if (table && window.uPlot) {
  const rows = [...table.tBodies[0].rows];
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const days = rows.map((row) => Date.parse(row.cells[0].dataset.day) / 1000);
  const columns = names.map((_, n) => rows.map((row) => Number(row.cells[n + 1].dataset.value)));
  const ink = getComputedStyle(document.documentElement).color;
  const axis = { stroke: ink, grid: { stroke: "#8884", width: 1 } };
  const chart = new uPlot({
    width: box.clientWidth - 16, height: 280, axes: [axis, axis],
    series: [{}, ...names.map((label, n) => ({
      label, stroke: COLOURS[n], width: 2, dash: n % 2 ? [6, 3] : [], points: { show: rows.length < 40 },
    }))],
  }, [days, ...columns], box);
  window.addEventListener("resize", () => chart.setSize({ width: box.clientWidth - 16, height: 280 }));
}
