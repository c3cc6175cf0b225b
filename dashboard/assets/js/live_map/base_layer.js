/* The quiet ground: outline, water, zones shaded by foot traffic against usual, streets, roads,
   rail, incident cells; and above the devices safe routes, stations and names. */
(function (lm) {
  "use strict";
  const STREETS_FROM = 12; // zoom levels
  const STATIONS_FROM = 11.5;
  const ZONES_FROM = 11.5;
  const ROUTES_FROM = 11.5;
  const ROUTE_NAMES_FROM = 12.5;
  const CLOSE = 14.5;

  /** what: {shapes, traffic, incidents, routesAlerting: Set, zone, route, tiles: true when a tile
      map lies below, routePx: how wide safe routes are}; layers: Set of names. */
  lm.createBaseLayer = function (what, layers) {
    return lm.canvasLayer("ground", 0.15, false, (context, view) => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      if (!what.shapes) return;
      lm.inBase(context, view, what.shapes, (px) => drawGround(context, view, what, layers, px));
      context.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
      if (layers.has("incidents")) incidents(context, view, what);
      if (view.zoom >= CLOSE) routes(context, view, what, layers);
    });
  };

  /** Cells, or whole zones for roles that may not know more. */
  function incidents(context, view, what) {
    const zones = what.incidents?.zones ?? {};
    if (what.incidents?.cells?.length) return lm.drawIncidents(context, view, what.incidents);
    const most = Math.max(1, ...Object.values(zones).map((zone) => zone.n ?? 0));
    lm.inBase(context, view, what.shapes, (px) => {
      for (const zone of what.shapes.zones) {
        const { n, z } = zones[zone.code] ?? {};
        if (!n) continue;
        context.globalAlpha = 0.05 + (0.3 * n) / most;
        fill(context, zone.path, colour("incident"));
        context.globalAlpha = 1;
        if (z >= 2) stroke(context, zone.path, colour("incident"), 2 * px);
      }
    });
  }

  /** Names, and safe routes while they would drown in dots; close up devices lie on routes. */
  lm.createLabelLayer = function (what, layers) {
    return lm.canvasLayer("names", 0.15, false, (context, view) => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      if (!what.shapes) return;
      if (view.zoom < CLOSE) routes(context, view, what, layers);
      context.setTransform(view.dpr, 0, 0, view.dpr, 0, 0);
      drawLabels(context, view, what, layers);
    });
  };

  function routes(context, view, what, layers) {
    if (!layers.has("routes") || view.zoom < ROUTES_FROM) return;
    lm.inBase(context, view, what.shapes, (px) => drawRoutes(context, what, px));
  }

  const colour = (name) => lm.theme.colour("map-" + name);

  function drawGround(c, view, what, layers, px) {
    const { shapes } = what;
    if (!what.tiles) {
      fill(c, shapes.water, colour("water"));
      fill(c, shapes.outline, colour("city"));
    }
    if (layers.has("traffic")) shadeZones(c, what, px);
    if (!what.tiles) drawWays(c, view, shapes, px);
    for (const zone of shapes.zones) stroke(c, zone.path, colour("zone-edge"), px);
    stroke(c, shapes.outline, colour("city-edge"), 1.4 * px);
    const chosen = shapes.zones.find((zone) => zone.code === what.zone);
    if (chosen) stroke(c, chosen.path, colour("label-strong"), 1.5 * px);
  }

  function drawWays(c, view, shapes, px) {
    if (view.zoom >= STREETS_FROM) {
      stroke(c, shapes.streets, colour("street"), (view.zoom >= 15 ? 3 : 1.2) * px);
    }
    stroke(c, shapes.roads, colour("road"), Math.min(9, 2 + Math.max(0, view.zoom - 11)) * px);
    c.setLineDash([7 * px, 4 * px]);
    stroke(c, shapes.rail, colour("rail"), 2 * px);
    c.setLineDash([]);
  }

  /** Busier than usual: a tint that grows; quieter: hatched, so it is not colour alone. */
  function shadeZones(c, what, px) {
    const zones = what.traffic?.zones ?? {};
    for (const zone of what.shapes.zones) {
      const now = zones[zone.code];
      if (!now || now.level === "unknown" || !now.usual) continue;
      const ratio = now.n / now.usual;
      if (now.level === "quiet") hatch(c, zone.path, px);
      else if (ratio > 1.05) {
        c.globalAlpha = Math.min(0.34, 0.05 + (ratio - 1) * 0.22 + (now.level === "busy" ? 0.08 : 0));
        fill(c, zone.path, colour("busy"));
        c.globalAlpha = 1;
      }
    }
  }

  function hatch(c, path, px) {
    c.save();
    c.clip(path);
    c.strokeStyle = colour("quiet");
    c.globalAlpha = 0.35;
    c.lineWidth = px;
    c.beginPath();
    const reach = 400000, step = 9 * px;
    const box = c.getTransform().inverse().transformPoint(new DOMPoint(0, 0));
    const end = c.getTransform().inverse().transformPoint(new DOMPoint(c.canvas.width, c.canvas.height));
    const from = Math.floor((box.x - (end.y - box.y)) / step) * step;
    for (let x = Math.max(from, -reach); x < end.x; x += step) {
      c.moveTo(x, end.y);
      c.lineTo(x + (end.y - box.y), box.y);
    }
    c.stroke();
    c.restore();
  }

  function drawRoutes(c, what, px) {
    c.lineCap = c.lineJoin = "round";
    for (const route of what.shapes.routes) {
      const acting = what.routesAlerting.has(route.id);
      const alone = what.route && what.route !== route.id;
      c.globalAlpha = alone ? 0.25 : 0.8;
      stroke(c, route.path, colour(acting ? "route-act" : "route"), (acting ? 5 : what.routePx ?? 4) * px);
      if (acting) {
        c.setLineDash([2 * px, 8 * px]);
        stroke(c, route.path, colour("halo"), 2.2 * px);
        c.setLineDash([]);
      }
    }
    c.globalAlpha = 1;
  }

  function drawLabels(c, view, what, layers) {
    const label = lm.createLabels(c, view);
    const { shapes } = what;
    if (layers.has("routes") && view.zoom >= ROUTE_NAMES_FROM) {
      for (const route of shapes.routes) {
        const words = view.zoom >= 15 ? route.id + " " + route.name : route.id;
        label.text(route.line[route.line.length - 1], words, { dx: 8, dy: -8, strong: true });
      }
    }
    if (view.zoom >= STATIONS_FROM) {
      for (const one of shapes.stations) label.station(one.at, view.zoom >= 12 ? one.name : "");
    }
    if (view.zoom >= ZONES_FROM) {
      for (const zone of shapes.zones) label.text(zone.at, zone.name, { middle: true });
    }
  }

  function fill(c, path, style) {
    c.fillStyle = style;
    c.fill(path);
  }

  function stroke(c, path, style, width) {
    c.strokeStyle = style;
    c.lineWidth = width;
    c.stroke(path);
  }
})(window.liveMap);
