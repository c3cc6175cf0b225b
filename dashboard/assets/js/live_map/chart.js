/* Three small pictures in SVG, drawn in css pixels for the size of their place. */
(function (lm) {
  "use strict";
  const NS = "http://www.w3.org/2000/svg";

  lm.chart = {
    /** Stacked bars of [p1, p2, p3, p4] per minute, the newest at the right. */
    bars(rows, says, W, H) {
      const svg = picture(says, W, H), most = Math.max(3, ...rows.map((row) => row[0] + row[1] + row[2] + row[3]));
      const step = W / rows.length, unit = (H - 4) / most;
      svg.append(node("line", { class: "chart__axis", x1: 0, x2: W, y1: H - 0.5, y2: H - 0.5 }));
      rows.forEach((row, at) => {
        let y = H - 1;
        for (let p = 4; p >= 1; p--) {
          const h = row[p - 1] * unit;
          if (!h) continue;
          y -= h;
          svg.append(node("rect", { class: "chart__p" + p, x: at * step + 0.5, y, width: Math.max(2, step - 2), height: h - 0.5 }));
        }
      });
      return svg;
    },

    /** Line of [t, n, usual, low, high]: the usual range as a band under the count. */
    band(rows, says, W, H) {
      const svg = picture(says, W, H);
      const top = Math.max(1, ...rows.map((row) => Math.max(row[1] ?? 0, row[4] ?? row[2] ?? 0))) * 1.08;
      const t0 = rows[0][0], span = Math.max(1, rows[rows.length - 1][0] - t0);
      const x = (t) => (((t - t0) / span) * (W - 8) + 2).toFixed(1);
      const y = (v) => (H - 2 - (v / top) * (H - 6)).toFixed(1);
      const known = rows.filter((row) => typeof row[3] === "number" && typeof row[4] === "number");
      if (known.length > 1) {
        const upper = known.map((row) => x(row[0]) + "," + y(row[4]));
        const lower = known.map((row) => x(row[0]) + "," + y(row[3])).reverse();
        svg.append(node("polygon", { class: "chart__band", points: [...upper, ...lower].join(" ") }));
      }
      const counted = rows.filter((row) => typeof row[1] === "number");
      const points = counted.map((row) => x(row[0]) + "," + y(row[1])).join(" ");
      svg.append(node("polyline", { class: "chart__line", points }));
      const last = counted[counted.length - 1];
      if (last) svg.append(node("circle", { class: "chart__dot", cx: x(last[0]), cy: y(last[1]), r: 3 }));
      return svg;
    },

    /** Bars of days, each with the mean of eight weeks as a line across it. */
    days(bars, says, W, H) {
      const svg = picture(says, W, H), base = H - 15;
      const most = Math.max(1, ...bars.map((bar) => Math.max(bar.n, bar.expected ?? 0)));
      const step = W / bars.length, wide = Math.min(26, step * 0.55);
      bars.forEach((bar, at) => {
        const x = at * step + (step - wide) / 2, y = (v) => base - (v / most) * (base - 4);
        svg.append(node("rect", { class: "chart__bar", x, y: y(bar.n), width: wide, height: base - y(bar.n) }));
        if (typeof bar.expected === "number") {
          svg.append(node("line", { class: "chart__mean", x1: x - 4, x2: x + wide + 4, y1: y(bar.expected), y2: y(bar.expected) }));
        }
        const words = node("text", { class: "chart__words", x: x + wide / 2, y: H - 3 });
        words.textContent = bar.words;
        svg.append(words);
      });
      return svg;
    },
  };

  function picture(says, W, H) {
    const svg = node("svg", { class: "chart", viewBox: "0 0 " + W + " " + H, role: "img" });
    svg.setAttribute("aria-label", says);
    return svg;
  }

  function node(tag, attributes) {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }
})(window.liveMap);
