/* Layer switches, filters, zoom buttons and legend: buttons show with aria-pressed what is on. */
(function (lm) {
  "use strict";

  lm.mountControls = function (page) {
    const { root, layers, filter } = page;
    const all = (selector) => root.querySelectorAll(selector);

    function show() {
      for (const node of all("[data-layer]")) lm.toggle(node, "aria-pressed", isOn(node.dataset.layer));
      for (const node of all("[data-days]")) lm.toggle(node, "aria-pressed", Number(node.dataset.days) === page.days);
      page.find("incident-days").hidden = !layers.has("incidents");
      for (const node of all("[data-legend]")) node.hidden = !layers.has(node.dataset.legend);
      for (const node of all("[data-filter-state]")) {
        lm.toggle(node, "aria-pressed", !filter.hiddenStates.has(node.dataset.filterState));
      }
      for (const node of all("[data-filter-kind]")) {
        lm.toggle(node, "aria-pressed", !filter.hiddenKinds.has(node.dataset.filterKind));
      }
      page.inputs["filter-zone"].value = filter.zone;
      page.inputs["filter-route"].value = filter.route;
      showCounts();
    }

    function showCounts() {
      const n = filter.active(), hidden = page.find("filters").hidden ? 0 : filter.hidden();
      lm.put(page.find("filters-button"), n ? lm.t("live_map.filters_active", { n }) : lm.t("live_map.filters"));
      lm.put(page.find("devices-hidden"), lm.t("live_map.filter_hidden_devices", { n: lm.format.count(hidden) }));
      const area = [page.places.zone(filter.zone), filter.route].filter(Boolean).join(" · ");
      lm.put(page.find("area"), area || lm.t("live_map.filter_all_zones"));
      lm.toggle(page.find("area"), "aria-pressed", Boolean(area));
    }

    const isOn = (name) => (name === "problems" ? filter.problems : layers.has(name));

    function filtered() {
      filter.changed();
      show();
      page.bus.say("filter");
    }

    function switchLayer(name) {
      if (name === "problems") {
        filter.problems = !filter.problems;
        return filtered();
      }
      if (!layers.delete(name)) layers.add(name);
      show();
      page.bus.say("layers");
    }

    function flip(set, word) {
      if (!set.delete(word)) set.add(word);
      filtered();
    }

    function clicked(event) {
      const node = event.target.closest("button");
      const data = node?.dataset;
      if (!data) return;
      if (data.layer) switchLayer(data.layer);
      else if (data.days) { page.days = Number(data.days); show(); page.bus.say("layers"); }
      else if (data.filterState) flip(filter.hiddenStates, data.filterState);
      else if (data.filterKind) flip(filter.hiddenKinds, data.filterKind);
      else if (data.clear) { filter.clear(); filtered(); }
      else if (data.open === "filters") toggleFilters();
      else if (data.shut === "filters") toggleFilters(false);
      else if (data.zoom) zoom(page.map, data.zoom, page.base);
    }

    function toggleFilters(open = page.find("filters").hidden) {
      const panel = page.find("filters");
      panel.hidden = !open;
      lm.toggle(page.find("filters-button"), "aria-expanded", open);
      if (open) { showCounts(); page.showView?.("map"); panel.querySelector("button").focus(); }
      else page.find("filters-button").focus();
    }

    page.controls = {
      switchLayer, toggleFilters, filtered,
      filtersOpen: () => !page.find("filters").hidden,
      wholeCity: () => zoom(page.map, "city", page.base),
    };
    page.listen(root, "click", clicked);
    for (const what of ["zone", "route"]) {
      page.listen(page.inputs["filter-" + what], "change", (event) => {
        filter[what] = event.target.value;
        filtered();
      });
    }
    page.bus.on("base", () => { fillChoices(page); show(); });
    page.on("snapshot", () => { show(); page.find("map-state").hidden = true; });
    page.on("change", (change) => { if (change.devices && !page.find("filters").hidden) showCounts(); });
    page.on("link", (link) => {
      if (link === "failed") lm.put(page.find("map-state"), lm.t("live_map.load_failed"));
    });
    page.find("map-state").hidden = page.store.city !== null;
    fillChoices(page);
    show();
  };

  function zoom(map, way, base) {
    if (way === "in") map.zoomIn(1);
    else if (way === "out") map.zoomOut(1);
    else if (base) map.fitBounds(base.outline.map(([lon, lat]) => [lat, lon]), { padding: [8, 8] });
  }

  function fillChoices(page) {
    const { places, inputs } = page;
    const sorted = (entries) => [...entries].sort((a, b) => a[1].localeCompare(b[1], page.language));
    fill(inputs["filter-zone"], lm.t("live_map.filter_all_zones"), sorted(places.zones));
    fill(inputs["filter-route"], lm.t("live_map.filter_all_routes"),
      [...places.routes].map(([id, name]) => [id, id + " " + name]));
  }

  function fill(select, all, entries) {
    const options = [["", all], ...entries].map(([value, words]) => new Option(words, value));
    select.replaceChildren(...options);
  }
})(window.liveMap);
