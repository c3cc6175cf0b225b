/* Everything by keyboard. Single letters work only outside of fields, never with Ctrl, Alt or
   Meta, and can be switched off in the help (WCAG 2.1.4). */
(function (lm) {
  "use strict";

  lm.mountKeyboard = function (page) {
    const dialog = page.find("keys"), toggle = page.find("keys-switch");
    let letters = lm.remember("letters") !== "off";

    const KEYS = {
      n: () => page.queue.step(1),
      p: () => page.queue.step(-1),
      j: () => page.queue.step(1),
      k: () => page.queue.step(-1),
      a: () => page.form.press("assign"),
      v: () => page.form.press("close"),
      m: () => page.form.press("note"),
      r: () => page.form.press("release"),
      f: () => page.controls.toggleFilters(),
      x: () => page.controls.switchLayer("problems"),
      g: () => page.selection.goTo(),
      0: () => page.controls.wholeCity(),
      s: () => page.sound.toggle(),
      "/": () => page.inputs["map-search"].focus(),
      "?": () => help(),
    };

    function pressed(event) {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (event.key === "Escape") return escape();
      if (dialog.open || inField(event.target)) return;
      if (event.key === "Enter") return enter(event);
      if (!letters && event.key !== "?") return;
      const verdict = page.form.openName() === "close" && page.form.verdictAt(Number(event.key) - 1);
      const act = verdict ? () => page.form.verdict(verdict) : KEYS[letterOf(event)];
      if (!act) return;
      event.preventDefault();
      act();
    }

    /** Enter on the row that is already open, or on nothing at all, takes the selected alert. */
    function enter(event) {
      const chosen = page.selection.current();
      if (chosen?.kind !== "alert") return;
      const row = event.target.closest?.("[data-alert-id]");
      const marker = event.target.closest?.("[data-alert-marker]");
      const here = (row ?? marker) && (row?.dataset.alertId ?? marker.dataset.alertMarker) === chosen.id;
      if (!here && event.target !== document.body && !event.target.closest?.(".leaflet-container")) return;
      if (!here && (row || marker)) return;
      if (page.form.press("acknowledge")) event.preventDefault();
    }

    function escape() {
      if (dialog.open) return; // the dialog closes itself
      if (page.controls.filtersOpen()) return page.controls.toggleFilters(false);
      if (page.form.openName()) return page.form.openForm(null);
      if (!inField(document.activeElement)) page.selection.clear();
    }

    function help() {
      if (dialog.open) dialog.close();
      else {
        lm.listKeys(page.find("keys-list"));
        dialog.showModal();
        dialog.querySelector("[data-shut]").focus();
      }
    }

    page.listen(document, "keydown", pressed);
    page.listen(page.root, "click", (event) => {
      const data = event.target.closest("button")?.dataset ?? {};
      if (data.open === "keys" || data.shut === "keys") help();
    });
    page.listen(toggle, "click", () => {
      letters = !letters;
      lm.remember("letters", letters ? "on" : "off");
      lm.toggle(toggle, "aria-pressed", letters);
    });
    lm.toggle(toggle, "aria-pressed", letters);
  };

  /** The letter on the key, also while a Korean keyboard is switched to Hangul. */
  function letterOf(event) {
    if (event.key === "?" || event.key === "/") return event.key;
    const latin = /^Key([A-Z])$/.exec(event.code);
    if (latin && !event.shiftKey) return latin[1].toLowerCase();
    return event.key.length === 1 ? event.key.toLowerCase() : "";
  }

  function inField(node) {
    return Boolean(node?.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]"));
  }
})(window.liveMap);
