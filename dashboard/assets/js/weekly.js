/* The executive's week and its archive: each one part, drawn from its address (sheet.js, which
   loads before this file's pages are shown). Decisions are asked for here, and two weeks chosen. */
(function () {
  "use strict";

  const PATIENCE_MS = 15000;
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const pages = {};

  const made = (name, root, path) => (pages[name] ??= window.sheet({
    root,
    path,
    fields: [],
    period: "",
    parts: [name],
    stay: "[data-stay]",
    stale: (part) => `[data-stale="${part}"]`,
    quiet: "",
  }));
  const week = () => made("weekly", ".weekly", "/weekly");
  const archive = () => made("weekly-archive", ".weekly_archive", "/weekly/archive");

  ns.weekly = {
    show: (answer) => week().show("weekly", answer),
    showArchive: (answer) => archive().show("weekly-archive", answer),
  };

  // -- decisions ---------------------------------------------------------------------------------

  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1) ?? "";

  function post(form, body) {
    return fetch(`/api/v1/weeks/${form.dataset.weeklyAsk}/decisions`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": decodeURIComponent(cookie("csrf")) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  }

  /** What is typed stays until it is kept. */
  async function ask(form) {
    const field = form.elements.text, text = field.value.replace(/\s+/g, " ").trim();
    if (!text) {
      say(form, form.dataset.empty, true);
      return field.focus();
    }
    if (await sent(form, { text }, form.dataset.asked)) field.value = "";
  }

  async function withdraw(button) {
    const form = document.querySelector("[data-weekly-ask]");
    if (await sent(form, { id: button.dataset.withdraw, withdrawn: true }, form.dataset.withdrawn)) {
      form.elements.text.focus({ preventScroll: true }); // the button goes away with its decision
    }
  }

  async function sent(form, body, done) {
    say(form, form.dataset.sending);
    lock(form, true);
    try {
      const response = await post(form, body);
      const told = await response.json().catch(() => ({}));
      if (response.ok) say(form, done);
      else say(form, reason(told) || form.dataset.failed, true);
      if (response.ok || response.status === 409) week().refresh();
      return response.ok;
    } catch {
      say(form, form.dataset.failed, true);
      return false;
    } finally {
      lock(form, false);
    }
  }

  const reason = (told) => told.detail || (told.problems ?? []).map((one) => one.message).join(" ");

  function lock(form, locked) {
    for (const button of document.querySelectorAll("[data-withdraw]")) button.disabled = locked;
    form.querySelector("[type=submit]").disabled = locked;
  }

  function say(form, words, bad = false) {
    const node = form.querySelector("[data-says]");
    node.textContent = words;
    node.classList.toggle("weekly__says--bad", bad);
  }

  // -- paper -------------------------------------------------------------------------------------

  /** On paper figures cannot be opened. */
  function unfold() {
    for (const node of document.querySelectorAll(".weekly__others:not([open])")) {
      node.open = true;
      node.dataset.unfolded = "";
    }
  }

  function fold() {
    for (const node of document.querySelectorAll("details[data-unfolded]")) {
      node.open = false;
      delete node.dataset.unfolded;
    }
  }

  // -- hands -------------------------------------------------------------------------------------

  function compareChosen(form) {
    const said = new FormData(form);
    archive().go("/weekly?" + new URLSearchParams(["week", "with"].map((name) => [name, said.get(name)])));
  }

  function onSubmit(event) {
    const form = event.target;
    if (form.matches("[data-weekly-ask]")) ask(form);
    else if (form.matches("[data-compare]")) compareChosen(form);
    else return;
    event.preventDefault();
  }

  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-withdraw]");
    if (button) withdraw(button);
  });
  window.addEventListener("beforeprint", unfold);
  window.addEventListener("afterprint", fold);
  document.addEventListener("DOMContentLoaded", () => [week(), archive()]); // the first answer may never come
})();
