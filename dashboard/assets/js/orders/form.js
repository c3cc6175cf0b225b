/* The form that acts on the open order. It stays while the words around it are drawn anew; what
   was typed is kept per order until it is sent. Which buttons there are comes with the order. */
(function (ns) {
  "use strict";
  const KST = "+09:00";
  const SETTLE_MS = 3000; // for the new state to arrive after an action; then act again anyway
  const NEEDED = { assign: "to", note: "note", cancel: "reason", exclude: "reason" };
  const drafts = new Map();
  let order = null, open = null, sending = false, settling = 0;

  const form = () => ns.place("form");
  const part = (name) => form().querySelector(`[data-orders-form="${name}"]`);
  const button = (name) => form().querySelector(`[data-orders-act="${name}"]`);
  const fields = (name) => [...part(name).querySelectorAll("[data-field]")].map((place) => [place.dataset.field, place.firstElementChild]);

  function draft() {
    if (!drafts.has(order.id)) drafts.set(order.id, { typed: {}, says: "", bad: false, retry: null });
    return drafts.get(order.id);
  }

  ns.showForm = function (told, other) {
    if (!form()) return; // this person only reads
    makeFields();
    if (other) {
      keepTyped();
      order = told.id ? told : null;
      openPart(null);
      if (order) restoreTyped();
    }
    order = told.id ? told : null;
    settling = 0;
    offerVendors(told.vendors ?? []);
    show();
  };

  function show() {
    form().hidden = !order;
    if (!order) return;
    const acts = new Map(order.acts.map(([name, label, primary]) => [name, { label, primary }]));
    for (const node of form().querySelectorAll("[data-orders-act]")) {
      const act = acts.get(node.dataset.ordersAct);
      node.hidden = !act;
      node.disabled = sending || settling > 0;
      if (act) ns.put(node, act.label);
      node.classList.toggle("button--primary", Boolean(act?.primary));
      node.setAttribute("aria-expanded", String(open === node.dataset.ordersAct));
    }
    putPrimaryFirst();
    if (open && !acts.has(open) && !sending) openPart(null);
    form().querySelector(".orders__actions").hidden = !acts.size;
    const { says, bad, retry } = draft();
    ns.put(ns.place("form-says"), says);
    ns.place("form-says").classList.toggle("form__says--bad", bad);
    form().querySelector("[data-orders-again]").hidden = !retry || sending;
  }

  /** Also for the Tab key. */
  function putPrimaryFirst() {
    const primary = form().querySelector(".orders__actions .button--primary"), focused = document.activeElement;
    if (!primary || !primary.previousElementSibling) return;
    primary.parentElement.prepend(primary);
    if (focused === primary) primary.focus({ preventScroll: true });
  }

  /** One small form at a time. */
  function openPart(name) {
    const left = open && !name && part(open).contains(document.activeElement) ? button(open) : null;
    open = name;
    for (const node of form().querySelectorAll("[data-orders-form]")) node.hidden = node.dataset.ordersForm !== name;
    for (const node of form().querySelectorAll("[data-orders-act]")) {
      node.setAttribute("aria-expanded", String(node.dataset.ordersAct === name));
    }
    if (name) {
      const when = part(name).querySelector("[type=datetime-local]");
      if (when) when.max = localNow();
      fields(name)[0]?.[1].focus();
    }
    if (left) (left.hidden || left.disabled ? ns.detail() : left).focus({ preventScroll: true }); // what had it is hidden
  }

  ns.closeForm = function () {
    if (!form() || !open) return false;
    openPart(null);
    return true;
  };

  function submit(name) {
    const action = { action: name };
    for (const [field, node] of fields(name)) {
      const value = node.value.trim();
      if (value) action[field] = field === "done_at" ? value + KST : value;
    }
    const needed = NEEDED[name];
    if (needed && !action[needed]) return say(ns.t("orders.js_missing_" + needed), true);
    send(action);
  }

  async function send(action, id = ns.actionId()) {
    const about = order, kept = draft(); // the selection may change while we wait
    sending = true;
    Object.assign(kept, { says: ns.t("orders.js_sending"), bad: false, retry: null });
    show();
    const answer = await ns.send(about.id, { ...action, action_id: id, version: about.version });
    sending = false;
    Object.assign(kept, { says: answer.words, bad: !answer.ok, retry: answer.again ? { action, id } : null });
    if (answer.ok) forget(kept, action.action);
    if (!answer.again) settle();
    ns.askNow();
    if (!form()) return; // gone to another page
    if (answer.ok && order?.id === about.id) openPart(null);
    show();
    if (document.activeElement === document.body && order?.id === about.id) ns.detail().focus({ preventScroll: true });
  }

  /** Nothing more is done to a state that has just gone. */
  function settle() {
    settling = Date.now();
    setTimeout(() => {
      if (!settling || Date.now() - settling < SETTLE_MS) return;
      settling = 0;
      if (form()) show();
    }, SETTLE_MS);
  }

  function say(words, bad) {
    Object.assign(draft(), { says: words, bad, retry: null });
    show();
  }

  // -- what is typed -----------------------------------------------------------------------------

  const typedAs = (name, field) => name + "." + field;
  const everyField = () => [...form().querySelectorAll("[data-orders-form]")].flatMap((node) => fields(node.dataset.ordersForm).map(([field, input]) => [typedAs(node.dataset.ordersForm, field), input]));

  function keepTyped() {
    if (order) for (const [name, input] of everyField()) draft().typed[name] = input.value;
  }

  function restoreTyped() {
    for (const [name, input] of everyField()) input.value = draft().typed[name] ?? "";
  }

  /** Only what was sent is forgotten. */
  function forget(kept, name) {
    for (const key of Object.keys(kept.typed)) if (key.startsWith(name + ".")) delete kept.typed[key];
    if (!form() || kept !== drafts.get(order?.id)) return;
    for (const [, input] of fields(name)) input.value = "";
  }

  function makeFields() {
    for (const place of form().querySelectorAll("[data-orders-input]:empty")) {
      const node = MAKE[place.dataset.field]();
      node.id = place.dataset.ordersInput;
      node.autocomplete = "off";
      place.append(node);
    }
  }

  const area = () => Object.assign(ns.el("textarea", "field__input"), { rows: 2, maxLength: 200 });
  const MAKE = {
    to: () => ns.el("select", "field__input"),
    done_at: () => Object.assign(ns.el("input", "field__input"), { type: "datetime-local" }),
    note: area,
    reason: area,
  };

  function offerVendors(vendors) {
    const select = part("assign").querySelector("select"), chosen = select.value || draftedVendor();
    const wanted = JSON.stringify(vendors);
    if (select.dataset.offers !== wanted) {
      select.dataset.offers = wanted;
      select.replaceChildren(new Option(ns.t("orders.js_choose_vendor"), ""), ...vendors.map(([name, label]) => new Option(label, name)));
    }
    select.value = vendors.some(([name]) => name === chosen) ? chosen : "";
  }

  const draftedVendor = () => (order && draft().typed[typedAs("assign", "to")]) || "";
  const localNow = () => new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 16);

  // -- the person --------------------------------------------------------------------------------

  function onClick(event) {
    if (!event.target.closest("#orders-detail") || !form() || !order) return;
    const data = event.target.closest("button")?.dataset ?? {};
    if (data.ordersAct) openPart(open === data.ordersAct ? null : data.ordersAct);
    else if (data.ordersCancel) openPart(null);
    else if (data.ordersAgain && draft().retry) send(draft().retry.action, draft().retry.id);
  }

  document.addEventListener("click", onClick);
  document.addEventListener("submit", (event) => {
    const name = event.target.dataset?.ordersForm;
    if (!name) return;
    event.preventDefault();
    if (order && !sending) submit(name);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.target.closest?.("[data-orders-form]")?.requestSubmit();
  });
})(window.orders);
