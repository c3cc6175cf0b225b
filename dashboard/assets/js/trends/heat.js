/* The table of hours (layouts/trends/heat.py) by keyboard: it is one stop, arrows move within it.

   Links other than the one to begin with have tabindex -1, so that 200 of them do not stand
   between a reader and the next picture; Enter picks, as on any link. */
(function () {
  "use strict";

  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  function onKey(event) {
    const link = event.target.closest?.(".heat__pick");
    if (!link || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = target(link, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
  }

  function target(link, key) {
    const cell = link.closest("th, td");
    const row = cell.parentElement;
    if (key === "Home") return linkOf(row.cells[0]) ?? linkOf(row.cells[1]);
    if (key === "End") return [...row.cells].map(linkOf).filter(Boolean).at(-1);
    const step = STEPS[key];
    if (!step) return null;
    const next = row.closest("table").rows[row.rowIndex + step[0]];
    return linkOf(next?.cells[cell.cellIndex + step[1]]);
  }

  function linkOf(cell) {
    return cell?.querySelector(".heat__pick") ?? null;
  }

  document.addEventListener("keydown", onKey);
})();
