/* Sparklines: draws every [data-spark] (layouts/sparks.py) of a piece of markup that was put in
   place as a small SVG, and again when its numbers change. Colours are in the style sheet. */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 168;
  const HEIGHT = 30;
  const EDGE = 4; // room for the last dot
  const GIVEN = ["data-spark", "data-band", "data-target"];

  function draw(node) {
    const values = node.dataset.spark.split(" ").map((word) => (word === "-" ? null : Number(word)));
    const band = node.dataset.band?.split(" ").map(Number);
    const target = node.dataset.target === undefined ? null : Number(node.dataset.target);
    const y = scale([...values, target, ...(band ?? [])].filter((value) => value !== null));
    const x = (at) => EDGE + (at * (WIDTH - 2 * EDGE)) / Math.max(1, values.length - 1);
    const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" });
    if (band) {
      const top = y(band[1]);
      svg.append(shape("band", "rect", { x: 0, width: WIDTH, y: top, height: Math.max(1, y(band[0]) - top) }));
    }
    if (target !== null) svg.append(shape("target", "path", { d: `M0 ${y(target)}H${WIDTH}` }));
    svg.append(shape("line", "path", { d: line(values, x, y) }));
    for (const at of alone(values)) svg.append(shape("point", "circle", { cx: x(at), cy: y(values[at]), r: 1.3 }));
    const last = values.length - 1;
    if (values[last] !== null && last >= 0) {
      svg.append(shape("last", "circle", { cx: x(last), cy: y(values[last]), r: 3 }));
    }
    node.replaceChildren(svg);
  }

  /** From values to pixels; a flat line runs through the middle. */
  function scale(values) {
    const low = Math.min(...values);
    const range = Math.max(...values) - low;
    const room = HEIGHT - 2 * EDGE;
    return (value) => round(range > 0 ? HEIGHT - EDGE - ((value - low) / range) * room : HEIGHT / 2);
  }

  function line(values, x, y) {
    let d = "";
    values.forEach((value, at) => {
      if (value === null) return;
      d += `${at && values[at - 1] !== null ? "L" : "M"}${round(x(at))} ${y(value)}`;
    });
    return d;
  }

  /** Values between gaps: a line cannot show them. */
  function alone(values) {
    const empty = (at) => (values[at] ?? null) === null;
    return values.map((_, at) => at).filter((at) => !empty(at) && empty(at - 1) && empty(at + 1));
  }

  function shape(name, tag, attributes) {
    return make(tag, { class: "spark__" + name, ...attributes });
  }

  function make(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  }

  function round(value) {
    return Math.round(value * 10) / 10;
  }

  function drawAll(root) {
    for (const node of root.querySelectorAll("[data-spark]")) {
      const numbers = GIVEN.map((name) => node.getAttribute(name)).join();
      if (node.drawnNumbers === numbers) continue;
      node.drawnNumbers = numbers;
      draw(node);
    }
  }

  document.addEventListener("markup:put", (event) => drawAll(event.target));
})();
