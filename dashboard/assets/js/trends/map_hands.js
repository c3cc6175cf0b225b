/* Pointer, touch and keyboard on the trends map: words of what is under them, picking a cell or
   a safe route, and zoom. The page scrolls under a wheel and one finger; Ctrl and two zoom. */
window.trendsMap = window.trendsMap ?? {};

(function (lm, ours) {
  "use strict";
  const ROUTE_PX = 6; // a pointer so near a safe route means the route
  const ROUTES_FROM = 11.5; // as drawn
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

  ours.hands = function (page) {
    const { map } = page, container = map.getContainer(), tip = page.find("tip");
    container.tabIndex = 0;
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", page.place.dataset.label);
    container.setAttribute("aria-describedby", "trends-map-keys");
    if (L.Browser.touch && matchMedia("(pointer: coarse)").matches) map.dragging.disable();

    // -- pointer ---------------------------------------------------------------------------------

    let frame = 0, last = null;
    function look() {
      frame = 0;
      const found = last && page.data ? under(page, last) : null;
      container.classList.toggle("is-over", Boolean(found));
      tip.hidden = !found;
      if (!found) return;
      lm.put(tip, wordsOf(page, found));
      tip.style.left = Math.max(4, Math.min(last.x + 14, map.getSize().x - tip.offsetWidth - 6)) + "px";
      tip.style.top = (last.y > 60 ? last.y - tip.offsetHeight - 10 : last.y + 16) + "px";
    }
    map.on("mousemove", (event) => {
      last = event.containerPoint;
      frame = frame || requestAnimationFrame(look);
    });
    map.on("mouseout movestart zoomstart", () => { last = null; look(); });
    map.on("click", (event) => {
      if (event.originalEvent?.detail > 1) return; // a double click zooms
      const found = page.data ? under(page, event.containerPoint) : null;
      if (found) pick(page, found);
    });
    page.undo.push(() => cancelAnimationFrame(frame));
    const wheel = (event) => map.scrollWheelZoom[event.ctrlKey || event.metaKey ? "enable" : "disable"]();
    lm.listen(page.undo, container, "wheel", wheel, { capture: true, passive: true });
    lm.listen(page.undo, page.place, "click", (event) => {
      const way = event.target.closest("[data-zoom]")?.dataset.zoom;
      if (way === "in") map.zoomIn(1);
      else if (way === "out") map.zoomOut(1);
      else if (way === "city") ours.showCity();
    });

    // -- keyboard --------------------------------------------------------------------------------

    lm.listen(page.undo, container, "keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !page.data) return;
      if (!pressed(event.key)) return;
      event.preventDefault();
      page.redraw();
    });
    lm.listen(page.undo, container, "blur", () => { page.cursor = null; page.redraw(); });

    function pressed(key) {
      if (STEPS[key]) return move(STEPS[key]);
      if (key === "+" || key === "=") return map.zoomIn(1);
      if (key === "-") return map.zoomOut(1);
      if (key === "Escape" && page.cursor !== null) { page.cursor = null; return true; }
      if ((key === "Enter" || key === " ") && page.cursor !== null) {
        pick(page, { cell: page.cursor });
        return true;
      }
      return false;
    }

    /** To the next cell of the city that way; from what is picked, or the middle of the map. */
    function move([right, up]) {
      const columns = page.data.grid[4], rows = page.data.grid[5];
      if (page.cursor === null) page.cursor = page.picked ?? nearestCell(page, map.getCenter());
      else {
        let column = (page.cursor % columns) + right, row = Math.floor(page.cursor / columns) + up;
        while (column >= 0 && row >= 0 && column < columns && row < rows && !inCity(page, row * columns + column)) {
          column += right;
          row += up;
        }
        if (column >= 0 && row >= 0 && column < columns && row < rows) page.cursor = row * columns + column;
      }
      const [lat, lng] = middle(page, page.cursor);
      map.panInside([lat, lng], { padding: [40, 40], animate: false });
      page.find("say").textContent = wordsOf(page, { cell: page.cursor, at: [lat, lng] });
      return true;
    }
  };

  // -- what is where -----------------------------------------------------------------------------

  const inCity = (page, number) => ((page.inside[number >> 3] >> (number & 7)) & 1) === 1;

  /** {route} or {cell}, and where the pointer is; null outside the city. */
  function under(page, point) {
    const { lat, lng } = page.map.containerPointToLatLng(point);
    const route = page.map.getZoom() >= ROUTES_FROM ? routeAt(page, lng, lat) : null;
    if (route) return { route };
    const cell = cellAt(page, lng, lat);
    return cell === null ? null : { cell, at: [lat, lng] };
  }

  function cellAt(page, lng, lat) {
    const [west, south, dx, dy, columns, rows] = page.data.grid;
    const column = Math.floor((lng - west) / dx), row = Math.floor((lat - south) / dy);
    if (column < 0 || row < 0 || column >= columns || row >= rows) return null;
    return inCity(page, row * columns + column) ? row * columns + column : null;
  }

  /** The cell there, or else the city's nearest. */
  function nearestCell(page, { lat, lng }) {
    const [west, south, dx, dy, columns, rows] = page.data.grid;
    const x = (lng - west) / dx - 0.5, y = (lat - south) / dy - 0.5;
    let best = 0, least = Infinity;
    for (let number = 0; number < columns * rows; number++) {
      const far = Math.hypot((number % columns) - x, Math.floor(number / columns) - y);
      if (far < least && inCity(page, number)) [best, least] = [number, far];
    }
    return best;
  }

  function middle(page, number) {
    const [west, south, dx, dy, columns] = page.data.grid;
    return [south + (Math.floor(number / columns) + 0.5) * dy, west + ((number % columns) + 0.5) * dx];
  }

  function routeAt(page, lng, lat) {
    const scale = 256 * 2 ** page.map.getZoom(), [x, y] = lm.mercator(lng, lat);
    let best = null, least = ROUTE_PX / scale;
    for (const route of page.routes) {
      for (let k = 1; k < route.line.length; k++) {
        const far = toSegment(route.line[k - 1], route.line[k], x, y);
        if (far < least) [best, least] = [route, far];
      }
    }
    return best;
  }

  function toSegment([ax, ay], [bx, by], x, y) {
    const dx = bx - ax, dy = by - ay, squared = dx * dx + dy * dy;
    const share = squared ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared)) : 0;
    return Math.hypot(ax + share * dx - x, ay + share * dy - y);
  }

  // -- words and addresses -----------------------------------------------------------------------

  function wordsOf(page, { route, cell, at }) {
    const { texts } = page.data;
    const back = route ? page.data.route === route.id : page.picked === cell;
    const does = texts[back ? "back" : "pick"];
    if (route) return texts.route.replace("{route}", route.id + " " + route.name) + " · " + does;
    const columns = page.data.grid[4], told = page.cells.get(cell) ?? { n: 0, hot: 0 };
    const parts = [texts.cell.replace("{cell}", (cell % columns) + "." + Math.floor(cell / columns))];
    parts.push(told.n === null ? texts.few : told.n ? texts.n.replace("{n}", told.n.toLocaleString("en")) : texts.none);
    if (page.data.surface === "kde") parts.push(...densityWords(page, at));
    else parts.push(told.hot ? texts["hot" + told.hot] : texts.plain);
    if (told.q) parts.push(texts.q.replace("{q}", told.q));
    return [...parts, does].join(" · ");
  }

  function densityWords(page, at) {
    if (!page.density || !at) return [];
    const [west, south, dx, dy, columns] = page.data.grid;
    const value = page.density.at((at[1] - west) / dx, (at[0] - south) / dy, columns);
    const words = value >= 10 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
    return [page.data.texts.density.replace("{n}", words)];
  }

  /** Shown at once; the answer then says the same. */
  function pick(page, { route, cell }) {
    const { hrefs, grid } = page.data;
    if (route) {
      const back = page.data.route === route.id;
      return window.trends.go(back ? hrefs.route_back : hrefs.route.replace("%7Broute%7D", encodeURIComponent(route.id)));
    }
    const back = page.picked === cell;
    page.picked = back ? null : cell;
    page.redraw();
    window.trends.go(back ? hrefs.back : hrefs.pick + (cell % grid[4]) + "." + Math.floor(cell / grid[4]));
  }
})(window.liveMap, window.trendsMap);
