/* The top: open alerts by priority, devices by state, age of the data, latency, clock, link. */
(function (lm) {
  "use strict";
  const OLD_MS = 5000;
  const LATE_ENTRIES = 5000;

  lm.mountHealth = function (page) {
    const { store, find } = page;

    function alerts() {
      const open = [0, 0, 0, 0, 0], waiting = [0, 0, 0, 0, 0];
      for (const alert of store.openAlerts()) {
        open[alert.priority]++;
        if (page.words.waits(alert)) waiting[alert.priority]++;
      }
      for (const priority of [1, 2, 3, 4]) {
        const number = page.root.querySelector('[data-priority-count="' + priority + '"]');
        lm.put(number, String(open[priority]));
        number.previousSibling.classList.toggle("mark--held", waiting[priority] === 0);
        const words = lm.t("live_map.open_alerts", { priority, n: open[priority], waiting: waiting[priority] });
        lm.put(page.root.querySelector('[data-priority-says="' + priority + '"]'), words);
        number.closest("li").hidden = priority === 4 && open[4] === 0;
        number.closest("li").classList.toggle("is-none", open[priority] === 0);
      }
    }

    function devices() {
      const n = Object.fromEntries(store.statuses.map((word, at) => [word, lm.format.count(store.counts[at] ?? 0)]));
      const total = store.counts.reduce((sum, one) => sum + one, 0);
      lm.put(find("devices-total"), lm.t("live_map.devices_total", { n: lm.format.count(total) }));
      lm.put(find("devices-abnormal"), lm.t("live_map.devices_abnormal", n)
        + (store.counts[1] ? " · " + lm.t("live_map.devices_out", { n: n.out_of_service }) : ""));
    }

    function age() {
      if (!store.city) return;
      const ms = store.now() - store.watermark, stale = Boolean(store.feed?.stale_since);
      const down = page.city.link !== "up";
      find("dot").classList.toggle("health__dot--bad", down || stale);
      find("dot").classList.toggle("health__dot--late", !down && !stale && ms > OLD_MS);
      const words = lm.t("live_map.age_ago", { age: lm.format.fresh(ms) });
      lm.put(find("age"), lm.t("live_map.data_age") + " " + words + (down ? "" : streams(store.feed)));
    }

    function latency() {
      const ms = store.feed?.latency_p95;
      lm.put(find("latency"), typeof ms === "number" ? lm.t("live_map.latency_ms", { n: Math.round(ms) }) : lm.t("live_map.latency_none"));
      find("simulated").hidden = !store.sim?.on;
    }

    function clock() {
      const now = store.now();
      lm.put(find("clock"), lm.format.time(now));
      lm.put(find("date"), lm.format.date(now, page.language));
    }

    const everything = () => { alerts(); devices(); age(); latency(); };
    page.on("snapshot", everything);
    page.on("change", (change) => {
      if (change.alerts.length) alerts();
      if (change.devices) devices();
      if (change.feed || change.sim) latency();
    });
    page.on("link", age);
    page.every(200, age);
    page.every(500, clock);
    clock();
    if (store.city) everything();
  };

  function streams(feed) {
    if (feed?.stale_since) return " · " + lm.t("live_map.streams_stale");
    const rows = Object.entries(feed?.streams ?? {}).filter(([name]) => name !== "actions").map(([, row]) => row);
    if (!rows.length) return "";
    const late = rows.filter((row) => row.lag > LATE_ENTRIES).length;
    const key = late ? "live_map.streams_late" : "live_map.streams_ok";
    return " · " + lm.t(key, { n: rows.length, late });
  }
})(window.liveMap);
