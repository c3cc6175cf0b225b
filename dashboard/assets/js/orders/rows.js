/* The rows: known ones keep their node, new ones are put in place, the rest leave. A row that
   changed since it was seen says so quietly until it is opened. The row somebody has open or
   the focus in stays, even when it no longer meets the conditions. */
(function (ns) {
  "use strict";
  const CHANGED_MS = 120000;
  const seen = new Map(); // order id -> version, for as long as the window lives
  let listed = null; // the conditions of what is listed

  ns.fillRows = function (rows) {
    const body = ns.place("rows"), conditions = conditionsNow();
    const known = new Map([...body.children].map((row) => [row.dataset.key, row]));
    const fresh = listed !== conditions;
    const nodes = rows.map((row) => update(known.get(row.key) ?? make(row), row, known, fresh));
    const first = listed === null;
    listed = conditions;
    arrange(body, withThoseInHand(body, nodes));
    ns.markChosen();
    rove(body);
    if (first) body.querySelector(".orders__row--chosen")?.scrollIntoView({ block: "nearest" });
  };

  ns.forgetRows = function () {
    listed = null;
  };

  function conditionsNow() {
    const query = ns.query();
    query.delete("order");
    return query.toString();
  }

  /** Rows that would leave, but are open or have the focus, stay where they are. */
  function withThoseInHand(body, nodes) {
    const wanted = new Set(nodes), chosen = ns.chosen();
    [...body.children].forEach((row, at) => {
      const held = row.contains(document.activeElement) || (chosen && row.dataset.key === chosen);
      if (wanted.has(row) || !held) return;
      row.dataset.left = "1";
      ns.put(row.querySelector(".orders__left"), ns.t("orders.js_left"));
      nodes.splice(Math.min(at, nodes.length), 0, row);
    });
    return nodes;
  }

  /** Nobody has them in hand any more. */
  ns.dropRows = function () {
    const chosen = ns.chosen();
    for (const row of ns.place("rows").querySelectorAll("[data-left]")) {
      if (row.dataset.key !== chosen && !row.contains(document.activeElement)) row.remove();
    }
  };

  function arrange(body, nodes) {
    const stays = new Set(nodes), focused = document.activeElement;
    for (const row of [...body.children]) if (!stays.has(row)) row.remove();
    nodes.forEach((node, at) => {
      if (body.children[at] !== node) body.insertBefore(node, body.children[at] ?? null);
    });
    if (focused !== document.activeElement && body.contains(focused)) focused.focus({ preventScroll: true });
  }

  function make(row) {
    const line = ns.el("tr", "orders__row");
    line.dataset.key = row.key;
    line.setAttribute("role", "row");
    const link = ns.el("a", "orders__open");
    link.href = ns.PATH + "?order=" + encodeURIComponent(row.key);
    link.append(ns.el("span", "orders__title"));
    line.append(
      cell("due", [ns.el("i", "orders__mark"), ns.el("b", "orders__stands")], "orders__due-at"),
      cell("cause", [link, ns.el("span", "orders__again"), ns.el("span", "orders__left")], ""),
      cell("device", [ns.el("b", "orders__device")], "orders__place"),
      cell("age", [ns.el("b", "orders__age")], "orders__since"),
      cell("assignee", [ns.el("span", "orders__assignee")], ""),
      cell("step", [ns.el("i", "orders__shape"), ns.el("span", "orders__step")], ""),
    );
    return line;
  }

  function cell(name, parts, second) {
    const node = ns.el("td", "orders__cell orders__cell--" + name);
    node.setAttribute("role", name === "cause" ? "rowheader" : "cell");
    const first = ns.el("span", "orders__first");
    first.append(...parts);
    node.append(first);
    if (second) node.append(ns.el("span", "orders__second " + second));
    return node;
  }

  const TEXTS = {
    ".orders__stands": "due", ".orders__due-at": "due_at", ".orders__title": "title",
    ".orders__again": "again", ".orders__device": "device", ".orders__place": "place",
    ".orders__age": "age", ".orders__since": "since", ".orders__assignee": "assignee",
    ".orders__step": "step",
  };

  function update(line, row, known, fresh) {
    for (const [where, name] of Object.entries(TEXTS)) ns.put(line.querySelector(where), row[name]);
    ns.put(line.querySelector(".orders__left"), "");
    delete line.dataset.left;
    line.dataset.stands = row.stands;
    line.dataset.state = row.state;
    line.querySelector(".orders__assignee").classList.toggle("orders__assignee--none", row.nobody);
    line.querySelector(".orders__mark").className = "orders__mark orders__mark--" + row.stands;
    line.querySelector(".orders__shape").className = "orders__shape orders__shape--" + row.state;
    const before = seen.get(row.key);
    const isNew = before === undefined && !fresh && !known.has(row.key);
    if (isNew || (before !== undefined && before < row.version)) noteChange(line);
    seen.set(row.key, row.version);
    return line;
  }

  function noteChange(line) {
    if (line.dataset.key === ns.chosen()) return; // its reader sees it beside the list
    line.dataset.changed = "1";
    let mark = line.querySelector(".orders__changed");
    if (!mark) {
      mark = ns.el("span", "orders__changed");
      mark.append(ns.el("span", "visually-hidden", ns.t("orders.js_changed")));
      line.querySelector(".orders__cell--step .orders__first").append(mark);
    }
    setTimeout(() => calm(line), CHANGED_MS);
  }

  function calm(line) {
    delete line.dataset.changed;
    line.querySelector(".orders__changed")?.remove();
  }

  ns.markChosen = function () {
    const chosen = ns.chosen();
    for (const row of ns.place("rows").children) {
      const is = row.dataset.key === chosen, link = row.querySelector(".orders__open");
      row.classList.toggle("orders__row--chosen", is);
      if (is) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (is) calm(row);
    }
  };

  // -- keyboard and mouse ------------------------------------------------------------------------

  /** One of the rows is in the tab order: the one with the focus, else the open, else the first. */
  function rove(body) {
    const links = [...body.querySelectorAll(".orders__open")];
    const at = links.find((link) => link === document.activeElement)
      ?? links.find((link) => link.tabIndex === 0 && link.isConnected && link.dataset.at)
      ?? links.find((link) => link.getAttribute("aria-current")) ?? links[0];
    for (const link of links) link.tabIndex = link === at ? 0 : -1;
  }

  const STEPS = {
    ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, PageDown: (at) => at + 10, PageUp: (at) => at - 10,
    Home: () => 0, End: (_at, last) => last,
  };

  function onKey(event) {
    const link = event.target.closest?.(".orders__open"), step = STEPS[event.key];
    if (!link || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const links = [...ns.place("rows").querySelectorAll(".orders__open")];
    const to = links[Math.max(0, Math.min(links.length - 1, step(links.indexOf(link), links.length - 1)))];
    for (const one of links) delete one.dataset.at;
    to.dataset.at = "1";
    to.focus();
    rove(ns.place("rows"));
  }

  function onClick(event) {
    const row = event.target.closest(".orders__row");
    if (!row || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (String(getSelection()) && !event.target.closest("a")) return; // words are being marked
    event.preventDefault();
    ns.open(row.dataset.key, event.detail === 0); // by keyboard: the focus goes along
  }

  ns.rowLink = (orderId) => ns.place("rows")?.querySelector(`[data-key="${CSS.escape(orderId)}"] .orders__open`);
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
})(window.orders);
