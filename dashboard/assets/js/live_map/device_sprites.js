/* Device shapes as pixels, made once per theme, size and pixel ratio: dot normal, triangle
   fault, struck circle offline, dotted ring unknown, crossed square out of service. Close up
   the letter of the kind stands inside or beside the shape. */
(function (lm) {
  "use strict";
  const SIZES = { dense: 0.85, far: 0.85, middle: 1, near: 1.3, close: 1.9 };
  const made = new Map();

  lm.sprites = {
    /** Which size a zoom asks for. */
    size: (zoom) => (zoom < 12.5 ? "far" : zoom < 15 ? "middle" : zoom < 16.5 ? "near" : "close"),

    /** {width, height, pixels: Uint32Array of RGBA} of a status; mark: letter of the kind or "". */
    get(status, size, mark, dpr) {
      const key = status + size + mark + dpr;
      if (!made.has(key)) made.set(key, size === "dense" && status === "ok" ? square(dpr) : make(status, SIZES[size], mark, dpr));
      return made.get(key);
    },

    forget: () => made.clear(),

    /** Draws a shape with a 2d context: also for bubbles. */
    shape: (context, status, scale) => SHAPES[status]?.(context, scale),
  };

  const SHAPES = {
    ok(c, k) {
      c.fillStyle = lm.theme.colour("device-ok");
      disc(c, 1.75 * k);
      c.fill();
    },
    fault(c, k) {
      c.beginPath();
      c.moveTo(0, -5 * k);
      c.lineTo(4.9 * k, 3.8 * k);
      c.lineTo(-4.9 * k, 3.8 * k);
      c.closePath();
      outline(c, k, "device-fault");
    },
    offline(c, k) {
      disc(c, 4 * k);
      outline(c, k, "device-inside");
      c.strokeStyle = lm.theme.colour("device-offline");
      c.lineWidth = 1.5 * k;
      c.beginPath();
      c.moveTo(-2.9 * k, 2.9 * k);
      c.lineTo(2.9 * k, -2.9 * k);
      c.stroke();
      disc(c, 4 * k);
      c.stroke();
    },
    unknown(c, k) {
      disc(c, 3.6 * k);
      c.fillStyle = lm.theme.colour("device-inside");
      c.fill();
      c.strokeStyle = lm.theme.colour("device-unknown");
      c.lineWidth = 1.4 * k;
      c.setLineDash([1.6 * k, 1.62 * k]);
      c.stroke();
    },
    out_of_service(c, k) {
      const r = 3.4 * k;
      c.fillStyle = lm.theme.colour("device-inside");
      c.fillRect(-r, -r, 2 * r, 2 * r);
      c.strokeStyle = lm.theme.colour("device-out");
      c.lineWidth = 1.2 * k;
      c.strokeRect(-r, -r, 2 * r, 2 * r);
      c.beginPath();
      c.moveTo(-r, -r);
      c.lineTo(r, r);
      c.moveTo(r, -r);
      c.lineTo(-r, r);
      c.stroke();
    },
  };

  /** A rim in the colour of the ground keeps shapes apart where they crowd. */
  function outline(c, k, fill) {
    c.strokeStyle = lm.theme.colour("device-inside");
    c.lineWidth = 2.2 * k;
    c.lineJoin = "round";
    c.stroke();
    c.fillStyle = lm.theme.colour(fill);
    c.fill();
  }

  function disc(c, r) {
    c.beginPath();
    c.arc(0, 0, r, 0, 2 * Math.PI);
  }

  function make(status, scale, mark, dpr) {
    const half = Math.ceil((mark ? 13 : 7 * scale) * dpr), side = 2 * half + 1;
    const canvas = lm.el("canvas");
    canvas.width = canvas.height = side;
    const c = canvas.getContext("2d", { willReadFrequently: true });
    c.translate(half + 0.5, half + 0.5);
    c.scale(dpr, dpr);
    if (mark) letter(c, status, mark);
    if (!mark || status !== "ok") {
      c.save();
      if (mark) c.translate(6, -6);
      SHAPES[status]?.(c, mark ? 1 : scale);
      c.restore();
    }
    const pixels = new Uint32Array(c.getImageData(0, 0, side, side).data.buffer);
    return trimmed(pixels, side, half);
  }

  /** The kind's letter on a small disc. */
  function letter(c, status, mark) {
    disc(c, 8.5);
    c.fillStyle = lm.theme.colour("device-inside");
    c.fill();
    c.lineWidth = 1;
    c.strokeStyle = lm.theme.colour(status === "ok" ? "device-ok" : "device-unknown");
    c.stroke();
    c.fillStyle = lm.theme.colour("text-2");
    c.font = "600 10px " + getComputedStyle(document.body).fontFamily;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillText(mark, 0, 0.5);
  }

  /** Two css pixels wide and opaque: four writes instead of twenty, for a hundred thousand. */
  function square(dpr) {
    const side = Math.max(2, Math.round(2 * dpr)), canvas = lm.el("canvas");
    canvas.width = canvas.height = side;
    const c = canvas.getContext("2d");
    c.fillStyle = lm.theme.colour("device-ok");
    c.fillRect(0, 0, side, side);
    const pixels = new Uint32Array(c.getImageData(0, 0, side, side).data.buffer);
    return trimmed(pixels, side, side >> 1);
  }

  /** Only the pixels that are not empty: their offsets from the middle and colours. */
  function trimmed(pixels, side, half) {
    const dx = [], dy = [], colour = [];
    for (let at = 0; at < pixels.length; at++) {
      if (pixels[at] >>> 24 === 0) continue;
      dx.push((at % side) - half);
      dy.push(Math.floor(at / side) - half);
      colour.push(pixels[at]);
    }
    return { dx: Int8Array.from(dx), dy: Int8Array.from(dy), colour: Uint32Array.from(colour), half };
  }
})(window.liveMap);
