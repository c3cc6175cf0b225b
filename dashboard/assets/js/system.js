/* Fills the System page. The server answers with texts; cells are written only where they
   differ and rows are kept by key, so an opened message stays open and nothing jumps. */
(function () {
  "use strict";

  const FIGURES = "data-figures";
  const ROWS = "data-rows";
  const RESENT = "data-resent";
  const POLL_MS = 2000; // after an answer; one question at a time
  const GIVE_UP_MS = 6000; // on an answer: then ask again
  const STALE_MS = 8000; // figures older than this are marked as old
  const NO_ANSWER_MS = 6000; // then a button may be pressed again

  let filledAt = 0;
  let askedAt = 0;

  function put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function fillCells(cells) {
    filledAt = Date.now();
    for (const node of document.querySelectorAll("[data-cell]")) {
      const text = cells[node.dataset.cell];
      if (text !== undefined) put(node, text);
    }
    for (const node of document.querySelectorAll("[data-mark-of]")) {
      node.dataset.mark = cells["mark:" + node.dataset.markOf] ?? "";
    }
  }

  /** Rows by key: known ones keep their node, new ones are put in place, the rest leave. */
  function fillRows(body, rows) {
    const known = new Map([...body.children].map((row) => [row.dataset.key, row]));
    const nodes = rows.map((row) => update(body, known.get(row.key) ?? makeRow(body, row), row));
    if (!nodes.length) nodes.push(known.get("") ?? emptyRow(body));
    nodes.forEach((node, at) => {
      if (body.children[at] !== node) body.insertBefore(node, body.children[at] ?? null);
    });
    while (body.children.length > nodes.length) body.lastElementChild.remove();
  }

  function columns(body) {
    return JSON.parse(body.dataset.columns);
  }

  function makeRow(body, row) {
    const line = make("tr");
    line.dataset.key = row.key;
    for (const name of columns(body)) line.append(cell(name, row));
    if (body.dataset.resend) line.append(resendCell(body.dataset.resend, row.key));
    return line;
  }

  function cell(name, row) {
    const node = make("td", "system__" + name);
    node.dataset.column = name;
    if (name === "message") node.append(message(row));
    else if (name === "reason") node.append(make("b", "", row.reason), make("span", "", row.detail));
    return node;
  }

  /** The beginning in one line; the whole when opened. */
  function message(row) {
    const details = make("details");
    details.append(make("summary", "", row.message), make("pre", "", pretty(row.message)));
    if (row.more) details.append(make("p", "", row.more));
    return details;
  }

  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  }

  function resendCell(words, key) {
    const node = make("td", "system__act");
    const button = make("button", "button system__resend", words);
    button.type = "button";
    button.dataset.sendAgain = key;
    node.append(button);
    return node;
  }

  function update(body, line, row) {
    for (const node of line.children) {
      const text = row[node.dataset.column];
      if (text !== undefined && !node.firstElementChild) put(node, text);
    }
    return line;
  }

  function emptyRow(body) {
    const line = make("tr");
    line.dataset.key = "";
    const node = make("td", "empty", body.dataset.empty);
    node.colSpan = body.parentElement.rows[0].cells.length;
    line.append(node);
    return line;
  }

  function sendAgain(button) {
    button.disabled = true;
    setTimeout(() => (button.disabled = button.dataset.done === "1"), NO_ANSWER_MS);
    const asked = { entry: button.dataset.sendAgain, at: Date.now() };
    window.dash_clientside.set_props("system-resend", { data: asked });
  }

  function showResent(told) {
    const button = document.querySelector(`[data-send-again="${CSS.escape(told.entry)}"]`);
    if (!button) return;
    put(button, told.text);
    button.dataset.done = told.ok ? "1" : "";
    button.disabled = told.ok;
  }

  function onChange(changes) {
    for (const { target, attributeName } of changes) {
      const text = target.getAttribute(attributeName);
      if (!text) continue;
      const value = JSON.parse(text);
      if (attributeName === FIGURES) fillCells(value);
      else if (attributeName === ROWS) fillRows(target, value);
      else showResent(value);
    }
  }

  /** Asks for new figures while somebody looks; old ones never look like new ones. */
  function tick() {
    const banner = document.querySelector("[data-system-stale]");
    if (!banner) {
      filledAt = askedAt = 0;
      return;
    }
    const now = Date.now();
    filledAt ||= now;
    banner.hidden = now - filledAt < STALE_MS;
    const answered = filledAt >= askedAt;
    const due = now - askedAt >= (answered ? POLL_MS : GIVE_UP_MS);
    if (due && !document.hidden) {
      askedAt = now;
      window.dash_clientside.set_props("system-tick", { data: now });
    }
  }

  setInterval(tick, 500);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-send-again]");
    if (button) sendAgain(button);
  });
  new MutationObserver(onChange).observe(document.documentElement, {
    subtree: true,
    attributeFilter: [FIGURES, ROWS, RESENT],
  });
})();
