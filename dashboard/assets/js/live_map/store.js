/* The city as this browser knows it: device columns, alerts, feed. Pure: no DOM, no clock. */
(function (lm) {
  "use strict";
  const STATUSES = ["ok", "out_of_service", "unknown", "offline", "fault"]; // worse is later
  const CLOSED_KEPT_MS = 2 * 3600000, MANY = 300;
  const NONE = 255; // no zone, no route; as a status: retired, not drawn

  lm.createStore = function () {
    const s = {
      city: null, seq: -1, n: 0, version: 0, // version: grows when devices are added or moved
      kinds: [], statuses: [...STATUSES], zones: [], routes: [],
      kind: new Uint8Array(0), status: new Uint8Array(0), zone: new Uint8Array(0),
      route: new Uint8Array(0), x: new Float64Array(0), y: new Float64Array(0),
      ids: [], names: [], index: new Map(),
      counts: new Uint32Array(5), alerts: new Map(),
      feed: null, traffic: null, sim: null, can: [], skewMs: 0,
      at: 0, watermark: 0, heardAt: 0,
    };

    /** Replaces everything by a snapshot. now: this browser's clock. */
    s.load = function (buffer, now) {
      const size = new DataView(buffer).getUint32(0, true);
      const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
      const sameCity = header.city === s.city;
      readColumns(s, buffer, (4 + size + 3) & ~3, header.n);
      if (!sameCity) { s.ids = []; s.names = []; s.index = new Map(); }
      for (const key of ["city", "seq", "kinds", "statuses", "zones", "routes", "can"]) {
        s[key] = header[key] ?? s[key];
      }
      s.alerts = new Map(header.alerts.map((alert) => [alert.id, alert]));
      s.feed = header.feed ?? null;
      s.traffic = header.traffic ?? null;
      s.sim = header.sim ?? null;
      s.skewMs = header.now - now;
      s.heardAt = now;
      s.watermark = header.feed?.watermark ?? header.now;
      recount(s);
      s.version++;
    };

    /** Names by index; they arrive after the first picture. */
    s.name = function (ids, names) {
      ids.forEach((id, at) => { s.ids[at] = id; s.names[at] = names[at]; s.index.set(id, at); });
    };

    /** Applies a delta; null for one that is already known. */
    s.apply = function (delta, now) {
      if (delta.seq <= s.seq) return null;
      s.seq = delta.seq;
      s.heardAt = now;
      if (delta.at) s.at = delta.at;
      if (delta.wm) s.watermark = delta.wm;
      const change = { devices: 0, alerts: delta.alerts ?? [], outcomes: delta.outcomes ?? [] };
      change.devices = takeNew(s, delta.new ?? []) + takeStatuses(s, delta);
      for (const alert of change.alerts) takeAlert(s, alert);
      for (const key of ["feed", "traffic", "sim"]) {
        if (delta[key] !== undefined) { s[key] = delta[key]; change[key] = true; }
      }
      change.incidents = delta.incidents !== undefined;
      change.canary = delta.canary ?? [];
      return change;
    };

    s.openAlerts = () => [...s.alerts.values()].filter((alert) => alert.state !== "closed");

    /** The clock of the server, from ours. */
    s.now = () => Date.now() + s.skewMs;

    return s;
  };

  /** Longitude and latitude (degrees) as a point in [0, 1) x [0, 1), Web Mercator. */
  lm.mercator = function (lon, lat) {
    const sin = Math.sin((lat * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
  };

  lm.unmercator = function (x, y) {
    return [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
  };

  function readColumns(s, buffer, from, n) {
    const lon = new Int32Array(buffer, from, n), lat = new Int32Array(buffer, from + 4 * n, n);
    const bytes = (at) => new Uint8Array(buffer.slice(from + (8 + at) * n, from + (9 + at) * n));
    s.n = n;
    [s.kind, s.status, s.zone, s.route] = [bytes(0), bytes(1), bytes(2), bytes(3)];
    s.x = new Float64Array(n);
    s.y = new Float64Array(n);
    for (let i = 0; i < n; i++) [s.x[i], s.y[i]] = lm.mercator(lon[i] / 1e6, lat[i] / 1e6);
  }

  function recount(s) {
    s.counts = new Uint32Array(s.statuses.length);
    for (let i = 0; i < s.n; i++) if (s.status[i] !== NONE) s.counts[s.status[i]]++;
  }

  function takeStatuses(s, delta) {
    const pairs = delta.d ?? [];
    let changed = takeAll(s, delta.all);
    for (let at = 0; at < pairs.length; at += 2) changed += setStatus(s, pairs[at], pairs[at + 1]);
    return changed;
  }

  /** The whole status column in base64: sent when a feed falls silent or speaks again. */
  function takeAll(s, packed) {
    const bytes = packed ? atob(packed) : "";
    let changed = 0;
    for (let i = 0; i < bytes.length; i++) changed += setStatus(s, i, bytes.charCodeAt(i));
    return changed;
  }

  function setStatus(s, i, status) {
    if (i >= s.n || s.status[i] === status) return 0;
    if (s.status[i] !== NONE) s.counts[s.status[i]]--;
    if (status !== NONE) s.counts[status]++;
    s.status[i] = status;
    return 1;
  }

  /** Devices that were registered or moved: [index, id, kind, lon, lat, zone, route, name, status]. */
  function takeNew(s, rows) {
    for (const [i, id, kind, lon, lat, zone, route, name, status] of rows) {
      if (i >= s.n) grow(s, i + 1);
      [s.x[i], s.y[i]] = lm.mercator(lon / 1e6, lat / 1e6);
      s.kind[i] = number(s.kinds, kind);
      s.zone[i] = number(s.zones, zone);
      s.route[i] = number(s.routes, route);
      s.ids[i] = id;
      s.names[i] = name;
      s.index.set(id, i);
      setStatus(s, i, status);
    }
    if (rows.length) s.version++;
    return rows.length;
  }

  /** A code or its number; a code not seen before gets the next number. */
  function number(words, word) {
    if (typeof word === "number") return word;
    if (!word) return NONE;
    const at = words.indexOf(word);
    return at >= 0 ? at : words.length < NONE ? words.push(word) - 1 : NONE;
  }

  function grow(s, n) {
    for (const key of ["kind", "status", "zone", "route", "x", "y"]) {
      if (s[key].length >= n) continue;
      const wider = new s[key].constructor(Math.ceil(n * 1.25) + 16);
      if (key === "status") wider.fill(NONE);
      wider.set(s[key].subarray(0, s.n));
      s[key] = wider;
    }
    s.n = n;
  }

  /** Closed alerts are of interest for an hour; a window may stay open for weeks. */
  function forgetOld(s) {
    for (const [id, alert] of s.alerts) {
      if (alert.state === "closed" && alert.closed < s.watermark - CLOSED_KEPT_MS) s.alerts.delete(id);
    }
  }

  function takeAlert(s, alert) {
    if (s.alerts.size > MANY) forgetOld(s);
    const known = s.alerts.get(alert.id);
    if (!known || known.version <= alert.version) s.alerts.set(alert.id, alert);
  }
})(window.liveMap);
