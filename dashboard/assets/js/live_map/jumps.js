/* A new priority 1 alert outside the view: the map stays where the person left it, and a chip
   offers to go there. */
(function (lm) {
  "use strict";
  const WAYS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
  const MOST = 3;

  lm.mountJumps = function (page) {
    const place = page.find("jumps"), { map } = page;

    function update() {
      const bounds = map.getBounds();
      const outside = page.store.openAlerts()
        .filter((alert) => alert.priority === 1 && alert.lat !== null && alert.lat !== undefined
          && page.words.waits(alert) && !bounds.contains([alert.lat, alert.lon]))
        .sort(lm.byUrgency).slice(0, MOST);
      const wanted = outside.map((alert) => alert.id + way(alert)).join();
      if (place.dataset.shown === wanted) return;
      place.dataset.shown = wanted;
      place.replaceChildren(...outside.map(chip));
    }

    function chip(alert) {
      const node = lm.el("button", "map__jump");
      node.type = "button";
      const words = page.words.title(alert) + " — " + way(alert);
      node.append(lm.priorityMark(alert, "mark--small"), lm.el("span", "", words), lm.el("b", "", lm.t("live_map.jump_show")));
      node.addEventListener("click", () => page.selection.choose("alert", alert.id, { center: true }));
      return node;
    }

    function way(alert) {
      const here = map.getCenter(), metres = here.distanceTo([alert.lat, alert.lon]);
      const east = (alert.lon - here.lng) * Math.cos((here.lat * Math.PI) / 180), north = alert.lat - here.lat;
      const turn = Math.round(Math.atan2(east, north) / (Math.PI / 4) + 8) % 8;
      return lm.t("live_map.jump", {
        direction: lm.t("live_map.direction_" + WAYS[turn]), distance: lm.format.metres(metres),
      });
    }

    map.on("moveend", update);
    page.on("snapshot", update);
    page.on("change", (change) => { if (change.alerts.length) update(); });
    page.bus.on("ready", update);
    page.undo.push(() => { place.replaceChildren(); place.dataset.shown = ""; });
  };
})(window.liveMap);
