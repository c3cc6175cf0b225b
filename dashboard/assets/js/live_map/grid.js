/* A uniform grid over points in world units: which are in a box, which is nearest. Pure.
   Points are kept cell by cell (counts, then one run of indices), so a query walks arrays. */
(function (lm) {
  "use strict";
  const COLUMNS = 96;

  /** x, y: Float64Array of n points. */
  lm.createGrid = function (x, y, n) {
    let x0 = Infinity, y0 = Infinity, x1 = -Infinity, y1 = -Infinity;
    for (let i = 0; i < n; i++) {
      if (x[i] < x0) x0 = x[i];
      if (x[i] > x1) x1 = x[i];
      if (y[i] < y0) y0 = y[i];
      if (y[i] > y1) y1 = y[i];
    }
    const wide = Math.max(x1 - x0, 1e-9) / COLUMNS, high = Math.max(y1 - y0, 1e-9) / COLUMNS;
    const column = (v) => clamp(Math.floor((v - x0) / wide));
    const row = (v) => clamp(Math.floor((v - y0) / high));

    const starts = new Int32Array(COLUMNS * COLUMNS + 1), order = new Int32Array(n);
    for (let i = 0; i < n; i++) starts[row(y[i]) * COLUMNS + column(x[i]) + 1]++;
    for (let c = 0; c < COLUMNS * COLUMNS; c++) starts[c + 1] += starts[c];
    const next = starts.slice();
    for (let i = 0; i < n; i++) order[next[row(y[i]) * COLUMNS + column(x[i])]++] = i;

    /** Indices in cells that touch the box, into `found`; answers how many. */
    function inBox(left, top, right, bottom, found) {
      if (!n || right < x0 || left > x1 || bottom < y0 || top > y1) return 0;
      let count = 0;
      const c0 = column(left), c1 = column(right);
      for (let r = row(top), last = row(bottom); r <= last; r++) {
        const to = starts[r * COLUMNS + c1 + 1];
        for (let at = starts[r * COLUMNS + c0]; at < to; at++) found[count++] = order[at];
      }
      return count;
    }

    return { inBox };
  };

  function clamp(cell) {
    return cell < 0 ? 0 : cell >= COLUMNS ? COLUMNS - 1 : cell;
  }
})(window.liveMap);
