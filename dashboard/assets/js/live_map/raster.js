/* Thousands of devices as pixels: per 3 x 3 pixel cell only the worst device is drawn, shapes
   are written into one buffer in order of severity, and one putImageData shows it. */
(function (lm) {
  "use strict";
  const CELL_PX = 3; // css pixels
  const CROWDED = 20000; // devices in view; above it normal ones are small squares
  const NONE = 255;

  lm.createRaster = function () {
    let image = null, buffer = null, cells = new Uint8Array(0), columns = 0;
    let lists = [], size = "middle";
    const px = { x: new Int32Array(0), y: new Int32Array(0), cell: new Int32Array(0) };

    /** devices: indices that may be in view, count of them; shown: Uint8Array, 1 = not filtered. */
    function draw(context, view, store, shown, devices, count) {
      prepare(context, view, store);
      place(view, store, shown, devices, count);
      size = counts[0] > CROWDED ? "dense" : lm.sprites.size(view.zoom);
      for (let status = 0; status < store.statuses.length; status++) stampAll(view, store, status);
      context.putImageData(image, 0, 0);
    }

    function prepare(context, view, store) {
      const { width, height } = context.canvas;
      if (!image || image.width !== width || image.height !== height) {
        image = context.createImageData(width, height);
        buffer = new Uint32Array(image.data.buffer);
      } else buffer.fill(0);
      columns = Math.ceil(view.w / CELL_PX) + 1;
      const needed = columns * (Math.ceil(view.h / CELL_PX) + 1);
      if (cells.length < needed) cells = new Uint8Array(needed);
      else cells.fill(0);
      if (px.x.length < store.n) for (const key in px) px[key] = new Int32Array(store.n);
      if (lists.length !== store.statuses.length || lists[0].length < store.n) {
        lists = store.statuses.map(() => new Int32Array(store.n));
      }
    }

    const counts = new Int32Array(8);

    /** First pass: where each device is, and the worst status of its cell. */
    function place(view, store, shown, devices, count) {
      const { status, x, y } = store;
      counts.fill(0);
      for (let k = 0; k < count; k++) {
        const i = devices[k], s = status[i];
        if (!shown[i] || s === NONE) continue;
        const left = x[i] * view.scale - view.x, top = y[i] * view.scale - view.y;
        if (left < 0 || top < 0 || left >= view.w || top >= view.h) continue;
        const cell = ((top / CELL_PX) | 0) * columns + ((left / CELL_PX) | 0);
        if (cells[cell] > s + 1) continue;
        cells[cell] = s + 1;
        px.x[i] = Math.round(left * view.dpr);
        px.y[i] = Math.round(top * view.dpr);
        px.cell[i] = cell;
        lists[s][counts[s]++] = i;
      }
    }

    /** Second pass, one status: a cell that was drawn or went to a worse one is left out. */
    function stampAll(view, store, status) {
      const list = lists[status], word = store.statuses[status];
      const plain = size === "close" ? null : lm.sprites.get(word, size, "", view.dpr);
      for (let k = 0; k < counts[status]; k++) {
        const i = list[k], cell = px.cell[i];
        if (cells[cell] !== status + 1) continue;
        if (plain) {
          cells[cell] = NONE;
          stamp(plain, px.x[i], px.y[i]);
        } else stamp(lm.sprites.get(word, size, letter(store, i), view.dpr), px.x[i], px.y[i]);
      }
    }

    function letter(store, i) {
      const key = "live_map.mark_" + store.kinds[store.kind[i]];
      return lm.knows(key) ? lm.t(key) : "";
    }

    function stamp(sprite, x, y) {
      const w = image.width, h = image.height, { dx, dy, colour, half } = sprite;
      const inside = x >= half && y >= half && x < w - half && y < h - half;
      for (let k = 0; k < colour.length; k++) {
        const left = x + dx[k], top = y + dy[k];
        if (!inside && (left < 0 || top < 0 || left >= w || top >= h)) continue;
        const at = top * w + left, over = colour[k], under = buffer[at];
        buffer[at] = over >>> 24 === 255 || under === 0 ? over : blend(under, over);
      }
    }

    return { draw };
  };

  /** Two straight-alpha pixels, the second over the first; in whole numbers, for it runs often. */
  function blend(under, over) {
    const a = over >>> 24, b = (((under >>> 24) * (255 - a)) / 255) | 0, sum = a + b;
    const red = ((over & 255) * a + (under & 255) * b) / sum;
    const green = (((over >>> 8) & 255) * a + ((under >>> 8) & 255) * b) / sum;
    const blue = (((over >>> 16) & 255) * a + ((under >>> 16) & 255) * b) / sum;
    return ((sum << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
})(window.liveMap);
