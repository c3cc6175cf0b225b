/* What of the city is shown: kinds, states, zone, route, problems only. Pure, no DOM.
   An empty set of hidden words means everything is shown. */
(function (lm) {
  "use strict";
  const PROBLEM = { fault: true, offline: true, unknown: true };

  lm.createFilter = function (store) {
    const f = {
      hiddenKinds: new Set(), hiddenStates: new Set(), zone: "", route: "", problems: false,
    };
    let shown = new Uint8Array(0), fresh = false, version = -1;

    /** 1 per device that is shown. Made anew after a change of the filter; while states are
        filtered also after every delta, which costs one pass over the columns. */
    f.shown = function () {
      if (!fresh || version !== store.version || byState()) compute();
      return shown;
    };

    f.changed = () => { fresh = false; };

    f.hidden = function () {
      let n = 0;
      const now = f.shown();
      for (let i = 0; i < store.n; i++) if (!now[i]) n++;
      return n;
    };

    f.active = () =>
      f.hiddenKinds.size + f.hiddenStates.size + (f.zone ? 1 : 0) + (f.route ? 1 : 0);

    f.clear = function () {
      f.hiddenKinds.clear();
      f.hiddenStates.clear();
      f.zone = f.route = "";
      f.problems = false;
      f.changed();
    };

    /** Alerts follow the area, not the device filters: an alarm is never hidden by a kind. */
    f.showsAlert = (alert) =>
      (!f.zone || alert.zone === f.zone) && (!f.route || alert.route === f.route);

    const byState = () => f.problems || f.hiddenStates.size > 0;

    function compute() {
      fresh = true;
      version = store.version;
      if (shown.length < store.n) shown = new Uint8Array(store.n);
      const kinds = flags(store.kinds, (word) => !f.hiddenKinds.has(word));
      const states = flags(store.statuses, (word) =>
        !f.hiddenStates.has(word) && (!f.problems || PROBLEM[word]));
      const zone = f.zone ? store.zones.indexOf(f.zone) : null;
      const route = f.route ? store.routes.indexOf(f.route) : null;
      for (let i = 0; i < store.n; i++) {
        shown[i] = kinds[store.kind[i]] & states[store.status[i]]
          & (zone === null || store.zone[i] === zone) & (route === null || store.route[i] === route);
      }
    }

    return f;
  };

  /** A table over the 256 values of a column; unknown values are shown. */
  function flags(words, keep) {
    const table = new Uint8Array(256).fill(1);
    words.forEach((word, at) => { table[at] = keep(word) ? 1 : 0; });
    return table;
  }
})(window.liveMap);
