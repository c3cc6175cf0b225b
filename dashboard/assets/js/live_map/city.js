/* The one city of this window: store, filter and connection live as long as the window does, so
   going to another page and back costs nothing. */
(function (lm) {
  "use strict";
  let city = null;
  const early = location.pathname === "/" ? ask() : null;

  lm.city = function () {
    city = city ?? make();
    return city;
  };

  function make() {
    const store = lm.createStore(), bus = lm.bus();
    const made = { store, bus, filter: lm.createFilter(store), drafts: new Map(), base: null, link: "connecting" };
    made.socket = lm.createSocket(store, bus);
    made.base = (early?.base ?? fetch("/live/base")).then((response) => response.json());
    bus.on("link", (link) => { made.link = link; });
    bus.on("change", () => { made.lastDeltaAt = Date.now(); });
    made.socket.start(early?.snapshot);
    return made;
  }

  /** Both requests leave while Dash is still building the page. */
  function ask() {
    const quiet = (request) => { request.catch(() => null); return request; };
    return {
      snapshot: quiet(fetch("/live/snapshot", { cache: "no-store" })),
      base: quiet(fetch("/live/base")),
    };
  }
})(window.liveMap);
