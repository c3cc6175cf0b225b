/* Sends an operator's action and says in words what became of it. An answer that never came is
   "not confirmed", never done; sending it again carries the same action id, so it counts once. */
(function (lm) {
  "use strict";

  /** {ok, words, again: whether it may be sent again} of one attempt. */
  lm.sendAction = async function (alertId, action) {
    const answer = await post("/api/v1/alerts/" + encodeURIComponent(alertId) + "/actions", action);
    if (answer.ok) answer.words = lm.t("alerts.done_" + action.action, { to: action.to });
    else if (answer.conflict) answer.words = first(answer.conflict);
    return answer;
  };

  lm.sendDeviceAction = async function (deviceId, action) {
    const answer = await post("/api/v1/devices/" + encodeURIComponent(deviceId) + "/actions", action);
    if (answer.ok) answer.words = lm.t("live_map.service_done_" + action.action);
    else if (answer.conflict) answer.words = lm.t("live_map.service_conflict", { by: answer.conflict.by || "—", time: timeOf(answer.conflict) });
    return answer;
  };

  async function post(url, action) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": cookie("csrf") };
    const request = { method: "POST", headers, body: JSON.stringify(action) };
    const response = await fetch(url, request).catch(() => null);
    if (!response) return { ok: false, words: lm.t("alerts.no_answer"), again: true };
    if (response.ok) return { ok: true, words: "" };
    if (response.status === 409) return { ok: false, words: "", again: false, conflict: await response.json() };
    return { ok: false, words: lm.t(REFUSALS[response.status] ?? "alerts.no_answer"), again: response.status >= 500 };
  }

  /** Random and unguessable; crypto.randomUUID only exists on secure origins. */
  lm.actionId = function () {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const REFUSALS = {
    400: "alerts.bad_request", 403: "alerts.refused", 404: "alerts.not_found",
    413: "alerts.bad_request", 422: "alerts.bad_request", 504: "alerts.not_confirmed",
  };

  /** Who was first, doing what, when. */
  function first(body) {
    const at = timeOf(body);
    if (!body.by) return lm.t("alerts.conflict_field", { time: at });
    const key = "alerts.conflict_" + body.action;
    return lm.t(lm.knows(key) ? key : "alerts.conflict_other", { by: body.by, time: at });
  }

  const timeOf = (body) => (body.at ? lm.format.time(Date.parse(body.at)) : "—");

  function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
})(window.liveMap);
