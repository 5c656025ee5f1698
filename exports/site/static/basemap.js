// What every map of the site has: the frame, tiles if there are any, outlines, words.
"use strict";
window.FuwumaMap = (function () {
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const PAPER = 600; // pixels a sheet of A4 has between wide margins
  const GAP = 2; // pixels between a name and what is beside it
  const STEP = 6; // pixels between two places that are tried for a name

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
    printable(box);
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
  // What is seen is printed whole: paper is narrower, and the drawing does not follow.
  function printable(box) {
    window.addEventListener("beforeprint", function () {
      const seen = box.getBoundingClientRect();
      box.style.width = seen.width + "px";
      box.style.height = seen.height + "px";
      box.style.zoom = Math.min(1, PAPER / seen.width);
    });
    window.addEventListener("afterprint", function () {
      box.style.width = box.style.height = box.style.zoom = "";
    });
  }
  // Draws the counties; `look(properties)` says {className, html, press, label} of each. Their names
  // have no place yet: `fitNames(taken)` gives them one, and again when the map or its marks have moved.
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
      shape.isChosen = /\bchosen\b/.test(own.className);
      const icon = L.divIcon({ className: "place-name", html: "<span>" + own.html + "</span>", iconSize: [0, 0] });
      const name = L.marker(shape.getBounds().getCenter(), { icon: icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(group);
      name.getElement().setAttribute("aria-hidden", "true");
      const seen = name.getElement().firstChild.getBoundingClientRect();
      name.getElement().classList.add("short");
      const short = name.getElement().firstChild.getBoundingClientRect().width;
      name.getElement().hidden = true;
      names.push({ name: name, wide: seen.width, short: short, high: seen.height, shape: shape });
      if (own.press) pressable(shape, own);
    });
    group.eachLayer(function (layer) { // over its neighbours, or their borders cover its own
      if (layer.isChosen) layer.bringToFront();
    });
    // A county has its name where nothing lies over it, first those that have room for it within; a
    // small one is named without its colour, over its borders if need be. The lists have all names.
    function fitNames(taken) {
      const full = taken.slice();
      const left = names.filter(function (one) { return !put(one, one.wide, full, 1); });
      left.forEach(function (one) { put(one, one.short, full, 0); });
    }
    function put(one, wide, full, inside) {
      const size = { wide: wide, high: one.high, shape: one.shape, inside: inside };
      const spot = freeSpot(map, size, full);
      one.name.getElement().hidden = !spot;
      one.name.getElement().classList.toggle("short", wide !== one.wide);
      if (!spot) return false;
      one.name.setLatLng(map.layerPointToLatLng(spot));
      full.push({ x: spot.x, y: spot.y, wide: wide, high: one.high });
      return true;
    }
    return { shapes: drawn, fitNames: fitNames, remove: function () { group.remove(); } };
  }
  // The place in the part of a county in view, the nearest to its middle, that has room for its name.
  function freeSpot(map, one, taken) {
    const corner = map.containerPointToLayerPoint([0, 0]);
    const view = L.bounds(corner, corner.add(map.getSize()));
    const rings = ringsOf(map, one.shape);
    const whole = L.bounds([].concat.apply([], rings));
    if (!view.intersects(whole)) return null;
    const low = L.point(Math.max(view.min.x, whole.min.x), Math.max(view.min.y, whole.min.y));
    const high = L.point(Math.min(view.max.x, whole.max.x), Math.min(view.max.y, whole.max.y));
    const middle = low.add(high).divideBy(2);
    const spots = [];
    const beside = one.inside * one.wide / 2, above = one.inside * one.high / 2; // what has to lie within
    for (let x = low.x + beside; x <= high.x - beside; x += STEP) {
      for (let y = low.y + above; y <= high.y - above; y += STEP) spots.push(L.point(x, y));
    }
    spots.sort(function (a, b) { return a.distanceTo(middle) - b.distanceTo(middle); });
    return spots.find(function (spot) {
      const isTaken = taken.some(function (other) {
        return Math.abs(other.x - spot.x) < (other.wide + one.wide) / 2 + GAP && Math.abs(other.y - spot.y) < (other.high + one.high) / 2 + GAP;
      });
      return !isTaken && [-1, 0, 1].every(function (side) { return isWithin(rings, spot.x + side * beside, spot.y); })
        && spot.x - one.wide / 2 >= view.min.x && spot.x + one.wide / 2 <= view.max.x;
    }) || null;
  }
  function ringsOf(map, shape) {
    const rings = [];
    function collect(part) {
      if (part[0].lat === undefined) part.forEach(collect);
      else rings.push(part.map(function (dot) { return map.latLngToLayerPoint(dot); }));
    }
    shape.eachLayer(function (layer) { collect(layer.getLatLngs()); });
    return rings;
  }
  function isWithin(rings, x, y) {
    let within = false;
    rings.forEach(function (ring) {
      ring.forEach(function (dot, place) {
        const last = ring[(place || ring.length) - 1];
        if ((dot.y > y) !== (last.y > y) && x < (last.x - dot.x) * (y - dot.y) / (last.y - dot.y) + dot.x) within = !within;
      });
    });
    return within;
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
