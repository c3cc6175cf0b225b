/* The map of the trends page (layouts/trends/where.py), on the live map's own ground: squares with
   their hot spots, or a density. What is picked becomes an address, so every other picture
   follows; an answer never moves the view. Drawing and hands are in map_*.js. */
window.trendsMap = window.trendsMap ?? {};

(function (lm, ours) {
  "use strict";
  const MAP_ID = "trends-map-canvas";
  const PANES = { ground: 210, trends: 300, names: 430, marks: 440 };
  let page = null;
  let told = null; // the last data, also for a map that is made later

  function hook() {
    if (!window.L) return setTimeout(hook, 10); // set by dash-leaflet's bundle
    L.Map.addInitHook(function () {
      if (this.getContainer().id === MAP_ID) this.whenReady(() => mount(this));
    });
  }

  function mount(map) {
    unmount();
    const place = map.getContainer().closest(".trends__map");
    if (!place) return;
    const what = { shapes: null, traffic: null, incidents: null, routesAlerting: new Set(), zone: "", route: "" };
    what.routePx = 2.2; // what is counted comes first here
    what.tiles = place.dataset.tiles === "1";
    page = {
      map, place, what, undo: [], data: null, cells: new Map(), density: null, inside: null,
      picked: null, cursor: null, routes: [], home: null, redraw,
      find: (name) => place.querySelector(`[data-trends-map="${name}"]`),
    };
    ours.page = page;
    addLayers();
    ours.hands(page);
    watch();
    fetchBase(map);
    map.on("unload", unmount);
    if (told) take(told);
  }

  function unmount() {
    for (const stop of page?.undo.splice(0) ?? []) stop();
    page = ours.page = null;
  }

  function addLayers() {
    const { map, what } = page;
    for (const [name, z] of Object.entries(PANES)) {
      map.createPane(name).style.zIndex = z;
      map.getPane(name).style.pointerEvents = "none";
    }
    const cleared = (draw) => (context, view) => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      context.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
      if (page?.data) draw(context, view, page);
    };
    page.layers = [
      lm.createBaseLayer(what, new Set(["routes"])),
      lm.canvasLayer("trends", 0.15, false, cleared(ours.drawData)),
      lm.createLabelLayer(what, new Set(["routes"])),
      lm.canvasLayer("marks", 0.15, false, cleared(ours.drawMarks)),
    ];
    for (const layer of page.layers) layer.addTo(map);
    L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
  }

  async function fetchBase(map) {
    const answer = await fetch("/live/base").catch(() => null);
    if (!answer?.ok) return;
    const base = await answer.json();
    if (page?.map !== map) return;
    page.what.shapes = lm.createBaseShapes(base, document.documentElement.lang);
    page.routes = page.what.shapes.routes;
    page.home = L.latLngBounds(base.outline.map(([lon, lat]) => [lat, lon]));
    if (page.seen) showCity({ animate: false });
    redraw();
  }

  function watch() {
    const observer = new ResizeObserver(look);
    observer.observe(page.map.getContainer());
    page.undo.push(() => observer.disconnect());
    page.undo.push(lm.theme.watch(redraw));
    document.fonts?.ready.then(redraw);
  }

  /** The first time the map is in sight it shows the city; from then on its view is the reader's. */
  function look() {
    const { map } = page, { clientWidth: w, clientHeight: h } = map.getContainer();
    if (!w || !h) return;
    map.invalidateSize({ animate: false });
    if (!page.seen && page.home) showCity({ animate: false });
    page.seen = true;
  }

  function showCity(options) {
    if (page.home) page.map.fitBounds(page.home, { padding: [6, 6], ...options });
  }

  function redraw() {
    page?.layers.forEach((layer) => layer.redraw());
  }

  /** What the server says of the choice now made. */
  async function take(data) {
    told = data;
    if (!page) return;
    const mine = page;
    const [inside, density] = await Promise.all([ours.unpack(data.inside), ours.readDensity(data.density)]);
    if (told !== data || page !== mine) return;
    Object.assign(page, { data, inside, density, picked: data.picked });
    page.cells = new Map(data.cells.map(([number, n, hot = 0, q]) => [number, { n, hot, q }]));
    page.most = Math.max(1, ...data.cells.map((cell) => cell[1] ?? 0));
    page.what.route = data.route;
    page.what.zone = data.zone;
    redraw();
  }

  ours.showCity = showCity;

  /** For tools and tests: what is drawn and where the reader is. */
  ours.inspect = function () {
    if (!page) return null;
    const { lat, lng } = page.map.getCenter(), cells = [...page.cells.values()];
    return {
      cells: cells.length, hot: cells.filter((cell) => cell.hot).length, density: Boolean(page.density),
      picked: page.picked, cursor: page.cursor, shapes: Boolean(page.what.shapes),
      view: [lat, lng, page.map.getZoom()], drawMs: page.layers[1].lastDrawMs ?? null,
    };
  };

  /** Where a cell's middle is on the screen, in css pixels of the window. */
  ours.spot = function (number) {
    const [west, south, dx, dy, columns] = page.data.grid;
    const at = [south + (Math.floor(number / columns) + 0.5) * dy, west + ((number % columns) + 0.5) * dx];
    const { x, y } = page.map.latLngToContainerPoint(at), box = page.map.getContainer().getBoundingClientRect();
    return [box.left + x, box.top + y];
  };

  document.addEventListener("DOMContentLoaded", () => window.trends.onData("map", take));
  hook();
})(window.liveMap, window.trendsMap);
