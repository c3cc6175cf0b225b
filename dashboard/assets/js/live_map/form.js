/* The form that acts on the selected alert. It stays while the detail around it is rendered
   again; what was typed is kept per alert until it is sent. */
(function (lm) {
  "use strict";
  const AT_ONCE = ["acknowledge", "release"]; // sent by the press itself; the others open a form
  const FIELDS = ["form-assign-to", "form-note", "form-close-note"];

  lm.mountForm = function (page) {
    const form = page.find("form"), drafts = page.city.drafts;
    const button = (name) => form.querySelector('[data-action="' + name + '"]');
    let alert = null, open = null, sending = false;
    let underWay = Promise.resolve(); // the last action, until its answer is there

    function draft() {
      if (!drafts.has(alert.id)) drafts.set(alert.id, { fields: {}, verdict: "", says: "", retry: null });
      return drafts.get(alert.id);
    }

    function choose(chosen) {
      keepTyped();
      alert = chosen?.kind === "alert" ? (page.store.alerts.get(chosen.id) ?? null) : null;
      openForm(null);
      if (alert) for (const name of FIELDS) page.inputs[name].value = draft().fields[name] ?? "";
      show();
    }

    function keepTyped() {
      if (alert) for (const name of FIELDS) draft().fields[name] = page.inputs[name].value;
    }

    /** Buttons by state: take what waits, else close; one of them is the primary. */
    function show() {
      const acts = alert && page.mayAct && alert.state !== "closed";
      form.hidden = !alert;
      form.querySelector(".form__actions").hidden = !acts;
      if (!alert) return;
      const waits = page.words.waits(alert), held = alert.state === "acknowledged";
      button("acknowledge").hidden = !waits;
      button("release").hidden = !held || alert.owner !== page.user;
      primary(waits ? "acknowledge" : "close");
      for (const name of AT_ONCE) button(name).disabled = sending;
      const { verdict, says, bad, retry } = draft();
      for (const node of form.querySelectorAll("[data-verdict]")) {
        lm.toggle(node, "aria-pressed", node.dataset.verdict === verdict);
      }
      lm.put(page.find("form-says"), says);
      page.find("form-says").classList.toggle("form__says--bad", Boolean(bad));
      page.find("send-again").hidden = !retry || sending;
      page.bus.say("form", alert);
    }

    function primary(name) {
      for (const node of form.querySelectorAll("[data-action]")) {
        node.classList.toggle("button--primary", node.dataset.action === name);
      }
    }

    /** One small form at a time. */
    function openForm(name) {
      const left = open && !name && form.contains(document.activeElement) ? button(open) : null;
      open = name;
      for (const node of form.querySelectorAll("[data-form]")) node.hidden = node.dataset.form !== name;
      if (name === "assign") page.inputs["form-assign-to"].focus();
      if (name === "note") page.inputs["form-note"].focus();
      if (name === "close") form.querySelector("[data-verdict]").focus();
      left?.focus(); // what had the focus is hidden now
    }

    /** A form opens also while the answer to another action is under way: who takes an alert and
        closes it at once is not made to wait, and no key is swallowed. */
    function press(name) {
      if (!alert || !page.mayAct || alert.state === "closed" || button(name).hidden) return false;
      if (!AT_ONCE.includes(name)) openForm(open === name ? null : name);
      else if (sending) return false;
      else send({ action: name });
      return true;
    }

    async function submit(name) {
      const about = alert?.id;
      while (sending) await underWay; // one after the other
      if (alert?.id !== about) return;
      const say = (key) => { Object.assign(draft(), { says: lm.t(key), bad: true, retry: null }); show(); };
      const value = (field) => page.inputs[field].value.trim();
      const note = value("form-close-note");
      if (name === "assign") return value("form-assign-to") ? send({ action: name, to: value("form-assign-to") }) : say("alerts.to_missing");
      if (name === "note") return value("form-note") ? send({ action: name, note: value("form-note") }) : say("alerts.note_missing");
      if (!draft().verdict) return say("alerts.verdict_missing");
      return send({ action: "close", verdict: draft().verdict, ...(note ? { note } : {}) });
    }

    function send(action, id) {
      underWay = sendOne(action, id);
      return underWay;
    }

    async function sendOne(action, id = lm.actionId()) {
      const about = alert.id, kept = draft(); // the selection may change while we wait
      const message = { ...action, action_id: id, version: alert.version };
      sending = true;
      Object.assign(kept, { says: lm.t("alerts.sending"), bad: false, retry: null });
      show();
      const answer = await lm.sendAction(about, message);
      sending = false;
      Object.assign(kept, { says: answer.words, bad: !answer.ok, retry: answer.again ? { action, id } : null });
      if (answer.ok) sent(kept, action.action);
      page.say?.(answer.words, !answer.ok);
      if (lm.page !== page) return;
      show();
      if (document.activeElement === document.body && alert?.id === about) firstButton(form).focus();
    }

    /** Only what was sent is forgotten. */
    function sent(kept, name) {
      const used = { assign: "form-assign-to", note: "form-note", close: "form-close-note" }[name];
      if (!used) return;
      kept.fields[used] = "";
      if (name === "close") kept.verdict = "";
      if (draft() === kept) {
        page.inputs[used].value = "";
        openForm(null);
      }
    }

    function verdict(name) {
      draft().verdict = name;
      show();
    }

    /** By its number: Enter then sends it, and does not press the verdict that had the focus. */
    function verdictByKey(name) {
      verdict(name);
      form.querySelector('[data-form="close"] [type="submit"]').focus();
    }

    page.form = {
      press, openForm, verdict: verdictByKey,
      openName: () => open,
      verdictAt: (n) => form.querySelectorAll("[data-verdict]")[n]?.dataset.verdict,
      focus: () => (form.hidden ? page.root.querySelector(".detail") : firstButton(form)).focus({ preventScroll: true }),
    };
    page.listen(form, "click", (event) => {
      const data = event.target.closest("button")?.dataset ?? {};
      if (data.action) press(data.action);
      else if (data.verdict) verdict(data.verdict);
      else if (data.cancel) { openForm(null); button(data.cancel).focus(); }
      else if (data.live === "send-again") send(draft().retry.action, draft().retry.id);
    });
    page.listen(form, "keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.target.closest("[data-form]")?.requestSubmit();
    });
    page.listen(form, "submit", (event) => {
      event.preventDefault();
      submit(event.target.dataset.form);
    });
    page.bus.on("selection", choose);
    const refresh = () => { if (alert) { alert = page.store.alerts.get(alert.id) ?? alert; show(); } else choose(page.selection.current()); };
    page.on("snapshot", refresh);
    page.on("change", (change) => { if (change.alerts.length) refresh(); });
    page.undo.push(keepTyped);
  };

  function firstButton(form) {
    return form.querySelector(".button--primary:not([hidden])") ?? form.closest(".detail");
  }
})(window.liveMap);
