/* What belongs to every page: language, appearance, sign-out, and leaving when signed out. */
(function () {
  "use strict";

  const YEAR_S = 365 * 86400;
  const NOTICE_MS = 10000;
  let noticedAt = 0;
  const ns = (window.dash_clientside = window.dash_clientside || {});

  ns.shell = {
    /** The window's title follows the page; the first page's title came with its document. */
    setTitle(words) {
      if (words) document.title = words;
      return words || "";
    },
  };

  function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  function keep(name, value) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax${secure}`;
  }

  /** `shell:theme` tells those who draw with colours of their own. */
  function chooseTheme(name) {
    const theme = name === "system" ? "" : name;
    keep("theme", theme);
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    mark("chooseTheme", name);
    document.dispatchEvent(new CustomEvent("shell:theme", { detail: name }));
  }

  function chooseLanguage(name) {
    keep("language", name);
    location.reload();
  }

  function mark(key, name) {
    const attribute = "data-" + key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
    for (const button of document.querySelectorAll(`[${attribute}]`)) {
      button.setAttribute("aria-pressed", String(button.dataset[key] === name));
    }
  }

  async function signOut() {
    const headers = { "X-CSRFToken": cookie("csrf") };
    await fetch("/logout", { method: "POST", headers, redirect: "manual" }).catch(() => null);
    location.assign("/login");
  }

  function onClick(event) {
    const target = event.target.closest("[data-choose-theme], [data-choose-language], [data-sign-out]");
    if (!target) return closeMenus(event.target);
    if (target.dataset.chooseTheme) chooseTheme(target.dataset.chooseTheme);
    else if (target.dataset.chooseLanguage) chooseLanguage(target.dataset.chooseLanguage);
    else signOut();
  }

  /** An open menu closes when something else is clicked, or by Escape. */
  function closeMenus(outsideOf) {
    for (const menu of document.querySelectorAll(".shell__person[open]")) {
      if (!outsideOf || !menu.contains(outsideOf)) menu.open = false;
    }
  }

  function onKey(event) {
    const menu = document.querySelector(".shell__person[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  }

  /** A session that ended elsewhere: any of our own requests answered 401 leads to sign-in. */
  function watchSession() {
    const plain = window.fetch;
    window.fetch = async function (...request) {
      const response = await plain.apply(this, request);
      if (response.status === 401 && new URL(response.url).origin === location.origin) {
        location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
      }
      return response;
    };
  }

  /** What is told in words goes away by itself; while the trouble lasts it is told again. */
  function watchNotice() {
    const notice = document.getElementById("shell-notice");
    if (!notice || !notice.textContent) {
      noticedAt = 0;
    } else if (!noticedAt) {
      noticedAt = Date.now();
    } else if (Date.now() - noticedAt > NOTICE_MS) {
      noticedAt = 0;
      ns.set_props("shell-notice", { children: "" });
    }
  }

  setInterval(watchNotice, 1000);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey, true);
  watchSession();
})();
