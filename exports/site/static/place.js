// The map of one facility: where it is, on the outlines of its county. Without it there is a sketch.
"use strict";
(function () {
  const box = document.getElementById("place");
  if (!box || !window.L || !window.fetch || !window.FuwumaMap) return;
  const SPOT = 18;
  const settings = JSON.parse(box.dataset.settings);
  const map = window.FuwumaMap.open(box, settings, JSON.parse(box.dataset.words));
  const spot = [settings.spot.lat, settings.spot.lon];
  const icon = L.divIcon({ className: "spot", html: "", iconSize: [SPOT, SPOT] });
  map.setView(spot, 11);
  L.marker(spot, { icon: icon, interactive: false, keyboard: false }).addTo(map)
    .getElement().setAttribute("aria-hidden", "true");
  window.FuwumaMap.fetched(box.dataset.outlines).then(function (shapes) {
    if (!shapes) return;
    const drawn = window.FuwumaMap.outlines(map, shapes, function (county) {
      const own = county.code === settings.county ? " chosen" : "";
      return { className: own, html: window.FuwumaMap.escaped(county.label) };
    });
    const own = drawn.shapes[settings.county];
    if (own) map.fitBounds(own.getBounds().extend(spot), { animate: false });
    function fitNames() {
      const at = map.latLngToLayerPoint(spot);
      drawn.fitNames([{ x: at.x, y: at.y, wide: SPOT, high: SPOT }]);
    }
    fitNames();
    map.on("moveend", fitNames);
    box.dataset.drawn = "1";
  });
})();
