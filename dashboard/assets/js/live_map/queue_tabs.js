/* Around the rows: tabs with counts, filter chips, what is hidden, and the alert rate. */
(function (lm) {
  "use strict";
  const WINDOW_MS = 600000;
  const MANY = 3, FLOOD = 10; // alerts in ten minutes (ISA-18.2: two is the most to plan for)

  lm.mountQueueTabs = function (page) {
    const { root, queueView: view } = page;

    function clicked(event) {
      const data = event.target.closest("button")?.dataset;
      if (!data) return;
      if (data.queueTab) view.tab = data.queueTab;
      else if (data.queuePriority) flip(view.priorities, Number(data.queuePriority));
      else if (data.queueWaiting) view.waitingOnly = !view.waitingOnly;
      else return;
      show();
      page.bus.say("queue-view");
    }

    function show() {
      for (const node of root.querySelectorAll("[data-queue-tab]")) {
        lm.toggle(node, "aria-pressed", node.dataset.queueTab === view.tab);
      }
      for (const node of root.querySelectorAll("[data-queue-priority]")) {
        lm.toggle(node, "aria-pressed", view.priorities.has(Number(node.dataset.queuePriority)));
        node.hidden = view.tab !== "open";
      }
      const waiting = root.querySelector("[data-queue-waiting]");
      lm.toggle(waiting, "aria-pressed", view.waitingOnly);
      waiting.hidden = view.tab !== "open";
    }

    function count({ shown, hidden }) {
      const all = [...page.store.alerts.values()];
      for (const node of root.querySelectorAll("[data-queue-tab]")) {
        const n = all.filter((alert) => lm.inTab(page.store, alert, node.dataset.queueTab)).length;
        lm.put(node.querySelector(".queue__tab-count"), String(n));
      }
      lm.put(page.find("queue-hidden"), lm.t("alerts.hidden", { n: hidden }));
      page.find("queue-hidden").classList.toggle("queue__hidden--some", hidden > 0);
      const empty = page.find("queue-empty");
      empty.hidden = shown > 0;
      if (!page.store.city) lm.put(empty, lm.t("live_map.loading"));
      else lm.put(empty, hidden ? lm.t("alerts.empty_filtered", { n: hidden }) : lm.t("alerts.empty_" + view.tab));
      rate();
    }

    function rate() {
      const since = page.store.now() - WINDOW_MS;
      let n = 0;
      for (const alert of page.store.alerts.values()) if (alert.raised > since && alert.priority < 4) n++;
      const level = n > FLOOD ? "flood" : n >= MANY ? "many" : "usual";
      lm.put(page.find("rate"), lm.t("alerts.rate", { n, level: lm.t("alerts.rate_" + level) }));
    }

    page.listen(root, "click", clicked);
    page.bus.on("queue", count);
    page.every(15000, rate);
    show();
  };

  function flip(set, value) {
    if (!set.delete(value)) set.add(value);
  }
})(window.liveMap);
