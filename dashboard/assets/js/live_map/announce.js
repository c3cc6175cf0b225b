/* What changed, for screen readers: priority 1 at once, the rest when there is a pause. */
(function (lm) {
  "use strict";

  lm.mountAnnounce = function (page) {
    const calm = page.find("say"), urgent = page.find("say-now");
    const known = new Map(); // id -> state, so that only news is told

    page.say = function (words, now = false) {
      const node = now ? urgent : calm;
      node.textContent = "";
      requestAnimationFrame(() => { node.textContent = words; });
    };

    function note() {
      for (const alert of page.store.alerts.values()) known.set(alert.id, alert.state);
    }

    function tell(change) {
      for (const alert of change.alerts) {
        const before = known.get(alert.id);
        known.set(alert.id, alert.state);
        if (alert.priority === 4 || before === alert.state) continue;
        const values = {
          priority: alert.priority, type: page.words.title(alert), place: page.words.area(alert),
          by: alert.acknowledged_by,
        };
        if (before === undefined) page.say(lm.t("alerts.announce_new", values), alert.priority === 1);
        else if (alert.state === "acknowledged") page.say(lm.t("alerts.announce_taken", values));
        else if (alert.state === "closed") page.say(lm.t("alerts.announce_closed", values));
      }
    }

    page.on("snapshot", note);
    page.on("change", tell);
    note();
  };
})(window.liveMap);
