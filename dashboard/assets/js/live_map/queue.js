/* The queue: one row per alert, kept by id and changed in place; order is unacknowledged first,
   then priority, then newest. Focus stays where it was. */
(function (lm) {
  "use strict";

  lm.mountQueue = function (page) {
    const list = page.find("rows"), rows = new Map(); // id -> row
    const tabs = (page.queueView = { tab: "open", priorities: new Set([1, 2, 3]), waitingOnly: false });

    function update() {
      const all = [...page.store.alerts.values()].filter((alert) => inTab(page.store, alert, tabs.tab));
      const shown = all.filter(passes).sort(tabs.tab === "closed" ? byClosed : lm.byUrgency);
      const wanted = new Set(shown.map((alert) => alert.id));
      for (const [id, row] of rows) if (!wanted.has(id)) { row.node.remove(); rows.delete(id); }
      const focused = document.activeElement;
      shown.forEach((alert, at) => place(alert, at));
      if (focused !== document.activeElement && list.contains(focused)) focused.focus({ preventScroll: true });
      page.queueView.order = shown.map((alert) => alert.id);
      page.bus.say("queue", { shown: shown.length, hidden: all.length - shown.length });
    }

    function passes(alert) {
      if (!page.filter.showsAlert(alert)) return false;
      if (tabs.tab !== "open") return true;
      return tabs.priorities.has(alert.priority) && (!tabs.waitingOnly || page.words.waits(alert));
    }

    function place(alert, at) {
      let row = rows.get(alert.id);
      if (!row) rows.set(alert.id, (row = lm.alertRow(page)));
      row.show(alert);
      if (list.children[at] !== row.node) list.insertBefore(row.node, list.children[at] ?? null);
    }

    function mark(chosen) {
      for (const [id, row] of rows) row.select(chosen?.kind === "alert" && chosen.id === id);
    }

    /** Selects the next (+1) or previous (-1) alert in the order of the queue. */
    function step(by) {
      const order = page.queueView.order ?? [], chosen = page.selection.current();
      if (!order.length) return;
      const at = chosen?.kind === "alert" ? order.indexOf(chosen.id) : -1;
      const next = at < 0 && by < 0 ? order.length - 1 : (at + by + order.length) % order.length;
      page.selection.choose("alert", order[next], { quiet: true });
      rows.get(order[next]).focus();
      showMarker(page, order[next]);
    }

    page.queue = { update, step };
    page.listen(list, "click", (event) => {
      const row = event.target.closest("[data-alert-id]");
      if (row) page.selection.choose("alert", row.dataset.alertId, { focus: event.detail === 0 });
    });
    page.on("snapshot", update);
    page.on("change", (change) => { if (change.alerts.length) update(); });
    for (const what of ["base", "filter", "queue-view"]) page.bus.on(what, update);
    page.bus.on("queue", () => mark(page.selection.current()));
    page.bus.on("selection", mark);
    page.every(1000, () => { for (const row of rows.values()) row.tick(); });
    page.every(60000, () => { if (tabs.tab === "closed") update(); });
    page.bus.on("ready", update);
  };

  const HOUR_MS = 3600000;

  function inTab(store, alert, tab) {
    if (tab === "closed") return alert.state === "closed" && (alert.closed ?? 0) > store.now() - HOUR_MS;
    return alert.state !== "closed" && (alert.priority === 4) === (tab === "work");
  }

  lm.inTab = inTab;

  const byClosed = (a, b) => (b.closed ?? 0) - (a.closed ?? 0);

  /** N and P walk between alarms on the map too, so the map shows the one just chosen. This is a
      person's key press, not data. */
  function showMarker(page, id) {
    const alert = page.store.alerts.get(id);
    if (alert?.lon === null || alert?.lon === undefined) return;
    const point = [alert.lat, alert.lon];
    if (!page.map.getBounds().contains(point)) page.map.panTo(point);
  }
})(window.liveMap);
