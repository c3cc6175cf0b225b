/* The density on the trends map: bands of shades with a line where each begins. Values between
   the middles of the cells of 50 m are interpolated, so that lines are smooth at any zoom. */
window.trendsMap = window.trendsMap ?? {};

(function (lm, ours) {
  "use strict";
  const OPAQUE = [0, 0.1, 0.24, 0.4, 0.58, 0.76]; // by band, as in trends_map.css

  /** Bytes the server deflated (layouts/trends/where_data.py). */
  ours.unpack = async function (words) {
    const packed = Uint8Array.from(atob(words), (one) => one.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  /** null stays null. */
  ours.readDensity = async function (told) {
    if (!told) return null;
    const { rows, columns, most, levels, bands } = told;
    const bytes = await ours.unpack(told.bytes);
    const value = Float32Array.from(bytes, (level) => most * (level / levels) ** 4);
    const [starts, ends] = spans(value, rows, columns);

    /** Rows from the south; x, y in cells, whole numbers at the south-west corner of a cell. */
    function between(x, y) {
      const column = Math.floor(x - 0.5), row = Math.floor(y - 0.5);
      if (column < 0 || row < 0 || column >= columns - 1 || row >= rows - 1) return 0;
      const at = row * columns + column;
      if (!value[at] && !value[at + 1] && !value[at + columns] && !value[at + columns + 1]) return 0;
      const right = x - 0.5 - column, up = y - 0.5 - row;
      const south = value[at] + (value[at + 1] - value[at]) * right;
      const north = value[at + columns] + (value[at + columns + 1] - value[at + columns]) * right;
      return south + (north - south) * up;
    }

    const band = (v) => {
      let found = 0;
      while (found < bands.length && v >= bands[found]) found++;
      return v > 0 ? found : 0;
    };

    /** One picture of the view, a pixel of it a css pixel. */
    function draw(c, view, [west, south, dx, dy, gridColumns]) {
      const by = columns / gridColumns, w = Math.ceil(view.w), h = Math.ceil(view.h);
      const found = new Uint8Array((w + 1) * (h + 1)), first = (west / 360 + 0.5) * view.scale - view.x;
      const px = (column) => first + ((column / by) * dx * view.scale) / 360;
      for (let py = 0; py <= h; py++) {
        const y = ((lm.unmercator(0.5, (py + view.y) / view.scale)[1] - south) / dy) * by, row = Math.floor(y - 0.5);
        if (row < 0 || row >= rows - 1) continue;
        for (let column = Math.min(starts[row], starts[row + 1]) - 1, last = Math.max(ends[row], ends[row + 1]); column <= last; column++) {
          const to = Math.min(w, Math.floor(px(column + 1.5)));
          for (let at = Math.max(0, Math.floor(px(column + 0.5)) + 1); at <= to; at++) {
            found[py * (w + 1) + at] = band(between(((at - first) * 360 * by) / (view.scale * dx), y));
          }
        }
      }
      c.drawImage(paint(found, w, h), 0, 0, w, h);
    }

    function paint(found, w, h) {
      const [red, green, blue] = lm.theme.colour("map-incident").match(/[\d.]+/g).map(Number);
      const canvas = new OffscreenCanvas(w, h), context = canvas.getContext("2d");
      const image = context.createImageData(w, h), { data } = image;
      for (let py = 0, at = 0; py < h; py++) {
        for (let px = 0; px < w; px++, at += 4) {
          const here = py * (w + 1) + px, one = found[here], right = found[here + 1], down = found[here + w + 1];
          const high = Math.max(one, right, down);
          if (!high) continue;
          const share = one !== right || one !== down ? 0.3 + 0.14 * high : OPAQUE[one]; // a line, or within
          data[at] = red;
          data[at + 1] = green;
          data[at + 2] = blue;
          data[at + 3] = 255 * share;
        }
      }
      context.putImageData(image, 0, 0);
      return canvas;
    }

    /** Per km2, at a place in cells of 250 m counted from the grid's corner. */
    function at(column, row, gridColumns) {
      const by = columns / gridColumns;
      return between(column * by, row * by);
    }

    return { draw, at };
  };

  /** First and last column of each row with anything in it. */
  function spans(value, rows, columns) {
    const starts = new Int32Array(rows).fill(columns), ends = new Int32Array(rows).fill(-1);
    for (let at = 0; at < value.length; at++) {
      if (!value[at]) continue;
      const row = Math.floor(at / columns), column = at % columns;
      starts[row] = Math.min(starts[row], column);
      ends[row] = column;
    }
    return [starts, ends];
  }
})(window.liveMap, window.trendsMap);
