/* The address says what is listed and what is open. Only a person's own acts change it. */
(function (ns) {
  "use strict";
  const TYPING_MS = 250;
  const SAME_FIELD_MS = 2000; // going through a list by keyboard is one step back, not ten
  let typing = 0;
  let last = { name: "", at: 0 };

  ns.query = () => new URLSearchParams(location.search);
  ns.chosen = () => ns.query().get("order") ?? "";

  /** To what is asked for; Dash's router hears of it and asks the server. */
  ns.go = function (query, replace = false) {
    const href = ns.PATH + (query.size ? "?" + query : "");
    if (href === location.pathname + location.search) return;
    history[replace ? "replaceState" : "pushState"]({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    ns.onAddress();
  };

  ns.choose = function (orderId) {
    const query = ns.query();
    if (orderId) query.set("order", orderId);
    else query.delete("order");
    ns.go(query);
  };

  /** A link of the list: the same list with other conditions; what is open stays open. */
  function follow(link) {
    const query = new URLSearchParams(new URL(link.href).search);
    const order = ns.chosen();
    if (order) query.set("order", order);
    clearTimeout(typing);
    const search = document.querySelector(".orders__search");
    if (search) search.value = query.get("q") ?? "";
    ns.go(query);
  }

  function leave(link) {
    history.pushState({}, "", link.href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  }

  /** What the fields say, beside what they do not know of. */
  function send(form, replace) {
    const query = ns.query();
    query.delete("page");
    for (const { name, value, tagName } of form.elements) {
      const plain = !value.trim() || (name === "sort" && value === "due");
      if (!name || tagName === "BUTTON") continue;
      if (plain) query.delete(name);
      else query.set(name, value.trim());
    }
    ns.go(query, replace);
  }

  function onField(event) {
    const form = event.target.closest("[data-orders-filters]");
    if (!form) return;
    const { name } = event.target, search = event.target.type === "search";
    const replace = last.name === name && Date.now() - last.at < SAME_FIELD_MS;
    if (event.type === "input" && !search) return; // its change follows
    clearTimeout(typing);
    const act = () => {
      last = { name, at: Date.now() };
      if (form.isConnected) send(form, replace);
    };
    if (search && event.type === "input") typing = setTimeout(act, TYPING_MS);
    else act();
  }

  function plainClick(event) {
    return !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  }

  function onClick(event) {
    const link = event.target.closest("a[data-orders-go], a[data-orders-leave]");
    if (!link || !plainClick(event) || event.defaultPrevented) return;
    event.preventDefault();
    if (link.dataset.ordersGo) follow(link);
    else leave(link);
  }

  document.addEventListener("click", onClick);
  document.addEventListener("input", onField);
  document.addEventListener("change", onField);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-orders-filters]");
    if (!form) return;
    event.preventDefault();
    clearTimeout(typing);
    send(form, false);
  });
  window.addEventListener("popstate", () => {
    if (location.pathname === ns.PATH && ns.list()) ns.onAddress();
  });
})(window.orders);
