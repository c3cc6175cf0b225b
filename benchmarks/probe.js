/* What the benchmarks note down inside a page. Times are epoch ms of this machine's clock, so
   that they can be compared with those of the process that wrote the message. */
window.probe = (function () {
  "use strict";
  const now = () => performance.timeOrigin + performance.now();
  const SHOWN = [
    (id) => `[data-alert-id="${id}"]`, // the row of the queue
    (id) => `[data-alert-marker="${id}"], img[title="${id}"]`, // the marker: ours, the naive page's
  ];
  const expected = new Map(); // id -> set of what is still missing
  const screen = {}; // id -> when the frame that showed row and marker was handed to the screen
  const frames = { on: false, at: 0, gaps: [] };
  let firstDrawn = null;

  function look() {
    for (const [id, missing] of expected) {
      for (const what of [...missing]) {
        if (document.querySelector(SHOWN[what](id))) missing.delete(what);
      }
      if (missing.size) continue;
      expected.delete(id);
      afterFrame(() => { screen[id] = now(); });
    }
  }

  function afterFrame(done) {
    requestAnimationFrame(() => setTimeout(done, 0));
  }

  function frame(at) {
    if (frames.on && frames.at) frames.gaps.push(at - frames.at);
    frames.at = frames.on ? at : 0;
    if (firstDrawn === null && drawn() > 0) afterFrame(() => { firstDrawn = firstDrawn ?? now(); });
    if (frames.on || firstDrawn === null) requestAnimationFrame(frame);
  }

  /** Devices on the map: ours says so itself; the naive page is asked for any marker. */
  function drawn() {
    if (window.liveMap) return window.liveMap.inspect?.()?.devices ?? 0;
    return document.querySelector(".leaflet-marker-icon, .leaflet-overlay-pane canvas") ? 1 : 0;
  }

  new MutationObserver(() => { if (expected.size) look(); }).observe(document, {
    childList: true, subtree: true, attributes: true,
    attributeFilter: ["data-alert-id", "data-alert-marker", "title"],
  });
  document.addEventListener("submit", () => sessionStorage.setItem("probe-submit", now()), true);
  requestAnimationFrame(frame);

  return {
    expect: (id) => { expected.set(id, new Set(SHOWN.keys())); },
    screen: () => screen,
    firstDrawn: () => firstDrawn,
    submitted: () => Number(sessionStorage.getItem("probe-submit")),
    opened: () => performance.timeOrigin,
    startFrames: () => { frames.on = true; frames.at = 0; frames.gaps = []; requestAnimationFrame(frame); },
    stopFrames: () => { frames.on = false; return frames.gaps; },
  };
})();
