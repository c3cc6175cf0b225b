/* Names on the ground: small, haloed, and left out where they would lie on another. */
(function (lm) {
  "use strict";

  lm.createLabels = function (c, view) {
    const taken = [];
    const family = getComputedStyle(document.body).fontFamily;
    c.textBaseline = "middle";
    c.lineJoin = "round";

    const spot = ([x, y]) => [x * view.scale - view.x, y * view.scale - view.y];

    function free(box) {
      if (box[2] < 0 || box[3] < 0 || box[0] > view.w || box[1] > view.h) return false;
      for (const one of taken) {
        if (box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]) return false;
      }
      taken.push(box);
      return true;
    }

    function write(words, x, y, look) {
      c.lineWidth = 3;
      c.strokeStyle = lm.theme.colour("map-halo");
      c.strokeText(words, x, y);
      c.fillStyle = lm.theme.colour(look);
      c.fillText(words, x, y);
    }

    function text(at, words, { dx = 0, dy = 0, strong = false, middle = false }) {
      c.font = (strong ? "600 12px " : "400 12px ") + family;
      c.textAlign = "left";
      const width = c.measureText(words).width;
      const [x, y] = spot(at);
      const left = x + dx - (middle ? width / 2 : 0), top = y + dy;
      if (!free([left - 3, top - 8, left + width + 3, top + 8])) return;
      write(words, left, top, strong ? "map-label-strong" : "map-label");
    }

    function station(at, words) {
      const [x, y] = spot(at);
      c.beginPath();
      c.arc(x, y, 3, 0, 2 * Math.PI);
      c.fillStyle = lm.theme.colour("map-city");
      c.fill();
      c.lineWidth = 1.5;
      c.strokeStyle = lm.theme.colour("map-station");
      c.stroke();
      taken.push([x - 5, y - 5, x + 5, y + 5]);
      if (!words) return;
      c.font = "400 11.5px " + family;
      c.textAlign = "left";
      const width = c.measureText(words).width;
      if (free([x + 6, y - 7, x + 8 + width, y + 7])) write(words, x + 7, y, "map-station");
    }

    return { text, station };
  };
})(window.liveMap);
