/* What can be done with what a page shows (the KPI page, or the one a menu names): save the view
   under a name, export with a reason, print. Each menu says what became of it. */
(function () {
  "use strict";

  const NO_ANSWER_MS = 60000; // a large export takes a while

  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1) ?? "";

  function post(path, asked) {
    return fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": decodeURIComponent(cookie("csrf")) },
      body: JSON.stringify(asked),
      signal: AbortSignal.timeout(NO_ANSWER_MS),
    });
  }

  const pageOf = (menu) => menu.dataset.page ?? "kpis";

  /** What the page's own address says, without the question mark and what is open at the moment. */
  function query() {
    const said = new URLSearchParams(location.search);
    for (const name of ["order", "page"]) said.delete(name);
    return said.toString();
  }

  async function act(menu, work) {
    const says = menu.querySelector("[data-says]");
    const buttons = menu.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    says.textContent = menu.dataset.working;
    try {
      says.textContent = await work();
    } catch {
      says.textContent = menu.dataset.failed;
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  /** The server's words for what went wrong, or ours for silence. */
  async function refusal(menu, response) {
    const told = await response.json().catch(() => ({}));
    return told.detail || menu.dataset.failed;
  }

  function saveView(menu, form) {
    const name = form.elements.name.value.trim();
    return act(menu, async () => {
      const response = await post("/api/v1/views", { page: pageOf(menu), name, query: query() });
      if (!response.ok) return refusal(menu, response);
      form.reset();
      return told(menu, menu.dataset.saved);
    });
  }

  function forgetView(menu, name) {
    return act(menu, async () => {
      const response = await post("/api/v1/views", { page: pageOf(menu), name, query: null });
      return response.ok ? told(menu, menu.dataset.forgotten) : refusal(menu, response);
    });
  }

  /** The list of views is part of the page: ask for it again. */
  function told(menu, words) {
    document.dispatchEvent(new CustomEvent(pageOf(menu) + ":refresh"));
    return words;
  }

  function exportFile(menu, form) {
    const asked = Object.fromEntries(new FormData(form));
    return act(menu, async () => {
      const response = await post("/kpis/export", { ...asked, query: query() });
      if (!response.ok) return refusal(menu, response);
      keep(await response.blob(), nameOf(response, asked));
      form.elements.reason.value = "";
      return menu.dataset.exported;
    });
  }

  function nameOf(response, asked) {
    const said = response.headers.get("content-disposition") ?? "";
    const utf8 = /filename\*=UTF-8''([^;]+)/i.exec(said)?.[1];
    return utf8 ? decodeURIComponent(utf8) : /filename="?([^";]+)/.exec(said)?.[1] ?? `kpis-${asked.kind}.${asked.format}`;
  }

  function keep(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function onSubmit(event) {
    const form = event.target, menu = form.closest("[data-tool]");
    if (!menu) return;
    event.preventDefault();
    if (form.dataset.saveView) saveView(menu, form);
    else if (form.dataset.export) exportFile(menu, form);
  }

  function onClick(event) {
    const forget = event.target.closest("[data-forget-view]");
    if (forget) forgetView(forget.closest("[data-tool]"), forget.dataset.forgetView);
    else if (event.target.closest("[data-print]")) window.print();
    closeMenus(event.target);
  }

  /** An open menu closes when something else is clicked, or by Escape. */
  function closeMenus(outsideOf) {
    for (const menu of document.querySelectorAll("[data-tool][open]")) {
      if (!outsideOf || !menu.contains(outsideOf)) menu.open = false;
    }
  }

  function onKey(event) {
    const menu = document.querySelector("[data-tool][open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
})();
