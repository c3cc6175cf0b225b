/* Takes in what the server answers, and asks again while somebody looks. Old figures never look
   like new ones. */
(function (ns) {
  "use strict";
  const POLL_MS = 2000; // after an answer; one question at a time
  const POLL_ALL_MS = 15000; // closed orders are read from the store
  const GIVE_UP_MS = 6000; // on an answer: then ask again
  const STALE_MS = 8000;
  const BUSY_AFTER_MS = 150;
  const LIST = "data-orders-list", FEED = "data-orders-feed", DETAIL = "data-orders-detail";
  let answeredAt = 0, askedAt = 0, busy = 0;
  let listening = null; // the page's own list node
  let announce = false;

  function onChange(changes) {
    for (const { target, attributeName } of changes) {
      const text = target.getAttribute(attributeName);
      if (!text || !ns.list()) continue;
      begin();
      if (attributeName === LIST) takeList(JSON.parse(text));
      else if (attributeName === FEED) takeFeed(JSON.parse(text));
      else ns.fillDetail(JSON.parse(text));
    }
  }

  /** A list node that was not there before: another visit of the page. */
  function begin() {
    if (listening === ns.list()) return;
    listening = ns.list();
    answeredAt = askedAt = 0;
    ns.forgetRows();
    ns.forgetDetail();
    ns.markDetail();
    document.querySelector(".shell__link--here")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function takeList(told) {
    window.markup.put(ns.place("head"), told.head);
    window.markup.put(ns.place("tools"), told.tools);
    window.markup.put(ns.place("foot"), told.foot);
    ns.fillRows(told.rows);
    ns.put(ns.place("empty"), told.empty);
    ns.place("empty").hidden = !told.empty;
    ns.place("scroll").hidden = !ns.place("rows").children.length;
    if (announce) ns.put(ns.place("told"), told.told);
    announce = false;
  }

  /** Comes with every answer, also when nothing else changed. */
  function takeFeed({ at, banner, bad }) {
    answeredAt = Date.now();
    clearTimeout(busy);
    ns.list().removeAttribute("aria-busy");
    ns.put(ns.place("at"), at);
    const node = ns.place("banner");
    ns.put(node, banner);
    node.hidden = !banner;
    node.classList.toggle("banner--bad", bad);
  }

  ns.onAddress = function () {
    announce = true;
    askedAt = Date.now(); // the router asks by itself
    clearTimeout(busy);
    busy = setTimeout(() => ns.list()?.setAttribute("aria-busy", "true"), BUSY_AFTER_MS);
    ns.markChosen();
    ns.markDetail();
  };

  ns.askNow = function () {
    askedAt = Date.now();
    window.dash_clientside.set_props("orders-tick", { data: askedAt });
  };

  function tick() {
    if (!ns.list()) {
      listening = null;
      return;
    }
    begin();
    const now = Date.now(), all = ns.query().get("state") === "all";
    answeredAt ||= now;
    ns.dropRows();
    ns.place("stale").hidden = document.hidden || now - answeredAt < STALE_MS;
    const answered = answeredAt >= askedAt;
    const due = now - askedAt >= (answered ? (all ? POLL_ALL_MS : POLL_MS) : GIVE_UP_MS);
    if (due && !document.hidden) ns.askNow();
  }

  function narrow(button) {
    const open = ns.list().toggleAttribute("data-narrow-open");
    button.setAttribute("aria-expanded", String(open));
  }

  setInterval(tick, 500);
  document.addEventListener("orders:refresh", () => ns.askNow());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-orders-narrow]");
    if (button) narrow(button);
  });
  new MutationObserver(onChange).observe(document.documentElement, {
    subtree: true,
    attributeFilter: [LIST, FEED, DETAIL],
  });
})(window.orders);
