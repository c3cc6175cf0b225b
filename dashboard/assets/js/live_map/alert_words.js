/* An alert in words: type, place, order in the queue. Pure but for lm.t. */
(function (lm) {
  "use strict";
  const WAITING = new Set(["unacknowledged", "returned"]);

  lm.alertWords = function (places) {
    return {
      waits: (alert) => WAITING.has(alert.state),

      title(alert) {
        const key = "alerts.type_" + alert.type;
        const words = lm.t(lm.knows(key) ? key : "alerts.type_other");
        if (alert.confidence === null || alert.confidence === undefined) return words;
        return words + " " + lm.t("alerts.confidence", { percent: Math.round(alert.confidence * 100) });
      },

      /** Everything in one line, for the marker's accessible name. */
      label(alert) {
        const state = lm.t("alerts.state_" + alert.state);
        const type = this.title(alert), place = this.area(alert);
        return lm.t("alerts.row_label", { priority: alert.priority, state, type, place });
      },

      /** Route and dong, as far as they are known: where to send somebody. */
      area(alert) {
        const route = places.route(alert.route), zone = places.zone(alert.zone);
        const words = [route ? alert.route + " " + route : alert.route, zone].filter(Boolean);
        return words.join(" · ") || lm.t("alerts.somewhere");
      },

      /** The device itself or how far from the nearest one; empty for coarse roles. */
      spot(alert) {
        if (alert.type === "gateway_down") {
          return [alert.device, lm.t("alerts.children", { n: alert.children })].filter(Boolean).join(" · ");
        }
        const near = alert.place?.near;
        if (alert.device) return near && near !== alert.device ? alert.device + " · " + near : alert.device;
        if (!near) return "";
        return alert.place.m ? lm.t("alerts.near", { name: near, m: alert.place.m }) : near;
      },

      owner(alert, user) {
        const name = alert.owner || alert.acknowledged_by;
        if (!name) return lm.t("alerts.unassigned");
        return name === user ? lm.t("alerts.mine") + " · " + name : name;
      },
    };
  };

  /** Unacknowledged first, then priority, then newest. */
  lm.byUrgency = function (a, b) {
    return WAITING.has(b.state) - WAITING.has(a.state) || a.priority - b.priority || b.raised - a.raised
      || (a.id < b.id ? -1 : 1);
  };

  /** The mark of a priority: its shape and number; held = acknowledged, drawn as an outline. */
  lm.priorityMark = function (alert, extra) {
    const mark = lm.el("i", markClass(alert) + (extra ? " " + extra : ""), String(alert.priority));
    mark.setAttribute("aria-hidden", "true");
    return mark;
  };

  lm.markClass = markClass;

  function markClass(alert) {
    return "mark mark--p" + alert.priority + (WAITING.has(alert.state) ? "" : " mark--held");
  }
})(window.liveMap);
