/* Far away: devices gathered into bubbles that show how many, the mix of states as a ring, and
   the worst state as a shape at the rim. */
(function (lm) {
  "use strict";
  const CELL_PX = 72;
  const MIN_ARC = 0.16; // radians: even one fault in a thousand can be seen
  const NONE = 255;

  lm.createBubbles = function () {
    let bubbles = [];

    function draw(context, view, store, shown) {
      const { width, height } = context.canvas;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      context.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
      bubbles = gather(view, store, shown);
      for (const bubble of bubbles) paint(context, store, bubble);
    }

    /** The bubble under a point of the view, in css pixels. */
    function at(x, y) {
      return bubbles.find((one) => Math.hypot(one.x - x, one.y - y) <= one.r + 2) ?? null;
    }

    return { draw, at };
  };

  /** Cells are fixed to the world, so bubbles stay where they are while panning. */
  function gather(view, store, shown) {
    const cells = new Map(), { status, x, y } = store;
    for (let i = 0; i < store.n; i++) {
      if (!shown[i] || status[i] === NONE) continue;
      const wx = x[i] * view.scale, wy = y[i] * view.scale;
      const key = Math.floor(wy / CELL_PX) * 1e6 + Math.floor(wx / CELL_PX);
      let cell = cells.get(key);
      if (!cell) cells.set(key, (cell = { n: 0, x: 0, y: 0, by: new Uint32Array(store.statuses.length) }));
      cell.n++;
      cell.x += wx;
      cell.y += wy;
      cell.by[status[i]]++;
    }
    const merged = [];
    for (const cell of [...cells.values()].sort((a, b) => b.n - a.n)) {
      const near = merged.find((one) => touches(one, cell));
      if (near) join(near, cell);
      else merged.push(cell);
    }
    return merged.map((cell) => ({
      x: cell.x / cell.n - view.x, y: cell.y / cell.n - view.y, n: cell.n, by: cell.by, r: radius(cell.n),
    }));
  }

  const radius = (n) => Math.min(28, 9 + 1.5 * Math.log2(n + 1));

  /** Bubbles that would cover each other's numbers become one. */
  function touches(a, b) {
    const gap = Math.hypot(a.x / a.n - b.x / b.n, a.y / a.n - b.y / b.n);
    return gap < (radius(a.n) + radius(b.n)) * 0.8;
  }

  function join(into, cell) {
    into.n += cell.n;
    into.x += cell.x;
    into.y += cell.y;
    cell.by.forEach((n, status) => { into.by[status] += n; });
  }

  function paint(c, store, bubble) {
    c.save();
    c.translate(bubble.x, bubble.y);
    c.beginPath();
    c.arc(0, 0, bubble.r, 0, 2 * Math.PI);
    c.fillStyle = lm.theme.colour("veil");
    c.fill();
    ring(c, store, bubble);
    c.fillStyle = lm.theme.colour("text");
    c.font = "600 12px " + getComputedStyle(document.body).fontFamily;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(lm.format.count(bubble.n), 0, 0.5);
    worst(c, store, bubble);
    c.restore();
  }

  function ring(c, store, bubble) {
    c.lineWidth = 3;
    c.beginPath();
    c.arc(0, 0, bubble.r, 0, 2 * Math.PI);
    c.strokeStyle = lm.theme.colour("device-ok");
    c.stroke();
    let from = -Math.PI / 2;
    for (let status = store.statuses.length - 1; status > 0; status--) {
      if (!bubble.by[status]) continue;
      const arc = Math.max(MIN_ARC, (bubble.by[status] / bubble.n) * 2 * Math.PI);
      c.beginPath();
      c.arc(0, 0, bubble.r, from, from + arc);
      c.strokeStyle = lm.theme.colour(COLOURS[store.statuses[status]] ?? "device-ok");
      c.stroke();
      from += arc;
    }
  }

  function worst(c, store, bubble) {
    for (let status = store.statuses.length - 1; status > 1; status--) {
      if (!bubble.by[status]) continue;
      c.translate(bubble.r * 0.72, -bubble.r * 0.72);
      lm.sprites.shape(c, store.statuses[status], 1.1);
      return;
    }
  }

  const COLOURS = {
    fault: "device-fault", offline: "device-offline", unknown: "device-unknown",
    out_of_service: "device-out",
  };
})(window.liveMap);
