/* Sends what a person does about an order and says in words what became of it. An answer that
   never came is "not confirmed", never done; sending it again carries the same action id, so it
   counts once. */
(function (ns) {
  "use strict";
  const PATIENCE_MS = 6000;
  const REFUSALS = {
    400: "orders.js_bad_request", 403: "orders.js_refused", 404: "orders.js_not_found",
    413: "orders.js_bad_request", 422: "orders.js_bad_request", 504: "orders.js_not_confirmed",
  };

  /** {ok, words, again: whether it may be sent again} of one attempt. */
  ns.send = async function (orderId, action) {
    const response = await post("/api/v1/orders/" + encodeURIComponent(orderId) + "/actions", action);
    if (!response) return { ok: false, words: ns.t("orders.js_no_answer"), again: true };
    if (response.ok) return { ok: true, words: ns.t("orders.js_done_" + action.action, { to: action.to }) };
    const body = await response.json().catch(() => ({}));
    if (response.status === 409 && !nonsense(body)) return { ok: false, words: first(body), again: false };
    const words = ns.t(nonsense(body) ?? REFUSALS[response.status] ?? "orders.js_no_answer");
    return { ok: false, words, again: response.status >= 500 };
  };

  function post(url, action) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": ns.cookie("csrf") };
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return fetch(url, { method: "POST", headers, body: JSON.stringify(action), signal }).catch(() => null);
  }

  /** What the worker found wrong with it, where there is a text for it. */
  function nonsense(body) {
    const key = "orders.js_error_" + body.error;
    return ns.knows(key) ? key : null;
  }

  /** Who was first, doing what, when. */
  function first(body) {
    const time = timeOf(body.at);
    if (!body.by) return ns.t("orders.js_first_itself", { time });
    const key = "orders.js_first_" + body.action;
    return ns.t(ns.knows(key) ? key : "orders.js_first_other", { by: body.by, time });
  }

  function timeOf(text) {
    if (!text) return "–";
    const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Asia/Seoul" };
    return new Intl.DateTimeFormat("en-GB", parts).format(new Date(text));
  }

  /** Random and unguessable; crypto.randomUUID only exists on secure origins. */
  ns.actionId = function () {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
})(window.orders);
