/* Takes the selected device out of service and back. */
(function (lm) {
  "use strict";
  const HOUR_MS = 3600000;
  const SPANS = { "4h": 4 * HOUR_MS, "1d": 24 * HOUR_MS, "7d": 7 * 24 * HOUR_MS, open: 0 };
  const OUT = "out_of_service";

  lm.mountDeviceForm = function (page) {
    const root = page.find("service"), form = page.find("service-form"), says = page.find("service-says");
    const reason = page.inputs["service-reason"], until = page.inputs["service-until"];
    const button = (name) => root.querySelector('[data-service="' + name + '"]');
    let device = "";
    until.replaceChildren(...Object.keys(SPANS).map((name) => new Option(lm.t("live_map.service_" + name), name)));

    function choose(chosen) {
      device = chosen?.kind === "device" ? chosen.id : "";
      form.hidden = true;
      say("");
      show();
    }

    function show() {
      root.hidden = !device || !page.store.can.includes("devices.act");
      if (root.hidden) return;
      const status = page.store.statuses[page.store.status[page.store.index.get(device)]];
      button("out").hidden = status === OUT;
      button("back").hidden = status !== OUT;
    }

    function say(words, bad = false) {
      lm.put(says, words);
      says.classList.toggle("form__says--bad", bad);
    }

    async function send(action, more = {}) {
      const about = device;
      say(lm.t("alerts.sending"));
      const answer = await lm.sendDeviceAction(about, { action, action_id: lm.actionId(), ...more });
      if (about !== device || lm.page !== page) return;
      if (answer.ok) {
        form.hidden = true;
        reason.value = "";
      }
      say(answer.words, !answer.ok);
    }

    function submit(event) {
      event.preventDefault();
      const why = reason.value.trim(), span = SPANS[until.value];
      if (!why) return say(lm.t("live_map.service_missing"), true);
      const end = span ? { until: new Date(page.store.now() + span).toISOString() } : {};
      send(OUT, { reason: why, ...end });
    }

    page.listen(root, "click", (event) => {
      const name = event.target.closest("[data-service]")?.dataset.service;
      if (name === "back") send("return_to_service");
      if (name !== "out") return;
      form.hidden = !form.hidden;
      if (!form.hidden) reason.focus();
    });
    page.listen(form, "submit", submit);
    page.bus.on("selection", choose);
    page.on("snapshot", show);
    page.on("names", show);
    page.on("change", (change) => { if (change.devices) show(); });
  };
})(window.liveMap);
