/* Ages, times and distances in words. Pure: texts come from lm.t, times are epoch ms. */
(function (lm) {
  "use strict";
  const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const KST_MS = 9 * HOUR; // no daylight saving in Korea
  const two = (n) => String(n).padStart(2, "0");

  lm.format = {
    /** "21:14:05" in KST; without seconds when short. */
    time(ms, short) {
      const at = new Date(ms + KST_MS);
      const hm = two(at.getUTCHours()) + ":" + two(at.getUTCMinutes());
      return short ? hm : hm + ":" + two(at.getUTCSeconds());
    },

    /** Date and weekday for the clock. */
    date(ms, language) {
      return new Intl.DateTimeFormat(language, {
        timeZone: "Asia/Seoul", month: "short", day: "numeric", weekday: "short",
      }).format(ms);
    },

    /** A stopwatch while seconds matter, words later. */
    age(ms, ticking) {
      const whole = Math.max(0, ms);
      if (ticking && whole < HOUR) {
        return two(Math.floor(whole / MINUTE)) + ":" + two(Math.floor(whole / SECOND) % 60);
      }
      return lm.format.span(whole);
    },

    /** About how long: "34 min", "2 h 5 min". */
    span(ms) {
      if (ms < MINUTE) return lm.t("live_map.seconds", { n: Math.floor(ms / SECOND) });
      if (ms < HOUR) return lm.t("live_map.minutes", { n: Math.floor(ms / MINUTE) });
      if (ms >= DAY) return lm.t("live_map.days", { n: Math.floor(ms / DAY) });
      const h = Math.floor(ms / HOUR), m = Math.floor((ms % HOUR) / MINUTE);
      return m ? lm.t("live_map.hours_minutes", { h, m }) : lm.t("live_map.hours", { n: h });
    },

    /** Tenths below ten seconds: the age of the data. */
    fresh(ms) {
      const s = Math.max(0, ms) / SECOND;
      return s < 10 ? lm.t("live_map.seconds", { n: s.toFixed(1) }) : lm.format.span(ms);
    },

    count(n) {
      return n.toLocaleString("en-US");
    },

    metres(m) {
      return m < 950
        ? lm.t("live_map.metres", { n: Math.round(m) })
        : lm.t("live_map.kilometres", { n: (m / 1000).toFixed(1) });
    },
  };
})(window.liveMap);
