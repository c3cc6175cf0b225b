/* The density on the trends map: bands of shades with a line where each begins. Values between
   the middles of the cells of 50 m are interpolated, so that lines are smooth at any zoom. */
window.trendsMap = window.trendsMap ?? {};

(function (lm, ours) {
  "use strict";
  const OPAQUE = [0, 120, 160, 185, 205, 220]; // of 255, by band

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
    const value = Float32Array.from(bytes, (level) => most * (level / levels) ** 2);
    let shades = null;

    /** Rows from the south; x, y in cells, whole numbers at the south-west corner of a cell. */
    function between(x, y) {
      const column = Math.floor(x - 0.5), row = Math.floor(y - 0.5);
      if (column < 0 || row < 0 || column >= columns - 1 || row >= rows - 1) return 0;
      const at = row * columns + column, right = x - 0.5 - column, up = y - 0.5 - row;
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
      const found = new Uint8Array((w + 1) * (h + 1));
      const xs = Float64Array.from({ length: w + 1 }, (_, px) => {
        return ((lm.unmercator((px + view.x) / view.scale, 0.5)[0] - west) / dx) * by;
      });
      for (let py = 0; py <= h; py++) {
        const y = ((lm.unmercator(0.5, (py + view.y) / view.scale)[1] - south) / dy) * by;
        if (y < 0 || y > rows) continue;
        for (let px = 0; px <= w; px++) found[py * (w + 1) + px] = band(between(xs[px], y));
      }
      c.drawImage(paint(found, w, h), 0, 0, w, h);
    }

    function paint(found, w, h) {
      shades ??= [1, 2, 3, 4, 5].map((step) => rgb("heat-" + step));
      const line = rgb("map-incident"), canvas = new OffscreenCanvas(w, h), context = canvas.getContext("2d");
      const image = context.createImageData(w, h), { data } = image;
      for (let py = 0, at = 0; py < h; py++) {
        for (let px = 0; px < w; px++, at += 4) {
          const here = py * (w + 1) + px, one = found[here], high = Math.max(one, found[here + 1], found[here + w + 1]);
          if (!high) continue;
          const edge = one !== found[here + 1] || one !== found[here + w + 1];
          const [red, green, blue] = edge ? line : shades[one - 1];
          data[at] = red;
          data[at + 1] = green;
          data[at + 2] = blue;
          data[at + 3] = edge ? 110 + 25 * high : OPAQUE[one];
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

    return { draw, at, forget: () => { shades = null; } };
  };

  const rgb = (name) => lm.theme.colour(name).match(/[\d.]+/g).slice(0, 3).map(Number);
})(window.liveMap, window.trendsMap);
