/* A circle per device, for the naive page's `dots`. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.naive = {
  point: (feature, latlng) =>
    window.L.circleMarker(latlng, { radius: 4, color: feature.properties.colour, fillOpacity: 0.8 }),
};
