/* The KPI page: one part, drawn from its address (sheet.js, which loads after this file). */
(function () {
  "use strict";

  const ns = (window.dash_clientside = window.dash_clientside || {});
  let sheet = null;

  const page = () => (sheet ??= window.sheet({
    root: ".kpis",
    path: "/kpis",
    fields: ["view", "kpi", "by", "period", "from", "to", "zone", "kind", "vendor", "owner", "route", "pilot"],
    period: "28d",
    parts: ["kpis"],
    stay: ".kpis__filters, .kpis__by",
    stale: () => "[data-kpis-stale]",
    quiet: "kpis-top",
  }));

  ns.kpis = {
    show: (answer) => page().show("kpis", answer),

    /** The definitions, which come with their page. */
    define(html) {
      page();
      window.sheet.put("kpis-definitions", html);
      window.sheet.toAnchor();
      return "";
    },
  };

  document.addEventListener("DOMContentLoaded", page); // the first answer may never come
  document.addEventListener("kpis:refresh", () => page().refresh());
})();
