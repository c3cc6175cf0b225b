/* What must be read before the picture is trusted: disconnected, worker silent, feed stale,
   history being made, sound blocked. Each says since when, in words, for as long as it lasts. */
(function (lm) {
  "use strict";

  lm.mountBanners = function (page) {
    const place = page.find("banners"), shown = new Map();

    /** words "" takes the banner away. button: {words, press}. */
    function put(name, words, { bad = false, button = null, role = "alert" } = {}) {
      let node = shown.get(name);
      if (!words) {
        node?.remove();
        shown.delete(name);
        return;
      }
      if (!node) {
        shown.set(name, (node = make(name, button, role)));
        page.say?.(words, role === "alert");
      }
      node.classList.toggle("banner--bad", bad);
      lm.put(node.firstChild, words);
    }

    function make(name, button, role) {
      const node = lm.el("div", "banner");
      node.dataset.banner = name;
      node.setAttribute("role", role);
      node.setAttribute("aria-live", "off"); // told once when it appears, not with every second
      node.append(lm.el("span", "live-map__banner-words"));
      if (button) {
        const press = lm.el("button", "button button--quiet", button.words);
        press.type = "button";
        press.addEventListener("click", button.press);
        node.append(press);
      }
      place.append(node);
      return node;
    }

    function check() {
      const { store, city } = page, feed = store.feed, now = store.now();
      const down = city.link === "up" || city.link === "connecting" ? null : city.socket.downSince();
      put("disconnected", down && downWords(store, down), { bad: true });
      const silent = down ? null : feed?.worker_silent_since;
      put("worker", silent && since("worker_banner", silent, now), { bad: true });
      const making = store.sim?.on && store.sim.done < 1 && store.sim.phase !== "live";
      const stale = down || silent || making ? null : feed?.stale_since; // history comes in gusts
      put("stale", stale && since("stale_banner", stale, now), { bad: true });
      put("history", making && lm.t("live_map.history_banner", { percent: Math.floor(store.sim.done * 100) }), { role: "status" });
      page.root.classList.toggle("is-old", Boolean(down || silent));
    }

    page.banner = put;
    page.on("link", check);
    page.on("snapshot", check);
    page.on("change", (change) => { if (change.feed || change.sim) check(); });
    page.every(1000, check);
    page.undo.push(() => place.replaceChildren());
    check();
  };

  function downWords(store, down) {
    const age = lm.format.span(Date.now() - down);
    if (!store.city) return lm.t("live_map.disconnected_wait_banner", { age });
    const time = lm.format.time(store.heardAt + store.skewMs);
    return lm.t("live_map.disconnected_banner", { age, time });
  }

  function since(key, from, now) {
    return lm.t("live_map." + key, { time: lm.format.time(from), age: lm.format.span(now - from) });
  }
})(window.liveMap);
