/* Every device on the map, and what is under the pointer. Keeps a copy of what it drew last:
   `inspect` speaks of the screen, not of the store. */
(function (lm) {
  "use strict";
  const REACH_PX = 9;
  const CROWDED = 30000; // devices; above it single dots saturate one zoom level earlier
  const NONE = 255;

  lm.createDeviceLayer = function (store, filter) {
    const raster = lm.createRaster(), bubbles = lm.createBubbles();
    let grid = null, version = -1, found = new Int32Array(0);
    let drawn = null; // {status, shown, n, seq}
    let bubbled = false;

    const layer = lm.canvasLayer("devices", 0, true, (context, view) => {
      index();
      const shown = filter.shown();
      bubbled = view.zoom < (store.n > CROWDED ? 13 : 12);
      if (bubbled) bubbles.draw(context, view, store, shown);
      else rasterise(context, view, shown);
      keep(shown);
    });

    function rasterise(context, view, shown) {
      const s = view.scale, margin = 12;
      const count = grid.inBox(
        (view.x - margin) / s, (view.y - margin) / s,
        (view.x + view.w + margin) / s, (view.y + view.h + margin) / s, found,
      );
      raster.draw(context, view, store, shown, found, count);
    }

    /** Copies into the same arrays again and again: a day of frames leaves no garbage. */
    function keep(shown) {
      if (drawn?.status.length !== store.n) {
        drawn = { status: new Uint8Array(store.n), shown: new Uint8Array(store.n), seq: 0 };
      }
      drawn.status.set(store.status.subarray(0, store.n));
      drawn.shown.set(shown.subarray(0, store.n));
      drawn.seq = store.seq;
    }

    function index() {
      if (version === store.version) return;
      version = store.version;
      grid = lm.createGrid(store.x, store.y, store.n);
      found = new Int32Array(store.n);
    }

    /** Index of the device nearest to a point of the map (css pixels), worse ones first; -1. */
    layer.deviceAt = function (point) {
      if (!drawn || bubbled || !layer.map) return -1;
      const view = layer.view(), s = view.scale;
      const px = point.x + view.x, py = point.y + view.y;
      const near = found; // free between two frames
      const count = grid.inBox(
        (px - REACH_PX) / s, (py - REACH_PX) / s, (px + REACH_PX) / s, (py + REACH_PX) / s, near,
      );
      let best = -1, score = REACH_PX;
      for (let k = 0; k < count; k++) {
        const i = near[k];
        if (!drawn.shown[i] || store.status[i] === NONE) continue;
        const gap = Math.hypot(store.x[i] * s - px, store.y[i] * s - py) - store.status[i] * 1.2;
        if (gap < score) { score = gap; best = i; }
      }
      return best;
    };

    /** A delta that changed no device is on the screen as soon as nothing waits to be drawn. */
    layer.upToDate = function () {
      if (drawn && !layer.frame) drawn.seq = store.seq;
    };

    layer.bubbleAt = (point) => (bubbled && layer.map ? bubbles.at(point.x, point.y) : null);

    /** What the last frame showed: {devices, byStatus, cursor}; nothing while switched off. */
    layer.summary = function () {
      const byStatus = Object.fromEntries(store.statuses.map((word) => [word, 0]));
      let devices = 0;
      if (drawn && layer.map) {
        for (let i = 0; i < drawn.status.length; i++) {
          if (!drawn.shown[i] || drawn.status[i] === NONE) continue;
          devices++;
          byStatus[store.statuses[drawn.status[i]]]++;
        }
      }
      return { devices, byStatus, cursor: drawn ? drawn.seq : null };
    };

    /** The word of the status drawn for a device; null if it is not on the map. */
    layer.drawnStatus = function (id) {
      const i = store.index.get(id);
      if (i === undefined || !drawn || !layer.map || !drawn.shown[i]) return null;
      return store.statuses[drawn.status[i]] ?? null;
    };

    return layer;
  };
})(window.liveMap);
