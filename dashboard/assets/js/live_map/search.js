/* Search by id, name, route and dong: a combobox over what this browser already knows. */
(function (lm) {
  "use strict";
  const MOST = 8;

  lm.mountSearch = function (page) {
    const input = page.inputs["map-search"], list = page.find("found");
    let found = [], at = -1;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-label", lm.t("live_map.search"));
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");

    function look() {
      const words = input.value.trim().toLowerCase();
      if (!words) return shut();
      const all = find(page, words);
      found = all.slice(0, MOST);
      at = found.length ? 0 : -1;
      list.replaceChildren(...found.map(option), ...note(all.length));
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      mark();
      page.say?.(found.length ? lm.t("live_map.search_count", { n: all.length }) : lm.t("live_map.search_none"));
    }

    function option(one, index) {
      const node = lm.el("li", "search__option");
      node.id = "found-" + index;
      node.setAttribute("role", "option");
      node.append(lm.el("b", "", one.id), lm.el("span", "", one.words), lm.el("small", "", lm.t("live_map.found_" + one.kind)));
      node.addEventListener("mousedown", (event) => { event.preventDefault(); go(index); });
      return node;
    }

    function note(n) {
      if (n && n <= MOST) return [];
      const node = lm.el("li", "search__note", n ? lm.t("live_map.search_more", { n: n - MOST }) : lm.t("live_map.search_none"));
      node.setAttribute("role", "option");
      node.setAttribute("aria-disabled", "true");
      return [node];
    }

    function mark() {
      found.forEach((one, index) => lm.toggle(list.children[index], "aria-selected", index === at));
      if (at >= 0) input.setAttribute("aria-activedescendant", "found-" + at);
      else input.removeAttribute("aria-activedescendant");
    }

    function go(index) {
      const one = found[index];
      if (!one) return;
      shut();
      page.showView?.("map");
      one.go();
    }

    function shut() {
      list.hidden = true;
      found = [];
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    page.listen(input, "input", look);
    page.listen(input, "focus", () => { if (input.value) look(); });
    page.listen(input, "blur", shut);
    page.listen(input, "keydown", (event) => {
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move && found.length) {
        event.preventDefault();
        at = (at + move + found.length) % found.length;
        mark();
      } else if (event.key === "Enter" && at >= 0) go(at);
      else if (event.key === "Escape") { if (list.hidden) input.value = ""; shut(); input.blur(); }
    });
  };

  /** Alerts by their place, dong, routes, then devices: what begins with the words first. */
  function find(page, words) {
    const has = (...texts) => texts.some((text) => text && text.toLowerCase().includes(words));
    const zones = [...page.shapes?.zones ?? []].filter((zone) => has(zone.name)).map((zone) => ({
      kind: "zone", id: zone.name, words: "", go: () => view(page, [zone.at], 14),
    }));
    const routes = [...page.shapes?.routes ?? []].filter((route) => has(route.id, route.name)).map((route) => ({
      kind: "route", id: route.id, words: route.name, go: () => view(page, route.line, 16),
    }));
    return [...zones, ...routes, ...devices(page, words, has)];
  }

  function devices(page, words, has) {
    const { store } = page, first = [], rest = [];
    for (let i = 0; i < store.ids.length; i++) {
      const id = store.ids[i];
      if (!has(id, store.names[i])) continue;
      const one = { kind: "device", id, words: store.names[i] === id ? "" : store.names[i], go: () => device(page, id) };
      (id.toLowerCase().startsWith(words) ? first : rest).push(one);
    }
    return [...first, ...rest];
  }

  function device(page, id) {
    page.selection.choose("device", id, { center: true, quiet: true });
  }

  /** points: mercator. */
  function view(page, points, zoom) {
    const corners = points.map(([x, y]) => lm.unmercator(x, y)).map(([lon, lat]) => [lat, lon]);
    page.map.fitBounds(corners, { maxZoom: zoom, padding: [60, 60] });
  }
})(window.liveMap);
