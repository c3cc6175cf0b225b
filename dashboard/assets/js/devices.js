/* One device's year: puts in place what the server says, and names the window after it. */
(function () {
  "use strict";

  const ns = (window.dash_clientside = window.dash_clientside || {});

  let timer = 0;

  ns.devices = {
    show(html) {
      const node = document.getElementById("devices-content");
      if (!html || !node) return ns.no_update;
      window.markup.put(node, html);
      askAgain(node.querySelector("[data-again-ms]"));
      document.title = node.querySelector("[data-title]")?.dataset.title ?? document.title;
      return "";
    },
  };
  /** While there is nothing to show yet. */
  function askAgain(waiting) {
    clearInterval(timer);
    if (!waiting) return;
    timer = setInterval(() => {
      if (waiting.isConnected) ns.set_props("devices-content", { "data-asked": Date.now() });
      else clearInterval(timer);
    }, Number(waiting.dataset.againMs));
  }
})();
