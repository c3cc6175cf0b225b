/* Puts a piece of HTML from the server (layouts/markup.py) in the place of the one before it.

   Nodes stay and only what differs is written, so nothing a person opened, focused, scrolled to
   or is typing is lost. Elements are the same if they have the same data-key or, without one,
   the same name at the same place. What is inside [data-drawn] belongs to a script, which learns
   of it by the event markup:put; [data-theirs] names an attribute that belongs to the reader. */
(function () {
  "use strict";

  const THEIRS = { DETAILS: "open", DIALOG: "open" }; // attributes that belong to the reader

  window.markup = {
    put(node, html) {
      if (node.markupText === html) return;
      node.markupText = html;
      const wanted = document.createElement("template");
      wanted.innerHTML = html;
      follow(node, wanted.content);
      node.dispatchEvent(new CustomEvent("markup:put", { bubbles: true }));
    },
  };

  /** Makes the children of node like those of wanted. */
  function follow(node, wanted) {
    const known = new Map();
    for (const child of node.children) if (child.dataset.key) known.set(child.dataset.key, child);
    let at = node.firstChild;
    for (const like of [...wanted.childNodes]) {
      const kept = match(like, at, known);
      if (!kept) {
        node.insertBefore(like, at);
        continue;
      }
      if (kept === at) at = at.nextSibling;
      else node.insertBefore(kept, at);
      write(kept, like);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  function match(like, at, known) {
    if (like.nodeType !== Node.ELEMENT_NODE) return at && at.nodeType === like.nodeType ? at : null;
    const key = like.dataset.key;
    if (key) return known.get(key)?.tagName === like.tagName ? known.get(key) : null;
    return at && at.tagName === like.tagName && !at.dataset.key ? at : null;
  }

  function write(node, like) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.data !== like.data) node.data = like.data;
      return;
    }
    const before = node.tagName === "SELECT" ? chosen(node) : 0;
    writeAttributes(node, like);
    if (!node.hasAttribute("data-drawn")) follow(node, like);
    if (node.tagName === "SELECT" && chosen(node) !== before) node.selectedIndex = chosen(node);
  }

  function writeAttributes(node, like) {
    const theirs = [THEIRS[node.tagName], node.dataset.theirs];
    for (const { name } of [...node.attributes]) {
      if (!like.hasAttribute(name) && !theirs.includes(name)) node.removeAttribute(name);
    }
    for (const { name, value } of like.attributes) {
      if (node.getAttribute(name) !== value && !theirs.includes(name)) {
        const typed = name === "value" && node.value !== node.defaultValue;
        node.setAttribute(name, value);
        if (name === "value" && !typed) node.value = value;
      }
    }
  }

  /** What the server says is chosen. */
  function chosen(select) {
    return Math.max(0, [...select.options].findIndex((one) => one.hasAttribute("selected")));
  }
})();
