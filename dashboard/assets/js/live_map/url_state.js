/* View, filters, layers and selection in the address: they survive reload, sign-in and language.
   Only a person's own acts change them; no update of the data does. */
(function (lm) {
  "use strict";
  const SAVE_AFTER_MS = 250;
  let kept = ""; // of this window, for coming back from another page

  lm.mountUrlState = function (page) {
    const query = new URLSearchParams(location.search || kept);
    readFilter(page, query);
    page.layers = readLayers(query);
    page.days = query.get("days") === "28" ? 28 : 7;
    page.wanted = query.get("sel") ?? "";
    const [lat, lon, zoom] = (query.get("at") ?? "").split(",").map(Number);
    if (Number.isFinite(zoom) && Math.abs(lat) < 90) page.map.setView([lat, lon], zoom, { animate: false });

    let timer = 0;
    const save = () => {
      clearTimeout(timer);
      timer = setTimeout(() => write(page), SAVE_AFTER_MS);
    };
    page.map.on("moveend", save);
    for (const what of ["filter", "layers", "selection"]) page.bus.on(what, save);
    page.bus.on("ready", () => { if (kept && !location.search) save(); });
    page.listen(window, "pagehide", () => write(page));
    page.undo.push(() => clearTimeout(timer));
  };

  function readFilter(page, query) {
    const words = (name) => new Set((query.get(name) ?? "").split(".").filter(Boolean));
    const f = page.filter;
    f.hiddenKinds = words("no_kind");
    f.hiddenStates = words("no_state");
    f.zone = query.get("zone") ?? "";
    f.route = query.get("route") ?? "";
    f.problems = query.get("problems") === "1";
    f.changed();
  }

  function readLayers(query) {
    const named = query.get("layers");
    return new Set(named === null ? ["devices", "routes", "traffic"] : named.split(".").filter(Boolean));
  }

  function write(page) {
    if (lm.page !== page || !page.root.isConnected) return;
    const { map, filter } = page, at = map.getCenter();
    const query = new URLSearchParams();
    query.set("at", [at.lat.toFixed(5), at.lng.toFixed(5), map.getZoom()].join());
    query.set("layers", [...page.layers].join("."));
    if (page.days !== 7) query.set("days", page.days);
    if (filter.hiddenKinds.size) query.set("no_kind", [...filter.hiddenKinds].join("."));
    if (filter.hiddenStates.size) query.set("no_state", [...filter.hiddenStates].join("."));
    if (filter.zone) query.set("zone", filter.zone);
    if (filter.route) query.set("route", filter.route);
    if (filter.problems) query.set("problems", "1");
    const chosen = page.selection?.current();
    if (chosen) query.set("sel", chosen.kind + ":" + chosen.id);
    kept = "?" + query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    if (location.pathname === "/") history.replaceState(history.state, "", kept);
  }
})(window.liveMap);
