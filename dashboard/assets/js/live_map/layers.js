/* Puts ground, devices and alert markers on the map and redraws each only for its own reasons.
   Nothing here ever moves the view. */
(function (lm) {
  "use strict";
  const PANES = { ground: 210, devices: 420, names: 430, ring: 640, alerts: 660 };

  lm.mountLayers = function (page) {
    const { map, store, layers } = page;
    for (const [name, z] of Object.entries(PANES)) map.createPane(name).style.zIndex = z;
    for (const name of ["ground", "devices", "names"]) map.getPane(name).style.pointerEvents = "none";
    const container = map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", lm.t("live_map.map_keys"));

    const what = { shapes: null, traffic: null, incidents: null, routesAlerting: new Set(), zone: "", route: "" };
    what.tiles = page.root.dataset.tiles === "1";
    const grounds = [lm.createBaseLayer(what, layers).addTo(map), lm.createLabelLayer(what, layers).addTo(map)];
    const base = { redraw: () => grounds.forEach((layer) => layer.redraw()) };
    const devices = (page.deviceLayer = lm.createDeviceLayer(store, page.filter));
    const markers = (page.markers = lm.createAlertMarkers(map, page));
    if (layers.has("devices")) devices.addTo(map);

    const drawDevices = () => devices.redraw();
    const showFilter = () => {
      what.zone = page.filter.zone;
      what.route = page.filter.route;
      base.redraw();
      drawDevices();
      markers.update();
    };
    const showAlerts = () => {
      markers.update();
      const acting = alerting(store);
      if ([...acting].join() !== [...what.routesAlerting].join()) {
        what.routesAlerting = acting;
        base.redraw();
      }
    };

    page.bus.on("base", () => {
      what.shapes = page.shapes;
      showFilter();
      showAlerts();
    });
    page.on("snapshot", () => { what.traffic = store.traffic; base.redraw(); drawDevices(); showAlerts(); });
    page.on("names", drawDevices);
    page.on("change", (change) => {
      if (change.devices) drawDevices();
      else devices.upToDate();
      if (change.alerts.length) showAlerts();
      if (change.traffic) { what.traffic = store.traffic; base.redraw(); }
    });
    page.bus.on("filter", showFilter);
    page.bus.on("layers", () => {
      if (layers.has("devices")) devices.addTo(map);
      else devices.remove();
      base.redraw();
    });
    page.bus.on("incidents", (incidents) => { what.incidents = incidents; base.redraw(); });
    page.bus.on("selection", () => markers.select(page.selection.point()));
    page.on("names", () => markers.select(page.selection.point()));
    page.undo.push(lm.theme.watch(() => { lm.sprites.forget(); base.redraw(); drawDevices(); }));
    document.fonts?.ready.then(() => { lm.sprites.forget(); base.redraw(); drawDevices(); });
    watchSize(page);
    if (store.city) { what.traffic = store.traffic; showAlerts(); }
  };

  /** Routes with an open priority 1 or 2 alert. */
  function alerting(store) {
    const urgent = store.openAlerts().filter((alert) => alert.priority <= 2 && alert.route);
    return new Set(urgent.map((alert) => alert.route).sort());
  }

  function watchSize(page) {
    const observer = new ResizeObserver(() => page.map.invalidateSize({ animate: false }));
    observer.observe(page.map.getContainer());
    page.undo.push(() => observer.disconnect());
  }
})(window.liveMap);
