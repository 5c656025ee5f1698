// What every map of the site has: the frame, tiles if there are any, outlines, words.
"use strict";
window.FuwumaMap = (function () {
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function escaped(text) {
    const holder = document.createElement("span");
    holder.textContent = text;
    return holder.innerHTML;
  }
  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function filled(sentence, values) {
    return sentence.replace(/\{(\w+)\}/g, function (_, key) { return values[key]; });
  }
  function open(box, settings, words) {
    box.replaceChildren();
    box.classList.add("alive");
    const map = L.map(box, {
      zoomControl: false, scrollWheelZoom: false, maxZoom: 19, zoomSnap: 0.5,
      zoomAnimation: !STILL, fadeAnimation: !STILL, markerZoomAnimation: !STILL, inertia: !STILL,
    });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    if (settings.tiles) {
      box.classList.add("tiled");
      L.tileLayer(settings.tiles, { maxZoom: 19, attribution: escaped(settings.credit) }).addTo(map);
    }
    // the wheel zooms only once somebody works with the map, so that the page can be scrolled past it
    map.on("focus", function () { map.scrollWheelZoom.enable(); });
    map.on("blur", function () { map.scrollWheelZoom.disable(); });
    map.on("popupopen", function (event) {
      const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
    });
    return map;
  }
  async function fetched(address) {
    try {
      const answer = await fetch(address);
      return answer.ok ? await answer.json() : null;
    } catch (error) {
      return null;
    }
  }
  // Draws the counties; `look(properties)` says {className, html, press, label} of each.
  function outlines(map, shapes, look) {
    const group = L.layerGroup().addTo(map);
    const drawn = {};
    const names = [];
    shapes.features.forEach(function (feature) {
      const own = look(feature.properties);
      const shape = L.geoJSON(feature, {
        interactive: Boolean(own.press),
        style: function () { return { className: "outline" + own.className }; },
      }).addTo(group);
      drawn[feature.properties.code] = shape;
      const icon = L.divIcon({ className: "place-name", html: "<span>" + own.html + "</span>", iconSize: [96, 20] });
      const name = L.marker(shape.getBounds().getCenter(), { icon: icon, interactive: false, keyboard: false, zIndexOffset: -1000 })
        .addTo(group).getElement();
      name.setAttribute("aria-hidden", "true");
      names.push({ element: name, width: name.firstChild.offsetWidth, bounds: shape.getBounds() });
      if (own.press) pressable(shape, own);
    });
    function fitNames() { // a county has its name where there is room; the lists have all names
      names.forEach(function (one) {
        const wide = map.latLngToLayerPoint(one.bounds.getNorthEast()).x - map.latLngToLayerPoint(one.bounds.getSouthWest()).x;
        one.element.hidden = wide < one.width;
      });
    }
    fitNames();
    map.on("zoomend", fitNames);
    return { shapes: drawn, remove: function () { map.off("zoomend", fitNames); group.remove(); } };
  }
  function pressable(shape, own) {
    shape.on("click", own.press);
    shape.eachLayer(function (layer) {
      const path = layer.getElement();
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "button");
      path.setAttribute("aria-label", own.label);
      path.addEventListener("keydown", function (event) {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        own.press();
      });
    });
  }
  return { open: open, outlines: outlines, fetched: fetched, element: element, escaped: escaped, filled: filled };
})();
