/* A page that is drawn from its address: links and filters change it without a reload, the server
   answers each part with pieces of markup and charts (callbacks/sheet.py), and about once a
   minute the same is asked again, so that figures follow quietly while somebody looks.

   window.sheet({ root, path, fields, period, parts, ... }) makes one; see kpis.js for a page of
   one part, trends/page.js for one of many. A part is named by the ids of its places: <part>-asked
   (store), <part>-problem, <part>-content. */
(function () {
  "use strict";

  const REFRESH_MS = 60000;
  const BUSY_AFTER_MS = 150; // an answer that takes longer is announced by a mark
  const GIVE_UP_MS = 6000; // on an answer: then what is shown is marked as old, and asked again
  const SAME_SELECT_MS = 2000; // going through a select by keyboard is one step back, not ten

  /** root: selector of the page; path: its address; fields: names of the filters' form in the
      address's order; period: the word that goes without saying; stay: selector of links that
      leave the reader where they are; stale: selector of a part's mark of old figures;
      isOf(part, query): whether a part belongs to an address; onAnswer(part, answer);
      onGo(query): an address was gone to. */
  window.sheet = function (page) {
    const parts = new Map(page.parts.map((name) => [name, fresh(name)]));
    const ns = window.dash_clientside;
    let lastSelect = { name: "", at: 0 };
    let scrollTo = null; // where to go once the answer is there; null = stay
    let visited = false;
    let asked = null; // the address of the last question: an anchor within it asks nothing

    const content = (part) => document.getElementById(part.name + "-content");
    const here = () => document.querySelector(page.root);
    const query = () => new URLSearchParams(location.search);

    /** An answer of the server: pieces of markup by id, charts, and what to say about them.
        instead: they are for a page that shows nothing yet; what is there already stays. */
    function show(name, answer) {
      const part = parts.get(name);
      if (!answer || !content(part)) return ns.no_update;
      if (answer.asked !== undefined && answer.asked !== location.search.replace(/^\?/, "")) return ns.no_update; // overtaken
      settle(part, answer.again_ms);
      put(name + "-problem", answer.problem);
      if (!answer.areas || (answer.instead && part.shown !== null)) {
        if (part.shown === null) put(name + "-content", answer.loading ?? "");
        return "";
      }
      content(part).toggleAttribute("data-instead", Boolean(answer.instead));
      part.marks = answer.marks;
      const isNew = part.shown !== answer.query;
      part.shown = answer.query;
      const changed = Object.entries(answer.areas).filter(([id, html]) => put(id, html));
      requestAnimationFrame(() => setTimeout(() => draw(part, answer)));
      page.onAnswer?.(name, answer);
      if (isNew && answer.title) arrive(answer);
      return changed.some(([id]) => id !== page.quiet) ? answer.said : "";
    }

    function settle(part, again) {
      asked = location.search;
      clearTimeout(part.busy);
      content(part).removeAttribute("data-busy");
      part.askedAt = Date.now();
      part.waitingSince = 0;
      part.again = again;
    }

    /** Charts take their time: words are read meanwhile, and the page may be left. */
    function draw(part, answer) {
      if (answer.query !== part.shown || location.pathname !== page.path || !here()) return;
      for (const [id, children] of Object.entries(answer.plots)) ns.set_props(id, { children });
      for (const [id, figure] of Object.entries(answer.figures)) ns.set_props(id, { figure });
    }

    /** Somebody went to another address: as on a new page, but for what they still have in hand. */
    function arrive(answer) {
      document.title = answer.title;
      if (!visited && scrollTo === null) {
        visited = true;
        return toAnchor();
      }
      visited = true;
      if (document.activeElement === document.body) {
        document.querySelector("[data-title]")?.focus({ preventScroll: true });
      }
      if (scrollTo !== null) window.scrollTo(0, scrollTo);
      scrollTo = null;
    }

    /** To an address of ours; Dash's router hears of it and asks the server. */
    function go(href, { replace = false, stay = false } = {}) {
      const to = new URL(href, location.href);
      if (to.href === location.href) return;
      history.replaceState({ ...history.state, sheetScroll: window.scrollY }, "");
      if (!stay) scrollTo = 0;
      history[replace ? "replaceState" : "pushState"]({}, "", to);
      window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
      if (to.pathname === page.path) waitForAll();
      else requestAnimationFrame(() => window.scrollTo(0, 0));
    }

    function waitForAll() {
      page.onGo?.(query());
      for (const part of mine()) wait(part);
    }

    const mine = () => [...parts.values()].filter((part) => !page.isOf || page.isOf(part.name, query()));

    function wait(part) {
      asked = location.search;
      part.askedAt = Date.now();
      part.waitingSince ||= part.askedAt;
      clearTimeout(part.busy);
      part.busy = setTimeout(() => content(part)?.setAttribute("data-busy", ""), BUSY_AFTER_MS);
    }

    function onClick(event) {
      const link = event.target.closest("a[href]");
      if (!link || !link.closest(page.root) || event.defaultPrevented) return;
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const to = new URL(link.href);
      if (to.origin !== location.origin || link.hasAttribute("download") || link.target) return;
      if (to.pathname === location.pathname && to.hash) return;
      event.preventDefault();
      go(link.href, { stay: Boolean(link.closest(page.stay)) });
    }

    // -- filters ---------------------------------------------------------------------------------

    function onChange(event) {
      const form = event.target.closest(page.root + " [data-filters]");
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
      const form = event.target.closest(page.root + " [data-filters]");
      if (!form) return;
      event.preventDefault();
      go(addressOf(form), { stay: true });
    }

    /** Days by hand only if they are asked for; what says nothing is left out. */
    function addressOf(form) {
      const said = new URLSearchParams();
      const byHand = form.elements.period.value === "days";
      for (const name of page.fields) {
        const value = form.elements[name]?.value;
        if (!value || (name === "period" && (byHand || value === page.period))) continue;
        if ((name === "from" || name === "to") && !byHand) continue;
        said.set(name, value);
      }
      return page.path + (said.size ? "?" + said : "");
    }

    // -- keeping up ------------------------------------------------------------------------------

    function tick() {
      if (!here()) {
        for (const part of parts.values()) Object.assign(part, fresh(part.name));
        visited = false;
        asked = null;
        return;
      }
      for (const part of mine()) if (content(part)) keepUp(part);
    }

    function keepUp(part) {
      const now = Date.now();
      if (!part.askedAt) part.askedAt = part.waitingSince = now; // the page itself has asked
      const late = part.waitingSince && now - part.waitingSince > GIVE_UP_MS;
      const stale = document.querySelector(page.stale(part.name));
      if (stale) stale.hidden = !late;
      if (late) content(part).removeAttribute("data-busy");
      if (!document.hidden && now - part.askedAt >= (part.waitingSince ? GIVE_UP_MS : part.again)) ask(part);
    }

    function ask(part) {
      part.askedAt = Date.now();
      part.waitingSince ||= part.askedAt;
      ns.set_props(part.name + "-asked", { data: { at: part.askedAt, marks: part.marks } });
    }

    function onBack(event) {
      if (location.pathname !== page.path || !here() || location.search === asked) return;
      scrollTo = event.state?.sheetScroll ?? 0;
      waitForAll();
    }

    setInterval(tick, 500);
    document.addEventListener("click", onClick);
    document.addEventListener("change", onChange);
    document.addEventListener("submit", onSubmit);
    window.addEventListener("popstate", onBack);

    /** Nothing new is to be shown: the part rests. */
    function idle(name, answer) {
      const part = parts.get(name);
      if (!content(part)) return;
      settle(part, answer.again_ms);
      if (answer.loading && part.shown === null) put(name + "-content", answer.loading);
    }

    return { show, idle, go, refresh: (name) => { for (const part of mine()) if (!name || part.name === name) ask(part); } };
  };

  /** shown: the query of what is in its place. askedAt, waitingSince: the last question, and the
      first without an answer; 0 = none. */
  function fresh(name) {
    return { name, shown: null, askedAt: 0, waitingSince: 0, again: REFRESH_MS, marks: {}, busy: 0 };
  }

  function put(id, html) {
    const node = document.getElementById(id);
    if (!node || node.markupText === html) return false;
    window.markup.put(node, html);
    return true;
  }

  function toAnchor() {
    const node = document.getElementById(decodeURIComponent(location.hash.slice(1)) || "-");
    node?.setAttribute("data-here", ""); // :target knows only what was there before
    node?.scrollIntoView();
  }

  Object.assign(window.sheet, { put, toAnchor });
})();
