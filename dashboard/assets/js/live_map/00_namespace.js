/* The one namespace of the live map. Files here only add to it while loading; nothing runs
   before mount.js finds the map. */
window.liveMap = {};

(function (lm) {
  "use strict";

  /** For tools and tests: what the last frame showed, or with an id one device's drawn status. */
  lm.inspect = function (id) {
    const layer = lm.page?.deviceLayer;
    if (id !== undefined) return layer?.drawnStatus(id) ?? null;
    const summary = layer?.summary() ?? { devices: 0, byStatus: {}, cursor: null };
    const lastDeltaAt = lm.page?.city.lastDeltaAt ?? null; // this browser's clock, epoch ms
    return { ...summary, lastDrawMs: layer?.lastDrawMs ?? null, lastDeltaAt };
  };

  /** Texts of the page's language: "feature.name" -> words with {placeholders}. */
  lm.texts = {};

  lm.t = function (key, values) {
    const text = lm.texts[key];
    if (text === undefined) return key;
    return values ? text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : text;
  };

  /** True if the catalogue knows the key: for kinds and types newer than this page. */
  lm.knows = (key) => lm.texts[key] !== undefined;

  /** Named events; `on` answers the function that takes the listener off again. */
  lm.bus = function () {
    const listeners = new Map();
    return {
      on(name, listener) {
        if (!listeners.has(name)) listeners.set(name, new Set());
        listeners.get(name).add(listener);
        return () => listeners.get(name).delete(listener);
      },
      say(name, value) {
        for (const listener of listeners.get(name) ?? []) listener(value);
      },
    };
  };

  /** An element with a class and a text. */
  lm.el = function (tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  /** Sets text only when it differs: an untouched node costs no layout. */
  lm.put = function (node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  };

  lm.toggle = function (node, name, on) {
    if (node.getAttribute(name) !== String(on)) node.setAttribute(name, String(on));
  };

  /** Listens, and notes in `undo` how to stop. */
  lm.listen = function (undo, target, type, handler, options) {
    target.addEventListener(type, handler, options);
    undo.push(() => target.removeEventListener(type, handler, options));
  };

  /** A value of this browser (theme-like choices); null where storage is refused. */
  lm.remember = function (name, value) {
    try {
      if (value === undefined) return localStorage.getItem("live-map-" + name);
      localStorage.setItem("live-map-" + name, value);
    } catch {
      /* private windows may refuse storage; the choice then lasts as long as the page */
    }
    return null;
  };
})(window.liveMap);
