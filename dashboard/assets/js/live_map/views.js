/* On a phone one of queue, map and detail is shown at a time; wide screens show all three. */
(function (lm) {
  "use strict";

  lm.mountViews = function (page) {
    const buttons = page.root.querySelectorAll("[data-view]");

    page.showView = function (name) {
      page.root.dataset.shows = name;
      for (const node of buttons) lm.toggle(node, "aria-pressed", node.dataset.view === name);
    };

    page.listen(page.root.querySelector(".live-map__tabs"), "click", (event) => {
      const name = event.target.closest("[data-view]")?.dataset.view;
      if (name) page.showView(name);
    });
    page.bus.on("queue", () => {
      const n = page.store.openAlerts().filter((alert) => page.words.waits(alert) && alert.priority < 4).length;
      lm.put(buttons[0].querySelector(".live-map__tab-count"), n ? String(n) : "");
    });
    page.showView(page.wanted ? "detail" : "queue");
  };
})(window.liveMap);
