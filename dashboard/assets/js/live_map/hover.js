/* What is under the pointer: a name while hovering, the detail on a click. One look per frame. */
(function (lm) {
  "use strict";

  lm.mountHover = function (page) {
    const { map, store } = page, tip = page.find("tip");
    let frame = 0, last = null;

    function look() {
      frame = 0;
      const layer = page.deviceLayer, point = last;
      if (!point || !layer.map) return hide();
      const i = layer.deviceAt(point), bubble = i < 0 ? layer.bubbleAt(point) : null;
      map.getContainer().classList.toggle("is-over", i >= 0 || bubble !== null);
      if (i >= 0) show(point, deviceWords(store, i));
      else if (bubble) show(point, bubbleWords(store, bubble));
      else hide();
    }

    function show(point, words) {
      lm.put(tip, words);
      tip.hidden = false;
      const room = map.getSize().x - 240;
      tip.style.left = Math.min(point.x + 14, Math.max(0, room)) + "px";
      tip.style.top = point.y + 14 + "px";
    }

    function hide() {
      tip.hidden = true;
    }

    map.on("mousemove", (event) => {
      last = event.containerPoint;
      frame = frame || requestAnimationFrame(look);
    });
    map.on("mouseout movestart zoomstart", () => { last = null; hide(); });
    map.on("click", (event) => {
      const i = page.deviceLayer.deviceAt(event.containerPoint);
      if (i >= 0 && store.ids[i]) return page.selection.choose("device", store.ids[i]);
      const bubble = page.deviceLayer.bubbleAt(event.containerPoint);
      if (bubble) map.setZoomAround(event.latlng, Math.max(12, map.getZoom() + 1.5));
    });
    page.undo.push(() => cancelAnimationFrame(frame));
  };

  function deviceWords(store, i) {
    const name = store.names[i], id = store.ids[i] ?? "";
    const status = lm.t("live_map.status_" + store.statuses[store.status[i]]);
    return [name && name !== id ? id + " " + name : id, lm.kindWords(store.kinds[store.kind[i]]), status]
      .filter(Boolean).join(" · ");
  }

  function bubbleWords(store, bubble) {
    const n = lm.format.count(bubble.n), bad = bubble.n - bubble.by[0];
    const mix = store.statuses.map((word, at) => [word, bubble.by[at]]).reverse()
      .filter(([word, count]) => count && word !== "ok")
      .map(([word, count]) => lm.t("live_map.status_" + word) + " " + count);
    return [lm.t("live_map.bubble", { n, bad }), ...mix].join(" · ");
  }
})(window.liveMap);
