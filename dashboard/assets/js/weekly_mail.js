/* The page of the weekly mail (layouts/weekly/mail_page.py): puts in place what the server says,
   adds and removes readers, and asks before what cannot be called back. */
(function () {
  "use strict";

  const CONTENT = "weekly-mail-content";
  const EVERY_MS = 10000; // so often it looks how the mails stand
  const SURE_MS = 6000; // so long a button waits for its second press
  const PATIENCE_MS = 15000;
  const READERS = "/api/v1/weekly/readers";
  const ns = (window.dash_clientside = window.dash_clientside || {});
  let asked = null; // the button that was pressed once: {button, words, label, timer}

  ns.weeklyMail = {
    show(html, id) {
      const node = document.getElementById(id);
      if (typeof html !== "string" || !node) return ns.no_update;
      window.markup.put(node, html);
      return "";
    },
  };

  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1) ?? "";

  function refresh() {
    if (!document.getElementById(CONTENT) || document.hidden || asked) return;
    ns.set_props(CONTENT, { "data-asked": Date.now() });
  }

  function post(path, body) {
    return fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": decodeURIComponent(cookie("csrf")) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  }

  /** True = done; else why not stands below the form. */
  async function send(path, body) {
    const form = document.querySelector("[data-mail-add]");
    say(form, form.dataset.sending);
    try {
      const response = await post(path, body);
      const told = response.ok ? {} : await response.json().catch(() => ({}));
      const problems = (told.problems ?? []).map((one) => one.message).join(" ");
      say(form, response.ok ? "" : problems || form.dataset.failed, !response.ok);
      return response.ok;
    } catch {
      say(form, form.dataset.failed, true);
      return false;
    } finally {
      refresh();
    }
  }

  function say(form, words, bad = false) {
    const node = form.querySelector("[data-says]");
    node.textContent = words;
    node.classList.toggle("form__says--bad", bad);
  }

  async function add(form) {
    const { address, language } = form.elements, button = form.querySelector("[type=submit]");
    if (!address.value.trim()) return address.focus();
    button.disabled = true;
    const done = await send(READERS, { address: address.value.trim(), language: language.value });
    button.disabled = false;
    if (done) address.value = "";
    address.focus();
  }

  // -- what cannot be called back ----------------------------------------------------------------

  function press(button) {
    const second = asked?.button === button;
    forget();
    if (second) return act(button);
    asked = {
      button,
      words: button.textContent,
      label: button.getAttribute("aria-label"),
      timer: setTimeout(forget, SURE_MS),
    };
    button.textContent = button.dataset.sure;
    button.setAttribute("aria-label", button.dataset.sure + ": " + asked.label);
  }

  function forget() {
    if (!asked) return;
    clearTimeout(asked.timer);
    asked.button.textContent = asked.words;
    asked.button.setAttribute("aria-label", asked.label);
    asked = null;
  }

  async function act(button) {
    const { reader, mailDo } = button.dataset;
    const week = button.closest("[data-week]").dataset.week;
    button.disabled = true;
    await send(READERS + "/" + encodeURIComponent(reader) + "/" + mailDo, mailDo === "again" ? { week } : {});
    button.disabled = false;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mail-do]");
    if (button) press(button);
    else forget();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") forget();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.("[data-mail-add]")) return;
    event.preventDefault();
    add(event.target);
  });
  setInterval(refresh, EVERY_MS);
})();
