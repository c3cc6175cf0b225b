/* Open alerts on the map: few, so ordinary Leaflet markers in a pane above everything. Markers
   are kept by id and changed in place; they are buttons for keyboard and screen reader. */
(function (lm) {
  "use strict";

  lm.createAlertMarkers = function (map, page) {
    const markers = new Map(); // id -> {marker, look}
    let ring = null;

    function update() {
      const open = page.store.openAlerts().filter((alert) =>
        alert.lon !== null && alert.lon !== undefined && alert.priority < 4 && page.filter.showsAlert(alert));
      const wanted = new Set(open.map((alert) => alert.id));
      for (const [id, held] of markers) {
        if (!wanted.has(id)) { held.marker.remove(); markers.delete(id); }
      }
      for (const alert of open) place(alert);
    }

    function place(alert) {
      const look = [alert.state, alert.priority, alert.lon, alert.lat].join();
      const held = markers.get(alert.id);
      if (held?.look === look) return;
      held?.marker.remove();
      markers.set(alert.id, { marker: make(alert), look });
    }

    function make(alert) {
      const waits = page.words.waits(alert);
      const classes = ["alert-marker", "alert-marker--p" + alert.priority, waits ? "is-waiting" : "is-held"];
      const icon = L.divIcon({
        className: classes.join(" "), iconSize: [36, 36], html: drawnMark(alert),
      });
      const marker = L.marker([alert.lat, alert.lon], {
        icon, pane: "alerts", keyboard: true, riseOnHover: true,
        zIndexOffset: (waits ? 4000 : 0) + (4 - alert.priority) * 1000,
        alt: page.words.label(alert),
      });
      marker.on("click keypress", (event) => {
        if (event.type === "click" || event.originalEvent?.key === "Enter") {
          page.selection.choose("alert", alert.id, { focus: event.type !== "click" });
        }
      });
      marker.addTo(map);
      const node = marker.getElement();
      node.setAttribute("aria-label", marker.options.alt);
      node.dataset.alertMarker = alert.id;
      return marker;
    }

    /** A ring around the selected device or alert. */
    function select(point) {
      ring?.remove();
      ring = null;
      if (!point) return;
      const icon = L.divIcon({ className: "map__ring", iconSize: [52, 52] });
      ring = L.marker(point, { icon, pane: "ring", interactive: false, keyboard: false });
      ring.addTo(map);
      ring.getElement()?.setAttribute("aria-hidden", "true");
    }

    return { update, select, has: (id) => markers.has(id) };
  };

  /** The number is drawn by the style: the marker's name says it in words. */
  function drawnMark(alert) {
    const mark = lm.priorityMark(alert);
    mark.dataset.number = mark.textContent;
    mark.textContent = "";
    return mark.outerHTML;
  }
})(window.liveMap);
