/* The ground of the map as paths: made once from /live/base, drawn at any zoom by scaling.
   Paths are kept in pixels of zoom 18 relative to the city's middle, which single-precision
   path coordinates hold to a hundredth of a pixel. */
(function (lm) {
  "use strict";
  const ZOOM = 18;
  const SCALE = 256 * 2 ** ZOOM;

  lm.createBaseShapes = function (base, language) {
    const [cx, cy] = lm.mercator(base.view.lon, base.view.lat);
    const local = ([lon, lat]) => {
      const [x, y] = lm.mercator(lon, lat);
      return [(x - cx) * SCALE, (y - cy) * SCALE];
    };
    const path = (lines, closed) => {
      const made = new Path2D();
      for (const line of lines) trace(made, line.map(local), closed);
      return made;
    };
    const name = (thing) => (language === "en" ? thing.name_en : thing.name_ko) || thing.name_ko;
    const world = ([lon, lat]) => lm.mercator(lon, lat);
    const roads = base.roads ?? [];

    return {
      cx, cy,
      outline: path([base.outline], true),
      water: path(base.water ?? [], true),
      streets: path(base.streets ?? roads.filter((one) => one.class === "street").map((one) => one.line)),
      roads: path(roads.filter((one) => one.class !== "street").map((one) => one.line)),
      rail: path((base.rail ?? []).map((one) => one.line ?? one)),
      zones: base.zones.map((zone) => ({
        code: zone.code, name: name(zone), path: path([zone.polygon], true),
        at: middle(zone.polygon.map(world)),
      })),
      routes: base.routes.map((route) => ({
        id: route.id, name: name(route), path: path([route.line]), line: route.line.map(world),
      })),
      stations: (base.stations ?? []).map((one) => ({ name: name(one), at: world([one.lon, one.lat]) })),
    };
  };

  /** Runs `draw` in the paths' own coordinates; `px` is the length of a css pixel in them. */
  lm.inBase = function (context, view, shapes, draw) {
    const k = view.scale / SCALE;
    context.save();
    context.setTransform(
      view.dpr * k, 0, 0, view.dpr * k,
      view.dpr * (shapes.cx * view.scale - view.x), view.dpr * (shapes.cy * view.scale - view.y),
    );
    draw(1 / k);
    context.restore();
  };

  function trace(path, points, closed) {
    points.forEach(([x, y], at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (closed) path.closePath();
  }

  /** Centre of area of a ring. */
  function middle(ring) {
    let area = 0, x = 0, y = 0;
    const [ox, oy] = ring[0];
    ring.forEach(([ax, ay], at) => {
      const [bx, by] = ring[(at + 1) % ring.length];
      const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
      area += cross;
      x += (ax + bx - 2 * ox) * cross;
      y += (ay + by - 2 * oy) * cross;
    });
    return area ? [ox + x / (3 * area), oy + y / (3 * area)] : ring[0];
  }
})(window.liveMap);
