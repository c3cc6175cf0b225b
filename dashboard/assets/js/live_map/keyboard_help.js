/* The rows of the `?` dialog, made when it is first opened: the page is usable sooner. */
(function (lm) {
  "use strict";
  /* keys, name of the text */
  const ROWS = [
    ["Enter", "enter"], ["N P", "next"], ["J K", "rows"], ["A", "assign"], ["V", "close"],
    ["M", "note"], ["R", "release"], ["/", "search"], ["F", "filters"], ["X", "problems"],
    ["G", "center"], ["0", "city"], ["S", "sound"], ["Esc", "escape"], ["?", "help"],
  ];

  lm.listKeys = function (list) {
    if (list.children.length) return;
    list.append(...ROWS.map(([keys, name]) => row(keys.split(" "), lm.t("alerts.help_" + name))));
  };

  function row(keys, words) {
    const node = lm.el("div", "keys__row"), term = lm.el("dt");
    term.append(...keys.map((key) => lm.el("kbd", "kbd", key)));
    node.append(term, lm.el("dd", "", words));
    return node;
  }
})(window.liveMap);
