/* The trends page: one part a picture (sheet.js), each asked and answered by itself. What is
   picked in one picture is a link like any other, so all of them follow the address. */
(function () {
  "use strict";

  const ns = (window.dash_clientside = window.dash_clientside || {});
  const drawers = new Map(); // part -> what draws its data
  let sheet = null;

  const root = () => document.getElementById("trends");
  const view = (query) => {
    const known = root()?.dataset.views.split(" ") ?? [];
    return known.includes(query.get("view")) ? query.get("view") : known[0];
  };
  const sectionOf = (part) => document.getElementById(part + "-content")?.closest("[data-of]");
  const parts = ["head", "heat", "map", "near", "control", "counts", "legs", "records",
    "profile", "counters", "passers", "pilots", "effect"].map((name) => "trends-" + name);

  const page = () => (sheet ??= window.sheet({
    root: ".trends",
    path: "/trends",
    fields: ["view", "by", "leg", "counter", "pilot", "surface", "period", "from", "to", "category", "code", "zone", "route", "hour", "cell"],
    period: "91d",
    parts,
    stay: ".kpis__filters, .trends__grid, .trends__picks",
    stale: (part) => `[data-trends-stale="${part}"]`,
    quiet: "trends-head-content",
    isOf: (part, query) => part === "trends-head" || sectionOf(part)?.dataset.of === view(query),
    onGo: showView,
    onAnswer: (part, answer) => { if (answer.data) drawers.get(part)?.(answer.data); },
  }));

  /** Sections of other views are out of sight, what they show stays. */
  function showView(query = new URLSearchParams(location.search)) {
    if (root()) root().dataset.view = view(query);
  }

  ns.trends = {
    show(answer) {
      if (!answer) return ns.no_update;
      showView();
      if (!answer.idle) return page().show(answer.part, answer);
      page().idle(answer.part, answer);
      return ns.no_update;
    },
  };

  window.trends = {
    /** draw(data): called with what the server says of a picture that a script draws. */
    onData: (name, draw) => drawers.set("trends-" + name, draw),
    go: (href) => page().go(href, { stay: true }),
    refresh: (name) => page().refresh("trends-" + name),
  };

  document.addEventListener("DOMContentLoaded", page);
})();
