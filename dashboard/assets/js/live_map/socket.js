/* The live connection: snapshot, then deltas, for ever. Reconnects after 0.5 to 3 s, goes on
   from its cursor, drops what it already knows, and takes a new snapshot when told to. */
(function (lm) {
  "use strict";
  const FIRST_WAIT_MS = 500, LONGEST_WAIT_MS = 3000, PING_MS = 10000;
  const LOOK_MS = 2000, SILENT_MS = 8000; // the server speaks every two seconds: silence is a dead line
  const SIGNED_OUT = 4401; // the server's close codes
  const FAILURES = 3; // then ask over HTTP, which also notices that the session has ended

  /** store, bus; says "snapshot", "change" (what apply answers), "link" ("up"|"down"|"failed"). */
  lm.createSocket = function (store, bus) {
    let socket = null, wait = FIRST_WAIT_MS, timer = 0, ping = 0, look = 0, heard = 0, failures = 0, stopped = false;
    let downSince = Date.now();

    async function start(first) {
      try {
        await load(first);
        open();
      } catch {
        bus.say("link", "failed");
        again();
      }
    }

    /** first: a request for the snapshot that is already on its way. */
    async function load(first) {
      const response = await (first ?? fetch("/live/snapshot", { cache: "no-store" }));
      if (!response.ok) throw new Error("snapshot: " + response.status);
      store.load(await response.arrayBuffer(), Date.now());
      bus.say("snapshot");
      names();
    }

    async function names() {
      const response = await fetch("/live/names?city=" + encodeURIComponent(store.city)).catch(() => null);
      if (!response?.ok) return;
      const { ids, names: words } = await response.json();
      store.name(ids, words);
      bus.say("names");
    }

    function open() {
      if (stopped) return;
      const scheme = location.protocol === "https:" ? "wss:" : "ws:";
      const query = new URLSearchParams({ city: store.city, seq: store.seq });
      socket = new WebSocket(scheme + "//" + location.host + "/live?" + query);
      socket.onmessage = (event) => hear(JSON.parse(event.data));
      socket.onclose = (event) => (event.code === SIGNED_OUT ? start() : lost());
    }

    function hear(message) {
      heard = Date.now();
      if (message.t === "hello") greet(message);
      else if (message.t === "delta") take(message);
    }

    function greet(message) {
      if (message.resync) return resync();
      wait = FIRST_WAIT_MS;
      failures = 0;
      downSince = null;
      clearInterval(ping);
      clearInterval(look);
      ping = setInterval(() => send({ t: "ping" }), PING_MS);
      look = setInterval(() => { if (Date.now() - heard > SILENT_MS) lost(heard); }, LOOK_MS);
      bus.say("link", "up");
    }

    function take(delta) {
      const change = store.apply(delta, Date.now());
      if (!change) return;
      bus.say("change", change);
      if (change.canary.length) afterFrame(() => send({ t: "seen", canary: change.canary }));
    }

    function resync() {
      drop();
      start();
    }

    function send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    }

    function lost(since = Date.now()) {
      drop();
      downSince = downSince ?? since;
      bus.say("link", "down");
      again();
    }

    function drop() {
      clearInterval(ping);
      clearInterval(look);
      if (!socket) return;
      socket.onclose = socket.onmessage = null;
      socket.close();
      socket = null;
    }

    function again() {
      if (stopped) return;
      clearTimeout(timer);
      timer = setTimeout(() => (store.city && ++failures % FAILURES ? open() : start()), wait * (0.75 + Math.random() / 2));
      wait = Math.min(LONGEST_WAIT_MS, wait * 1.6);
    }

    return {
      start,
      stop() { stopped = true; clearTimeout(timer); drop(); },
      downSince: () => downSince,
    };
  };

  /** After the next frame was handed to the screen; never for a page nobody can see. */
  function afterFrame(done) {
    if (!document.hidden) requestAnimationFrame(() => setTimeout(done, 0));
  }
})(window.liveMap);
