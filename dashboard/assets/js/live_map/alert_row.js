/* One row of the queue. Every part is a node that is only written to when its words change. */
(function (lm) {
  "use strict";

  lm.alertRow = function (page) {
    const node = lm.el("li", "queue__row");
    const button = lm.el("button", "queue__open");
    button.type = "button";
    const mark = lm.el("i");
    mark.setAttribute("aria-hidden", "true");
    const title = lm.el("b", "queue__title"), age = lm.el("time", "queue__age");
    const area = lm.el("span", "queue__area"), spot = lm.el("span", "queue__spot");
    const owner = lm.el("span", "queue__owner"), test = lm.el("span", "queue__test");
    const head = line("queue__head", title, test, age), foot = line("queue__foot-line", spot, owner);
    const told = lm.el("span", "visually-hidden"); // what shape and colour say to the eye
    button.append(mark, told, line("queue__body", head, area, foot));
    node.append(button);
    let alert = null;

    function show(now) {
      alert = now;
      const waits = page.words.waits(now);
      node.dataset.alertId = now.id;
      node.dataset.state = now.state;
      node.dataset.priority = String(now.priority);
      mark.className = lm.markClass(now);
      lm.put(mark, String(now.priority));
      lm.put(told, lm.t("alerts.row_told", { priority: now.priority, state: lm.t("alerts.state_" + now.state) }));
      lm.put(title, page.words.title(now));
      lm.put(area, page.words.area(now));
      lm.put(spot, spotWords(now));
      lm.put(owner, ownerWords(now));
      lm.put(test, now.cap === "Actual" ? "" : lm.t("alerts.cap_" + now.cap.toLowerCase()));
      test.hidden = now.cap === "Actual";
      owner.classList.toggle("queue__owner--none", !now.owner && now.state !== "closed");
      node.classList.toggle("queue__row--waiting", waits);
      tick();
    }

    function spotWords(now) {
      const words = [page.words.spot(now)];
      if (now.state === "returned") words.push(lm.t("alerts.state_returned"));
      if (now.state === "acknowledged" && now.acknowledged) {
        words.push(lm.t("alerts.taken_by", { by: now.acknowledged_by, time: lm.format.time(now.acknowledged, true) }));
      }
      return words.filter(Boolean).join(" · ");
    }

    function ownerWords(now) {
      if (now.state !== "closed") return page.words.owner(now, page.user);
      if (!now.verdict) return lm.t("alerts.closed_plain");
      return lm.t("alerts.verdict_" + now.verdict);
    }

    function tick() {
      if (!alert) return;
      if (alert.state === "closed") return lm.put(age, lm.format.time(alert.closed, true));
      lm.put(age, lm.format.age(page.store.now() - alert.raised, true));
    }

    function select(on) {
      node.classList.toggle("queue__row--chosen", on);
      if (on) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }

    return { node, show, tick, select, focus: () => button.focus() };
  };

  function line(className, ...parts) {
    const node = lm.el("span", className);
    node.append(...parts);
    return node;
  }
})(window.liveMap);
