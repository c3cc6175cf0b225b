/* The order beside the list: its text comes as markup, the form stays. On a narrow screen it
   lies over the list until it is closed. */
(function (ns) {
  "use strict";
  let shown = null; // what the server said last
  let focusWhenThere = "";

  ns.order = () => shown;

  ns.open = function (orderId, byKeyboard) {
    focusWhenThere = byKeyboard || isNarrow() ? orderId : "";
    if (shown?.id === orderId && ns.chosen() === orderId) return focus();
    ns.choose(orderId);
  };

  ns.close = function () {
    const from = ns.chosen();
    ns.choose("");
    ns.rowLink(from)?.focus();
  };

  ns.fillDetail = function (told) {
    const other = shown?.id !== told.id;
    shown = told;
    window.markup.put(ns.place("detail-head"), told.head);
    window.markup.put(ns.place("detail-more"), told.more);
    ns.detail().removeAttribute("aria-busy");
    if (other) ns.detail().scrollTop = 0;
    ns.showForm?.(told, other);
    if (focusWhenThere && focusWhenThere === told.id) focus();
  };

  ns.forgetDetail = function () {
    shown = null;
    focusWhenThere = "";
  };

  /** The address changed: say at once which order is meant, its words follow. */
  ns.markDetail = function () {
    const detail = ns.detail(), chosen = ns.chosen();
    detail.dataset.open = chosen ? "1" : "";
    ns.list().inert = Boolean(chosen) && isNarrow(); // it lies under the order
    if (shown && shown.id !== chosen) detail.setAttribute("aria-busy", "true");
  };

  function focus() {
    focusWhenThere = "";
    const button = ns.detail().querySelector(".button--primary:not([hidden])");
    const seen = button && !isNarrow() ? button : ns.detail();
    seen.focus({ preventScroll: true });
  }

  const narrow = matchMedia("(max-width: 1000px)");
  const isNarrow = () => narrow.matches;
  narrow.addEventListener("change", () => { if (ns.list()) ns.markDetail(); });

  /** Escape leaves the small form first, then the order. */
  function onKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !ns.list()) return;
    if (!event.target.closest?.("#orders-detail, .orders__open") || !ns.chosen()) return;
    event.preventDefault();
    if (!ns.closeForm?.()) ns.close();
  }

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-orders-close]")) ns.close();
  });
})(window.orders);
