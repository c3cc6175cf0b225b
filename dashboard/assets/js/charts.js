/* What all plotly charts share: where plotly.js comes from, and how they look in the theme now
   shown. Figures name tokens ("--chart-line") where others have colours; here they become
   colours, again after a switch of theme and for printing. Zoom stays (uirevision). */
(function () {
  "use strict";

  const PLOTLY_URL = "/assets/vendor/plotly/plotly-basic.min.js?m=4.1.1"; // m: kept for ever
  const CLEAR = "rgba(0, 0, 0, 0)";

  const given = new WeakMap(); // graph element -> its figure as it came from the server
  let made = null; // plotly.js itself
  let dressing = null; // the same with a react() that dresses figures
  let colours = new Map(); // token -> colour in the theme now shown
  let probe = null;
  let printing = false;

  // Dash would name the whole of plotly.js, three times the size.
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => PLOTLY_URL, set() {} });

  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => dressing,
    set(plotly) {
      made = plotly;
      dressing = Object.create(plotly, { react: { value: react } });
    },
  });

  /** After a zoom Dash hands the zoomed figure back as if it were new (the same data, another
      layout). Taken as such it would be the figure's own range, and lost with the next one;
      left alone it is the reader's, which uirevision keeps. */
  function react(element, figure) {
    if (element._fullLayout && given.get(element)?.data === figure.data) return Promise.resolve(element);
    given.set(element, figure);
    return made.react(element, dressed(figure));
  }

  function dressed(figure) {
    const layout = coloured(figure.layout);
    return { ...figure, data: coloured(figure.data), layout: { ...layout, template: template() } };
  }

  /** A copy with colours for tokens; long lists of numbers are not copied. */
  function coloured(value) {
    if (typeof value === "string") return value.startsWith("--") ? colour(value) : value;
    if (Array.isArray(value)) {
      return typeof value[0] === "number" || value[0] === null ? value : value.map(coloured);
    }
    if (!value || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, coloured(part)]));
  }

  /** A token as "rgb(...)". Tokens are light-dark() pairs, so the browser resolves them. */
  function colour(token) {
    if (!colours.has(token)) {
      if (!probe?.isConnected) {
        probe = document.createElement("span");
        probe.hidden = true;
        document.body.append(probe);
      }
      probe.style.colorScheme = printing ? "light" : "";
      probe.style.color = `var(${token})`;
      colours.set(token, getComputedStyle(probe).color);
    }
    return colours.get(token);
  }

  function template() {
    const small = { color: colour("--text-3"), size: 12 };
    const axis = {
      automargin: true,
      gridcolor: colour("--chart-grid"),
      linecolor: colour("--line"),
      zeroline: false,
      ticks: "",
      tickfont: small,
      title: { font: small, standoff: 10 },
    };
    return {
      layout: {
        paper_bgcolor: CLEAR,
        plot_bgcolor: CLEAR,
        font: { family: getComputedStyle(document.body).fontFamily, size: 12.5, color: colour("--text-2") },
        margin: { l: 4, r: 12, t: 30, b: 4 },
        xaxis: { ...axis, showgrid: false, showline: true },
        yaxis: axis,
        separators: ".,",
        hoverlabel: {
          bgcolor: colour("--raised"),
          bordercolor: colour("--line-strong"),
          font: { color: colour("--text"), size: 12.5 },
          align: "left",
        },
        legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom", font: small },
        modebar: { bgcolor: CLEAR, color: colour("--text-3"), activecolor: colour("--text") },
        // where a finger drags, the page scrolls
        dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      },
    };
  }

  function redraw() {
    colours = new Map();
    for (const element of document.querySelectorAll(".js-plotly-plot")) {
      if (given.has(element)) made.react(element, dressed(given.get(element)));
    }
  }

  /** Paper is light. */
  function print(begins) {
    if (printing === begins) return;
    printing = begins;
    redraw();
  }

  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", redraw);
  matchMedia("print").addEventListener("change", (media) => print(media.matches));
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
})();
