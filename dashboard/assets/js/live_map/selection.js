/* What is selected: one device or one alert. The server renders its detail (a Dash store takes
   the selection there); the store is told again only when the selected thing itself changed. */
(function (lm) {
  "use strict";
  const STORE = "live-map-selection";
  const AGAIN_MS = 400; // at most so often for one and the same thing

  lm.mountSelection = function (page) {
    let current = null, revision = 0, timer = 0;

    function choose(kind, id, { focus = false, center = false, quiet = false } = {}) {
      if (current?.kind !== kind || current.id !== id) {
        current = { kind, id };
        tell();
        page.bus.say("selection", current);
      }
      if (center) goTo();
      if (focus) page.form?.focus();
      if (!quiet) page.showView?.("detail");
    }

    function clear() {
      if (!current) return;
      current = null;
      tell();
      page.bus.say("selection", null);
    }

    function tell() {
      clearTimeout(timer);
      timer = 0;
      revision++;
      const data = current && { ...current, rev: revision };
      window.dash_clientside.set_props(STORE, { data });
    }

    /** Device or alert of the selection changed: ask for its detail again, not too often. */
    function refresh() {
      if (current && !timer) timer = setTimeout(tell, AGAIN_MS);
    }

    function goTo() {
      const point = where(page, current);
      if (!point) return;
      const zoom = Math.max(page.map.getZoom(), 15);
      page.map.setView(point, zoom, { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    }

    page.selection = { choose, clear, goTo, current: () => current, point: () => where(page, current) };
    const watched = () => lm.statusOf(page.store, current);
    let before = null;
    page.bus.on("selection", () => { before = watched(); });
    page.on("change", (change) => {
      if (current?.kind === "alert" && change.alerts.some((alert) => alert.id === current.id)) refresh();
      if (current?.kind === "device" && watched() !== before) { before = watched(); refresh(); }
    });
    page.bus.on("ready", () => restore(page));
    page.undo.push(() => clearTimeout(timer));
  };

  /** The status number of a selected device, undefined for anything else. */
  lm.statusOf = function (store, chosen) {
    return chosen?.kind === "device" ? store.status[store.index.get(chosen.id)] : undefined;
  };

  function restore(page) {
    const cut = page.wanted.indexOf(":");
    const kind = page.wanted.slice(0, cut), id = page.wanted.slice(cut + 1);
    if (id && (kind === "alert" || kind === "device")) page.selection.choose(kind, id, { quiet: true });
  }

  function where(page, chosen) {
    if (chosen?.kind === "alert") {
      const alert = page.store.alerts.get(chosen.id);
      return alert && alert.lon !== null && alert.lon !== undefined ? [alert.lat, alert.lon] : null;
    }
    const i = page.store.index.get(chosen?.id);
    if (i === undefined) return null;
    const [lon, lat] = lm.unmercator(page.store.x[i], page.store.y[i]);
    return [lat, lon];
  }
})(window.liveMap);
