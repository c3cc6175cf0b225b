/* Squares of 250 m on the trends map: grey by how many, hot spots in violet with a rim around
   them and, close up, hatched, so that it is not colour alone; what is picked; the cursor. */
window.trendsMap = window.trendsMap ?? {};

(function (lm, ours) {
  "use strict";
  const HATCHED_FROM = 11; // css pixels of a cell's side
  const SMALLEST_MARK = 13;
  const HOT = { 2: 0.62, 1: 0.34 }; // how opaque

  ours.drawData = function (c, view, page) {
    if (page.data.surface === "kde") return page.density?.draw(c, view, page.data.grid);
    const at = placer(view, page.data.grid);
    for (const [number, cell] of page.cells) if (!cell.hot) plain(c, at(number), cell, page.most);
    for (const level of [1, 2]) hotSpots(c, view, page, at, level);
  };

  /** number -> [left, top, width, height] in css pixels. */
  function placer(view, [west, south, dx, dy, columns]) {
    return (number) => {
      const column = number % columns, row = Math.floor(number / columns);
      const [x0, y0] = lm.mercator(west + column * dx, south + (row + 1) * dy);
      const [x1, y1] = lm.mercator(west + (column + 1) * dx, south + row * dy);
      const left = x0 * view.scale - view.x, top = y0 * view.scale - view.y;
      return [left, top, (x1 - x0) * view.scale, (y1 - y0) * view.scale];
    };
  }

  function plain(c, [left, top, w, h], { n }, most) {
    if (n === 0) return;
    c.globalAlpha = n === null ? 0.15 : 0.15 + 0.55 * (n / most) ** 0.4;
    c.fillStyle = lm.theme.colour("chart-bar");
    c.fillRect(left + 0.5, top + 0.5, w - 1, h - 1);
    c.globalAlpha = 1;
  }

  function hotSpots(c, view, page, at, level) {
    const columns = page.data.grid[4], rim = new Path2D(), squares = new Path2D();
    const same = (number) => page.cells.get(number)?.hot === level;
    let side = 0;
    for (const [number, cell] of page.cells) {
      if (cell.hot !== level) continue;
      const [left, top, w, h] = at(number);
      side = w;
      squares.rect(left, top, w, h);
      edge(rim, same(number + columns), left, top, left + w, top);
      edge(rim, same(number - columns), left, top + h, left + w, top + h);
      edge(rim, same(number - 1), left, top, left, top + h);
      edge(rim, same(number + 1), left + w, top, left + w, top + h);
    }
    if (!side) return;
    c.fillStyle = c.strokeStyle = lm.theme.colour("map-incident");
    c.globalAlpha = HOT[level];
    c.fill(squares);
    c.globalAlpha = 1;
    if (level === 2 && side >= HATCHED_FROM) hatch(c, view, squares);
    c.lineWidth = level === 2 ? 1.8 : 1.2;
    c.setLineDash(level === 2 ? [] : [3, 2.5]);
    c.stroke(rim);
    c.setLineDash([]);
  }

  function edge(path, inner, x0, y0, x1, y1) {
    if (inner) return;
    path.moveTo(x0, y0);
    path.lineTo(x1, y1);
  }

  function hatch(c, view, squares) {
    c.save();
    c.clip(squares);
    c.globalAlpha = 0.55;
    c.lineWidth = 1;
    c.beginPath();
    for (let x = -view.h; x < view.w; x += 6) {
      c.moveTo(x, view.h);
      c.lineTo(x + view.h, 0);
    }
    c.stroke();
    c.restore();
  }

  // -- what is picked, and the cursor ------------------------------------------------------------

  ours.drawMarks = function (c, view, page) {
    const at = placer(view, page.data.grid);
    if (page.picked !== null) mark(c, at(page.picked), "map-label-strong", []);
    if (page.cursor !== null) mark(c, at(page.cursor), "focus", [4, 3]);
  };

  /** Seen at any zoom: a small square gets a rim around it. */
  function mark(c, [left, top, w, h], look, dash) {
    const more = Math.max(1.5, (SMALLEST_MARK - w) / 2);
    const box = [left - more, top - more, w + 2 * more, h + 2 * more];
    c.lineJoin = "round";
    c.strokeStyle = lm.theme.colour("map-halo");
    c.lineWidth = 5;
    c.strokeRect(...box);
    c.strokeStyle = lm.theme.colour(look);
    c.lineWidth = 2.4;
    c.setLineDash(dash);
    c.strokeRect(...box);
    c.setLineDash([]);
  }
})(window.liveMap, window.trendsMap);
