/* One device's year: puts in place what the server says, and names the window after it. */
(function () {
  "use strict";

  const ns = (window.dash_clientside = window.dash_clientside || {});

  ns.devices = {
    show(html) {
      const node = document.getElementById("devices-content");
      if (!html || !node) return ns.no_update;
      window.markup.put(node, html);
      document.title = node.querySelector("[data-title]")?.dataset.title ?? document.title;
      return "";
    },
  };
})();
