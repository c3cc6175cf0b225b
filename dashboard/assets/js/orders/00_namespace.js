/* The work orders page. The server answers with rows as data and the rest as markup
   (callbacks/orders); these scripts put both in place by key, so that nothing a person has
   opened, focused, scrolled to or typed is drawn anew. Nothing runs while files load. */
(function () {
  "use strict";
  const ns = (window.orders = {});
  let kept = { text: "", words: {} };

  ns.PATH = "/orders";
  ns.list = () => document.getElementById("orders-list");
  ns.detail = () => document.getElementById("orders-detail");
  ns.place = (name) => document.querySelector('[data-orders="' + name + '"]');

  ns.t = function (key, values = {}) {
    const text = ns.list()?.dataset.texts ?? "{}";
    if (text !== kept.text) kept = { text, words: JSON.parse(text) };
    return (kept.words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  };
  ns.knows = (key) => ns.t(key) !== key;

  ns.put = function (node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  };

  ns.el = function (tag, className = "", text = "") {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  };

  ns.cookie = function (name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  };
})();
