/* The last hour in small lines: alerts a minute, foot traffic against usual, incidents of the
   last seven days against eight weeks. Each has a sentence; the picture only illustrates it. */
(function (lm) {
  "use strict";
  const REFRESH_MS = 60000;

  lm.mountLines = function (page) {
    const drawings = new Map(); // place -> how its picture is drawn
    const part = (name) => page.root.querySelector('[data-line="' + name + '"]');

    /** draw(width, height) answers the picture; it is drawn again when the window changes. */
    function put(name, words, draw) {
      lm.put(part(name).querySelector(".strip__says"), words);
      const place = part(name).querySelector(".strip__line");
      drawings.set(place, draw);
      fill(place);
    }

    function fill(place) {
      const w = place.clientWidth, h = place.clientHeight;
      if (w && h) place.replaceChildren(drawings.get(place)(w, h));
    }

    function nothing(name, key) {
      put(name, "", () => lm.el("p", "strip__none", lm.t("live_map." + key)));
    }

    async function hour() {
      const data = await get("/live/hour");
      if (data && lm.page === page) alertLine(put, nothing, data);
    }

    function traffic() {
      const data = page.store.traffic;
      if (data?.line?.length) trafficLine(put, data);
      else nothing("traffic", "strip_traffic_none");
    }

    async function incidents() {
      const week = await get("/live/incidents?days=7");
      if (lm.page !== page) return;
      if (week?.daily?.length) incidentLine(put, week, page.language);
      else nothing("incidents", week === null ? "strip_incidents_hidden" : "strip_incidents_none");
      if (!page.layers.has("incidents")) return;
      page.bus.say("incidents", page.days === 7 ? week : await get("/live/incidents?days=" + page.days));
    }

    const observer = new ResizeObserver((entries) => entries.forEach((entry) => drawings.has(entry.target) && fill(entry.target)));
    for (const place of page.root.querySelectorAll(".strip__line")) observer.observe(place);
    page.undo.push(() => observer.disconnect());

    let soon = 0;
    const later = (work) => { clearTimeout(soon); soon = setTimeout(work, 400); };
    page.on("snapshot", () => { hour(); traffic(); incidents(); });
    page.on("change", (change) => {
      if (change.traffic) traffic();
      if (change.alerts.length) later(hour);
      if (change.incidents) incidents();
    });
    page.bus.on("layers", incidents);
    page.every(REFRESH_MS, hour);
    page.undo.push(() => clearTimeout(soon));
    if (page.store.city) { hour(); traffic(); incidents(); }
  };

  /** null when the role may not see it or the server cannot be reached. */
  async function get(url) {
    const response = await fetch(url).catch(() => null);
    return response?.ok ? response.json() : null;
  }

  function alertLine(put, nothing, data) {
    const sums = [1, 2, 3, 4].map((p) => data.alerts.reduce((sum, row) => sum + row[p], 0));
    const n = sums[0] + sums[1] + sums[2] + sums[3];
    const known = data.usual_low !== null && data.usual_low !== undefined;
    const words = known
      ? lm.t("live_map.strip_alerts_says", { n, low: Math.round(data.usual_low), high: Math.round(data.usual_high) })
      : lm.t("live_map.strip_alerts_says_plain", { n });
    const says = lm.t("live_map.strip_alert_bars", { n, p1: sums[0], p2: sums[1], p3: sums[2], p4: sums[3] });
    const rows = data.alerts.map((row) => row.slice(1));
    put("alerts", words, (w, h) => lm.chart.bars(rows, says, w, h));
  }

  function trafficLine(put, data) {
    const { n, usual, coverage, level } = data.city;
    const percent = usual ? Math.round((n / usual - 1) * 100) : 0;
    const change = (percent > 0 ? "+" : percent < 0 ? "\u2212" : "±") + Math.abs(percent);
    const values = { percent: Math.abs(percent), change, coverage: Math.round((coverage ?? 0) * 100) };
    const key = { quiet: "less", busy: "more", usual: "usual" }[usual ? level : ""] ?? "unknown";
    const words = lm.t("live_map.strip_traffic_" + key, values);
    put("traffic", words, (w, h) => lm.chart.band(data.line, words, w, h));
  }

  function incidentLine(put, data, language) {
    const values = { n: data.total, low: Math.round(data.low ?? 0), high: Math.round(data.high ?? 0) };
    const known = data.expected !== null && data.expected !== undefined;
    const key = !known ? "unknown" : data.total > data.high ? "more" : data.total < data.low ? "less" : "usual";
    const words = lm.t("live_map.strip_incidents_" + key, values);
    const day = new Intl.DateTimeFormat(language, { timeZone: "Asia/Seoul", weekday: "short" });
    const bars = data.daily.slice(-7).map(([at, n, expected]) => ({ words: day.format(at), n, expected }));
    put("incidents", words, (w, h) => lm.chart.days(bars, words, w, h));
  }
})(window.liveMap);
