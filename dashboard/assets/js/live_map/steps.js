/* The recommended steps of the selected alert's type. Ticks are a person's own aid: they stay in
   this window, per alert, and are sent nowhere. */
(function (lm) {
  "use strict";

  lm.mountSteps = function (page) {
    const list = page.find("steps"), done = page.find("steps-done");
    const ticks = (page.city.ticks = page.city.ticks ?? new Map()); // alert id -> Set of numbers
    let shown = "";

    function show(alert) {
      const key = "alerts.steps_" + alert.type;
      const steps = lm.t(lm.knows(key) ? key : "alerts.steps_other").split("\n");
      if (!ticks.has(alert.id)) ticks.set(alert.id, new Set());
      const mine = ticks.get(alert.id);
      if (shown !== alert.id) {
        shown = alert.id;
        list.replaceChildren(...steps.map((words, at) => step(words, at)));
      }
      [...list.querySelectorAll("input")].forEach((box, at) => { box.checked = mine.has(at); });
      lm.put(done, lm.t("alerts.steps_done", { done: mine.size, n: steps.length }));
      list.closest(".form__steps").hidden = alert.state === "closed";
    }

    function step(words, at) {
      const item = lm.el("li"), label = lm.el("label", "form__step"), box = lm.el("input", "form__tick");
      box.type = "checkbox";
      box.dataset.step = at;
      label.append(box, lm.el("span", "", words));
      item.append(label);
      return item;
    }

    page.listen(list, "change", (event) => {
      const mine = ticks.get(shown), at = Number(event.target.dataset.step);
      if (event.target.checked) mine.add(at);
      else mine.delete(at);
      lm.put(done, lm.t("alerts.steps_done", { done: mine.size, n: list.children.length }));
    });
    page.bus.on("form", show);
  };
})(window.liveMap);
