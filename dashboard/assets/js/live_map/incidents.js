/* Incidents as density cells. Small cells are put together until one can be seen: 250 m close
   up, a kilometre over the whole city. */
(function (lm) {
  "use strict";
  const SEEN_PX = 22; // a smaller square drowns among devices
  const ABOVE_Z = 2;

  /** cells: rows of [lon0, lat0, lon1, lat1, n, expected, z], all of one size; joined `by` x `by`.
      periods: how many such spans the weeks before hold. Squares without an incident fall out. */
  lm.joinCells = function (cells, by, periods) {
    if (by === 1) return cells.filter((cell) => cell[4] > 0);
    const joined = new Map();
    for (const [lon0, lat0, lon1, lat1, n, expected] of cells) {
      const w = lon1 - lon0, h = lat1 - lat0;
      const west = Math.floor(Math.round(lon0 / w) / by) * by * w;
      const south = Math.floor(Math.round(lat0 / h) / by) * by * h;
      const key = Math.round(west / w) + " " + Math.round(south / h);
      const sum = joined.get(key) ?? [west, south, west + by * w, south + by * h, 0, null, null];
      sum[4] += n;
      if (expected !== null) sum[5] = (sum[5] ?? 0) + expected;
      joined.set(key, sum);
    }
    const seen = [...joined.values()].filter((cell) => cell[4] > 0);
    for (const cell of seen) cell[6] = cell[5] === null ? null : against(cell[4], cell[5], periods);
    return seen;
  };

  /** As dashboard/usual.py: change_z. */
  function against(n, expected, periods) {
    return (2 * (Math.sqrt(n) - Math.sqrt(expected))) / Math.sqrt(1 + 1 / periods);
  }

  /** More is more opaque; a cell well above the weeks before has a rim and an arrow. */
  lm.drawIncidents = function (c, view, incidents) {
    const all = incidents?.cells ?? [];
    if (!all.length) return;
    const side = (all[0][2] - all[0][0]) / 360 * view.scale;
    const by = 2 ** Math.max(0, Math.ceil(Math.log2(SEEN_PX / side)));
    const cells = lm.joinCells(all, by, incidents.before_days / incidents.days);
    const most = Math.max(3, ...cells.map((cell) => cell[4]));
    for (const [lon0, lat0, lon1, lat1, n, , z] of cells) {
      const [x0, y0] = lm.mercator(lon0, lat1), [x1, y1] = lm.mercator(lon1, lat0);
      const left = x0 * view.scale - view.x, top = y0 * view.scale - view.y;
      const w = (x1 - x0) * view.scale, h = (y1 - y0) * view.scale;
      if (left + w < 0 || top + h < 0 || left > view.w || top > view.h) continue;
      cell(c, left, top, w, h, n / most, z !== null && z >= ABOVE_Z);
    }
  };

  function cell(c, left, top, w, h, share, above) {
    c.fillStyle = lm.theme.colour("map-incident");
    c.globalAlpha = 0.15 + 0.45 * share;
    c.fillRect(left + 0.5, top + 0.5, w - 1, h - 1);
    c.globalAlpha = 1;
    if (!above) return;
    c.strokeStyle = lm.theme.colour("map-incident");
    c.lineWidth = 1.5;
    c.strokeRect(left + 1, top + 1, w - 2, h - 2);
    const x = left + w - 8, y = top + 8;
    c.beginPath();
    c.moveTo(x - 4, y + 3);
    c.lineTo(x, y - 3);
    c.lineTo(x + 4, y + 3);
    c.lineWidth = 2;
    c.stroke();
  }
})(window.liveMap);
