/* Names of zones and routes in the page's language, for everything that speaks of a place. */
(function (lm) {
  "use strict";

  lm.mountWords = function (page) {
    const zones = new Map(), routes = new Map();
    page.places = { zone: (code) => zones.get(code) ?? "", route: (id) => routes.get(id) ?? "", zones, routes };
    page.words = lm.alertWords(page.places);
    page.city.base.then((base) => {
      if (lm.page !== page) return;
      page.base = base;
      page.shapes = lm.createBaseShapes(base, page.language);
      for (const zone of page.shapes.zones) zones.set(zone.code, zone.name);
      for (const route of page.shapes.routes) routes.set(route.id, route.name);
      page.find("schematic").hidden = !base.schematic;
      page.bus.say("base");
    });
  };

  lm.kindWords = (kind) => {
    const key = "live_map.kind_" + kind;
    return lm.knows(key) ? lm.t(key) : kind;
  };
})(window.liveMap);
