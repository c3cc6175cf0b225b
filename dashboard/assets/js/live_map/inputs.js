/* Text fields and lists are made here, not by Dash, so that no update can replace what a person
   is typing. */
(function (lm) {
  "use strict";
  const FIELDS = {
    "map-search": (page) => field("input", "search__input", { type: "search", placeholder: lm.t("live_map.search") }),
    "form-assign-to": () => field("input", "field__input", { type: "text", maxLength: 32 }),
    "form-note": () => field("textarea", "field__input", { rows: 2, maxLength: 200 }),
    "form-close-note": () => field("textarea", "field__input", { rows: 2, maxLength: 200 }),
    "service-reason": () => field("input", "field__input", { type: "text", maxLength: 200 }),
    "service-until": () => lm.el("select", "field__input"),
  };

  lm.mountInputs = function (page) {
    page.inputs = {};
    for (const place of page.root.querySelectorAll("[data-input]")) {
      const name = place.dataset.input, node = FIELDS[name](page);
      node.id = name;
      place.replaceChildren(node);
      page.inputs[name] = node;
    }
    people(page);
    for (const place of page.root.querySelectorAll("[data-select]")) {
      const node = lm.el("select", "field__input");
      node.id = "filter-" + place.dataset.select;
      place.replaceChildren(node);
      page.inputs[node.id] = node;
    }
    page.undo.push(() => { for (const node of Object.values(page.inputs)) node.remove(); });
  };

  /** Names to assign to: the usual roles and everybody seen as an owner. */
  function people(page) {
    const list = lm.el("datalist"), input = page.inputs["form-assign-to"];
    list.id = "form-people";
    input.setAttribute("list", list.id);
    input.after(list);
    page.listen(input, "focus", () => {
      const names = new Set(["duty", "operator", page.user]);
      for (const alert of page.store.alerts.values()) if (alert.owner) names.add(alert.owner);
      list.replaceChildren(...[...names].map((name) => new Option(name, name)));
    });
  }

  function field(tag, className, values) {
    const node = Object.assign(lm.el(tag, className), values);
    node.autocomplete = "off";
    return node;
  }
})(window.liveMap);
