/* The KPI page: the address says everything. Links and filters change it without a reload, the
   server answers with pieces of the page (callbacks/kpis), and about once a minute the same is
   asked again, so that figures follow quietly while somebody looks. */
(function () {
  "use strict";

  const REFRESH_MS = 60000;
  const BUSY_AFTER_MS = 150; // an answer that takes longer is announced by a mark
  const GIVE_UP_MS = 6000; // on an answer: then what is shown is marked as old, and asked again
  const SAME_SELECT_MS = 2000; // going through a select by keyboard is one step back, not ten

  const ns = (window.dash_clientside = window.dash_clientside || {});
  let shown = null; // the query of what is on the page
  let askedAt = 0;
  let waitingSince = 0; // the first question without an answer; 0 = none
  let again = REFRESH_MS;
  let marks = {};
  let busy = 0;
  let lastSelect = { name: "", at: 0 };
  let scrollTo = null; // where to go once the answer is there; null = stay

  ns.kpis = {
    /** An answer of the server: pieces of markup by id, and what to say about them. */
    show(answer) {
      if (!answer || !page()) return ns.no_update;
      clearTimeout(busy);
      page().removeAttribute("data-busy");
      askedAt = Date.now();
      waitingSince = 0;
      again = answer.again_ms;
      put("kpis-problem", answer.problem);
      if (!answer.areas) return instead(answer);
      marks = answer.marks;
      const fresh = shown !== answer.query;
      const changed = Object.entries(answer.areas).filter(([id, html]) => put(id, html));
      requestAnimationFrame(() => setTimeout(() => draw(answer)));
      if (fresh) arrive(answer);
      shown = answer.query;
      return changed.some(([id]) => id !== "kpis-top") ? answer.said : "";
    },

    /** The definitions, which come with their page. */
    define(html) {
      put("kpis-definitions", html);
      toAnchor();
      return "";
    },
  };

  /** No figures this time: what is there stays; at first there is nothing but a loading mark. */
  function instead(answer) {
    if (shown === null) put("kpis-content", answer.loading ?? "");
    return "";
  }

  /** Charts take their time: words are read meanwhile. */
  function draw({ query, plots, figures }) {
    if (query !== shown) return;
    for (const [id, children] of Object.entries(plots)) ns.set_props(id, { children });
    for (const [id, figure] of Object.entries(figures)) ns.set_props(id, { figure });
  }

  const page = () => document.getElementById("kpis-content");

  function put(id, html) {
    const node = document.getElementById(id);
    if (!node || node.markupText === html) return false;
    window.markup.put(node, html);
    return true;
  }

  /** Somebody went to another address: as on a new page, but for what they still have in hand. */
  function arrive(answer) {
    document.title = answer.title;
    if (shown === null && scrollTo === null) return toAnchor();
    if (document.activeElement === document.body) {
      document.querySelector("[data-title]")?.focus({ preventScroll: true });
    }
    if (scrollTo !== null) window.scrollTo(0, scrollTo);
    scrollTo = null;
  }

  function toAnchor() {
    const node = document.getElementById(decodeURIComponent(location.hash.slice(1)) || "-");
    node?.setAttribute("data-here", ""); // :target knows only what was there before
    node?.scrollIntoView();
  }

  /** To an address of ours; Dash's router hears of it and asks the server. */
  function go(href, { replace = false, stay = false } = {}) {
    const to = new URL(href, location.href);
    if (to.href === location.href) return;
    history.replaceState({ ...history.state, kpisScroll: window.scrollY }, "");
    if (!stay) scrollTo = 0;
    history[replace ? "replaceState" : "pushState"]({}, "", to);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    if (to.pathname === "/kpis") wait();
    else requestAnimationFrame(() => window.scrollTo(0, 0));
  }

  function wait() {
    askedAt = Date.now();
    waitingSince ||= askedAt;
    clearTimeout(busy);
    busy = setTimeout(() => page()?.setAttribute("data-busy", ""), BUSY_AFTER_MS);
  }

  function onClick(event) {
    const link = event.target.closest("a[href]");
    if (!link || !link.closest(".kpis") || event.defaultPrevented) return;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin || link.hasAttribute("download")) return;
    if (to.pathname === location.pathname && to.hash) return;
    event.preventDefault();
    const stay = Boolean(link.closest(".kpis__filters, .kpis__by"));
    go(link.href, { stay });
  }

  // -- filters -----------------------------------------------------------------------------------

  function onChange(event) {
    const form = event.target.closest("[data-filters]");
    const select = event.target;
    if (!form || select.tagName !== "SELECT") return;
    if (select.name === "period" && select.value === "days") return askDays(form);
    const replace = lastSelect.name === select.name && Date.now() - lastSelect.at < SAME_SELECT_MS;
    lastSelect = { name: select.name, at: Date.now() };
    go(addressOf(form), { replace, stay: true });
  }

  function askDays(form) {
    const days = form.querySelector("[data-days]");
    days.hidden = false;
    days.querySelector("input").focus();
  }

  function onSubmit(event) {
    const form = event.target.closest("[data-filters]");
    if (!form) return;
    event.preventDefault();
    go(addressOf(form), { stay: true });
  }

  /** Days by hand only if they are asked for; what says nothing is left out. */
  function addressOf(form) {
    const query = new URLSearchParams();
    const byHand = form.elements.period.value === "days";
    for (const name of ["view", "kpi", "by", "period", "from", "to", "zone", "kind", "vendor", "owner", "route", "pilot"]) {
      const value = form.elements[name]?.value;
      if (!value || (name === "period" && (byHand || value === "28d"))) continue;
      if ((name === "from" || name === "to") && !byHand) continue;
      query.set(name, value);
    }
    return "/kpis" + (query.size ? "?" + query : "");
  }

  // -- keeping up --------------------------------------------------------------------------------

  function tick() {
    if (!page()) {
      shown = null;
      marks = {};
      askedAt = waitingSince = 0;
      return;
    }
    const now = Date.now();
    askedAt ||= waitingSince = now; // the page itself has asked
    const late = waitingSince && now - waitingSince > GIVE_UP_MS;
    const stale = document.querySelector("[data-kpis-stale]");
    if (stale) stale.hidden = !late;
    if (late) page().removeAttribute("data-busy");
    if (!document.hidden && now - askedAt >= (waitingSince ? GIVE_UP_MS : again)) refresh();
  }

  function refresh() {
    askedAt = Date.now();
    waitingSince ||= askedAt;
    ns.set_props("kpis-asked", { data: { at: askedAt, marks } });
  }

  function onBack(event) {
    if (location.pathname !== "/kpis" || !page()) return;
    scrollTo = event.state?.kpisScroll ?? 0;
    wait();
  }

  setInterval(tick, 500);
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("kpis:refresh", refresh);
  window.addEventListener("popstate", onBack);
})();
