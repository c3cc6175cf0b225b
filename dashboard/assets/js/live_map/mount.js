/* Brings the page to life when Leaflet makes our map, and takes everything off again when the
   map goes away. `window.L` is set by dash-leaflet's bundle, which may load after this file. */
(function (lm) {
  "use strict";
  const MAP_ID = "live-map-map";
  let page = null;

  function hook() {
    if (!window.L) return setTimeout(hook, 10);
    L.Map.addInitHook(function () {
      if (this.getContainer().id === MAP_ID) this.whenReady(() => mount(this));
    });
  }

  function mount(map) {
    const root = map.getContainer().closest("#live-map");
    if (!root) return;
    unmount();
    lm.texts = JSON.parse(root.dataset.texts);
    const city = lm.city();
    const undo = [];
    page = {
      root, map, undo, store: city.store, filter: city.filter, city,
      user: root.dataset.user, language: root.dataset.language, mayAct: root.dataset.mayAct === "1",
      bus: lm.bus(), // of the page: "filter", "layers", "selection"
      find: (name) => root.querySelector('[data-live="' + name + '"]'),
      on: (name, listener) => undo.push(city.bus.on(name, listener)),
      listen: (target, type, handler, options) => lm.listen(undo, target, type, handler, options),
      every: (ms, work) => { const timer = setInterval(work, ms); undo.push(() => clearInterval(timer)); },
    };
    lm.page = page;
    for (const part of PARTS) lm[part](page);
    map.on("unload", unmount);
    page.bus.say("ready");
  }

  function unmount() {
    if (!page) return;
    for (const stop of page.undo.splice(0)) stop();
    page = lm.page = null;
  }

  /* In this order: later parts use what earlier ones put on the page. */
  const PARTS = [
    "mountInputs", "mountWords", "mountUrlState", "mountSelection", "mountLayers", "mountControls",
    "mountHover", "mountQueue", "mountQueueTabs", "mountForm", "mountSteps", "mountDeviceForm", "mountHealth",
    "mountBanners", "mountLines", "mountJumps", "mountSearch", "mountSound", "mountAnnounce",
    "mountViews", "mountKeyboard", "mountAges",
  ];

  hook();
})(window.liveMap);
