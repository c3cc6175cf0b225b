/* A canvas that covers the map's view and is redrawn in full, once per animation frame.
   Made on first use, because Leaflet (window.L, from dash-leaflet's bundle) loads beside us. */
(function (lm) {
  "use strict";
  let Class = null;

  /** draw(context, view): view = {w, h, dpr, zoom, scale, x, y}; a point at mercator (mx, my)
      is at css pixel (mx * scale - x, my * scale - y). live: also redraw while panning. */
  lm.canvasLayer = function (pane, pad, live, draw) {
    Class = Class ?? L.Layer.extend(methods);
    const layer = new Class();
    Object.assign(layer, { pane, pad, live, paint: draw });
    return layer;
  };

  const methods = {
    onAdd(map) {
      this.map = map;
      this.canvas = lm.el("canvas", "map__layer leaflet-zoom-animated");
      this.canvas.setAttribute("aria-hidden", "true");
      this.context = this.canvas.getContext("2d", { willReadFrequently: false });
      map.getPane(this.pane).append(this.canvas);
      this.redraw();
    },

    onRemove() {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.canvas.remove();
    },

    getEvents() {
      const events = { viewreset: this.redraw, moveend: this.redraw, resize: this.redraw, zoomanim: this.follow };
      return this.live ? { ...events, move: this.redrawPan } : events;
    },

    /** Asks for one redraw in the next frame. */
    redraw() {
      if (!this.frame) this.frame = requestAnimationFrame(() => this.now());
    },

    redrawPan() {
      if (!this.map._animatingZoom) this.redraw();
    },

    now() {
      this.frame = 0;
      if (!this.map || this.map._animatingZoom || !this.canvas.isConnected) return;
      const started = performance.now();
      const view = this.view();
      if (view.w < 1 || view.h < 1) return;
      this.fit(view);
      this.paint(this.context, view);
      this.lastDrawMs = performance.now() - started;
    },

    view() {
      const size = this.map.getSize(), zoom = this.map.getZoom();
      const extra = size.multiplyBy(this.pad).round();
      const w = size.x + 2 * extra.x, h = size.y + 2 * extra.y;
      this.corner = this.map.containerPointToLayerPoint(extra.multiplyBy(-1));
      const origin = this.map.getPixelOrigin().add(this.corner);
      const dpr = Math.min(window.devicePixelRatio || 1, 2);
      return { w, h, dpr, zoom, scale: 256 * 2 ** zoom, x: origin.x, y: origin.y };
    },

    fit(view) {
      const { canvas } = this, w = Math.round(view.w * view.dpr), h = Math.round(view.h * view.dpr);
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
        canvas.style.width = view.w + "px";
        canvas.style.height = view.h + "px";
      }
      L.DomUtil.setTransform(canvas, this.corner, 1);
      this.drawn = { zoom: view.zoom, corner: this.map.layerPointToLatLng(this.corner) };
    },

    /** During a zoom animation the last picture is scaled along. */
    follow(event) {
      if (!this.drawn) return;
      const scale = this.map.getZoomScale(event.zoom, this.drawn.zoom);
      const at = this.map._latLngToNewLayerPoint(this.drawn.corner, event.zoom, event.center);
      L.DomUtil.setTransform(this.canvas, at, scale);
    },
  };
})(window.liveMap);
