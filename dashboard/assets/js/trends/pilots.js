/* The forms of pilots (layouts/trends/pilot_form.py): sends what was said, and puts what is wrong
   with it beside the field. What is typed stays until it is kept. */
(function () {
  "use strict";

  const PATIENCE_MS = 15000;
  const AREAS = ["treated", "control", "displaced", "displaced_control"];
  const LISTS = ["zones", "routes", "pilots"];

  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1) ?? "";

  /** As the API wants it. */
  function bodyOf(form) {
    const data = new FormData(form);
    const text = (name) => (data.get(name) ?? "").trim();
    const known = data.has("pilot_id") ? { pilot_id: text("pilot_id"), version: Number(text("version")) } : {};
    if (form.dataset.pilotsForm === "give_up") return { ...known, withdrawn: text("withdrawn") };
    const said = { name: text("name"), what: text("what"), start: text("start"), end: text("end"), why: text("why") };
    for (const area of AREAS) {
      const lists = LISTS.map((kind) => [kind, data.getAll(area + "." + kind)]);
      said[area] = { ...Object.fromEntries(lists), reach_m: Number(data.get(area + ".reach_m")) };
    }
    return { ...known, ...said, outcomes: data.getAll("outcomes"), categories: data.getAll("categories") };
  }

  async function send(form) {
    const button = form.querySelector("[type=submit]");
    clearErrors(form);
    if (form.dataset.pilotsForm === "give_up" && !form.elements.withdrawn.value.trim()) return form.elements.withdrawn.focus();
    say(form, form.dataset.sending);
    button.disabled = true;
    try {
      await answered(form, await post(bodyOf(form)));
    } catch {
      say(form, form.dataset.failed, true);
    } finally {
      button.disabled = false;
    }
  }

  function post(body) {
    return fetch("/api/v1/pilots", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": decodeURIComponent(cookie("csrf")) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  }

  async function answered(form, response) {
    const told = await response.json().catch(() => ({}));
    if (response.ok) return kept(form, told);
    if (response.status === 409) {
      setVersion(told.pilot);
      say(form, form.dataset.conflict.replace("{by}", told.by), true);
      drawAnew();
    } else if (told.problems) {
      putErrors(form, told.problems);
    } else {
      say(form, form.dataset.failed, true);
    }
  }

  function kept(form, pilot) {
    say(form, form.dataset.saved);
    if (form.elements.why) form.elements.why.value = "";
    setVersion(pilot);
    if (form.dataset.pilotsForm === "define") {
      form.reset();
      recount(form);
      const details = form.closest("details");
      details.open = false;
      details.querySelector("summary").focus({ preventScroll: true });
      window.trends.go("/trends?view=pilots&pilot=" + encodeURIComponent(pilot.pilot_id));
    }
    drawAnew();
  }

  function drawAnew() {
    for (const name of ["pilots", "effect"]) window.trends.refresh(name);
  }

  /** What is sent from now on is about the version that is kept. */
  function setVersion(pilot) {
    for (const form of document.querySelectorAll("[data-pilots-form]")) {
      if (form.elements.pilot_id?.value === pilot.pilot_id) form.elements.version.value = pilot.version;
    }
  }

  // -- what is wrong -----------------------------------------------------------------------------

  const fieldOf = (form, name) => form.querySelector(`[data-field="${CSS.escape(name.split(".")[0])}"]`);

  function clearErrors(form) {
    for (const node of form.querySelectorAll("[data-error]")) {
      node.hidden = true;
      node.textContent = "";
    }
    for (const node of form.querySelectorAll("[aria-invalid]")) {
      node.removeAttribute("aria-invalid");
      node.removeAttribute("aria-describedby");
    }
  }

  function putErrors(form, problems) {
    const rest = [];
    let first = null;
    for (const { field, message } of problems) {
      const place = fieldOf(form, field), node = place?.querySelector("[data-error]");
      if (!node) {
        rest.push(message);
        continue;
      }
      node.textContent += (node.textContent ? " " : "") + message;
      node.hidden = false;
      const input = place.querySelector(".field__input:not(select), summary") ?? place;
      const marked = place.tagName === "FIELDSET" ? place : input;
      marked.setAttribute("aria-invalid", "true");
      marked.setAttribute("aria-describedby", node.id);
      first ??= input;
    }
    say(form, rest.join(" "), true);
    first?.focus();
  }

  function say(form, words, bad = false) {
    const node = form.querySelector("[data-says]");
    node.textContent = words;
    node.classList.toggle("form__says--bad", bad);
  }

  // -- what is chosen ----------------------------------------------------------------------------

  function count(list) {
    const n = list.querySelectorAll(":checked").length, node = list.querySelector("[data-count]");
    node.textContent = n ? node.dataset.count.replace("#", n) : "";
  }

  function recount(form) {
    for (const list of form.querySelectorAll("[data-ticks]")) count(list);
  }

  document.addEventListener("change", (event) => {
    const list = event.target.closest?.("[data-pilots-form] [data-ticks]");
    if (list) count(list);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("[data-pilots-form]")) return;
    event.preventDefault();
    send(event.target);
  });
})();
