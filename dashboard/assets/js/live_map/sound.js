/* Tones per priority, made here: no file to load. Priority 1 repeats until somebody takes it.
   Silencing never acknowledges. A browser that blocks sound is told of in a banner. */
(function (lm) {
  "use strict";
  const AGAIN_MS = 8000;
  /* [frequency in Hz, start in s, length in s] */
  const TONES = {
    1: [[988, 0, 0.18], [740, 0.2, 0.18], [988, 0.4, 0.18], [740, 0.6, 0.24]],
    2: [[740, 0, 0.16], [740, 0.26, 0.2]],
    3: [[587, 0, 0.22]],
  };
  let audio = null; // one context per window: it stays allowed when the page changes

  lm.mountSound = function (page) {
    const button = page.find("sound");
    let on = lm.remember("sound") !== "off";
    const heard = (page.city.heard = page.city.heard ?? new Set());
    audio = audio ?? (window.AudioContext ? new AudioContext() : null);

    const blocked = () => on && audio !== null && audio.state !== "running";

    function show() {
      const key = !on ? "sound_off" : blocked() ? "sound_blocked_short" : "sound_on";
      lm.put(button, lm.t("live_map." + key));
      lm.toggle(button, "aria-pressed", on);
      page.banner("sound", blocked() ? lm.t("live_map.sound_banner") : "", {
        button: { words: lm.t("live_map.sound_allow"), press: allow }, role: "status",
      });
    }

    function allow() {
      audio?.resume().then(show).catch(() => null);
    }

    function toggle() {
      on = !on;
      lm.remember("sound", on ? "on" : "off");
      if (on) allow();
      show();
    }

    function play(priority) {
      if (!on || !audio || audio.state !== "running") return;
      for (const [hertz, from, length] of TONES[priority] ?? []) tone(audio, hertz, from, length);
    }

    const waiting = () => page.store.openAlerts().filter((alert) =>
      page.words.waits(alert) && page.filter.showsAlert(alert) && TONES[alert.priority]);

    /** The most urgent alert not heard yet sounds. */
    function ring() {
      const fresh = waiting().filter((alert) => !heard.has(alert.id));
      for (const alert of fresh) heard.add(alert.id);
      if (fresh.length) play(Math.min(...fresh.map((alert) => alert.priority)));
    }

    page.sound = { toggle };
    page.listen(button, "click", () => (blocked() ? allow() : toggle()));
    // click, not pointerdown: the banner goes away, and nothing may move under a pressed button
    for (const gesture of ["click", "keydown"]) {
      page.listen(document, gesture, () => { if (blocked()) allow(); }, { capture: true });
    }
    page.on("snapshot", ring);
    page.on("change", (change) => { if (change.alerts.length) ring(); });
    page.every(AGAIN_MS, () => { if (waiting().some((alert) => alert.priority === 1)) play(1); });
    if (audio) audio.onstatechange = () => { if (lm.page === page) show(); };
    allow();
    page.bus.on("ready", show);
  };

  function tone(context, hertz, from, length) {
    const at = context.currentTime + from, swing = context.createOscillator(), volume = context.createGain();
    swing.frequency.value = hertz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.22, at + 0.015);
    volume.gain.setValueAtTime(0.22, at + length - 0.04);
    volume.gain.linearRampToValueAtTime(0, at + length);
    swing.connect(volume).connect(context.destination);
    swing.start(at);
    swing.stop(at + length);
  }
})(window.liveMap);
