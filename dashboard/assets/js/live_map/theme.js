/* Token colours for canvas code. Tokens are light-dark() pairs, so the browser resolves them. */
(function (lm) {
  "use strict";
  let cache = new Map();
  let probe = null;

  lm.theme = {
    /** A token as "rgb(...)" in the theme now shown. */
    colour(name) {
      if (!cache.has(name)) cache.set(name, resolve("var(--" + name + ")"));
      return cache.get(name);
    },

    /** Calls back after a switch of theme, ours or the system's; answers how to stop. */
    watch(changed) {
      const forget = () => { cache = new Map(); changed(); };
      const system = matchMedia("(prefers-color-scheme: light)");
      const observer = new MutationObserver(forget);
      observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
      system.addEventListener("change", forget);
      return () => { observer.disconnect(); system.removeEventListener("change", forget); };
    },
  };

  function resolve(value) {
    if (!probe?.isConnected) {
      probe = lm.el("span");
      probe.hidden = true;
      document.body.append(probe);
    }
    probe.style.color = value;
    return getComputedStyle(probe).color;
  }
})(window.liveMap);
