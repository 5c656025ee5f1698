// The map and the list beside it. Without it the page is a list with a sketch of the counties.
"use strict";
(function () {
  const box = document.getElementById("map");
  const form = document.getElementById("map-filter");
  if (!box || !form || !window.L || !window.fetch) return;
  const settings = JSON.parse(box.dataset.settings);
  const words = JSON.parse(box.dataset.words);
  const items = document.getElementById("map-items");
  const count = document.getElementById("map-count");
  const title = document.getElementById("map-list-title");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const CLOSE_BY = 16;
  const ROOM = 52; // pixels a mark takes
  let current = settings.focus ? settings.focus.code : null;
  let asked = 0;
  let counties = null;

  box.replaceChildren();
  box.classList.add("alive");
  items.classList.add("alive");
  title.textContent = words.beside;
  const map = L.map(box, {
    zoomControl: false, scrollWheelZoom: false, maxZoom: 19, zoomSnap: 0.5,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  if (settings.tiles) {
    box.classList.add("tiled");
    L.tileLayer(settings.tiles, { maxZoom: 19, attribution: escaped(settings.credit) }).addTo(map);
  }
  const marks = L.layerGroup().addTo(map);
  // the wheel zooms only once somebody works with the map, so that the page can be scrolled past it
  map.on("focus", function () { map.scrollWheelZoom.enable(); });
  map.on("blur", function () { map.scrollWheelZoom.disable(); });
  map.on("popupopen", function (event) {
    const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (close) close.setAttribute("aria-label", words.close);
  });

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
  function number(value) { return value.toLocaleString("en-US"); }
  function query() {
    const wanted = new URLSearchParams();
    new FormData(form).forEach(function (value, key) { if (value) wanted.set(key, value); });
    return wanted;
  }

  function popup(facility) {
    const content = element("div");
    const name = element("p", "", facility.name);
    name.lang = "zh-CN";
    const link = element("a", "", words.details);
    link.href = "/code/" + encodeURIComponent(facility.code);
    content.append(name, link);
    L.popup({ autoPan: false, offset: [0, -10] })
      .setLatLng([facility.lat, facility.lon]).setContent(content).openOn(map);
  }
  function choose(facility, zoom) {
    current = facility.code;
    const near = map.getZoom() >= CLOSE_BY && map.getBounds().contains([facility.lat, facility.lon]);
    if (zoom && !near) map.setView([facility.lat, facility.lon], Math.max(map.getZoom(), CLOSE_BY));
    popup(facility);
    markCurrent();
  }
  function markCurrent() {
    items.querySelectorAll("li").forEach(function (item) {
      if (item.dataset.code === current) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
    });
    marks.eachLayer(function (mark) {
      mark.getElement().classList.toggle("now", Boolean(current) && mark.options.code === current);
    });
  }

  function draw(mark) {
    const single = mark.count === 1;
    const size = single ? 28 : mark.count < 100 ? 36 : mark.count < 10000 ? 40 : 48;
    const width = single ? "" : mark.count < 10000 ? " wide" : " widest";
    const colour = mark.category ? " cat-" + mark.category : " mixed";
    const shown = single ? mark.category : number(mark.count);
    const icon = L.divIcon({ className: "mark" + width + colour, html: escaped(shown), iconSize: [size, size] });
    const drawn = L.marker([mark.lat, mark.lon], { icon: icon, code: mark.code, keyboard: true });
    const last = map.getZoom() >= map.getMaxZoom();
    const label = single ? mark.name || mark.code || mark.category
      : filled(last ? words.cluster_last : words.cluster, { count: number(mark.count) });
    drawn.on("click", function () {
      if (mark.code) choose(mark, false);
      else if (last) title.focus();
      else {
        box.focus({ preventScroll: true });
        map.setView([mark.lat, mark.lon], Math.min(map.getZoom() + 2, map.getMaxZoom()));
      }
    });
    drawn.addTo(marks);
    drawn.getElement().setAttribute("aria-label", label);
    drawn.getElement().title = label;
  }

  function item(facility) {
    const line = element("li");
    line.dataset.code = facility.code;
    const head = element("p", "facility-head-line");
    const link = element("a", "facility-name", facility.name);
    link.href = facility.page;
    link.lang = "zh-CN";
    head.append(link, " ", element("span", "status s-" + facility.status_class, facility.status));
    const what = element("p", "facility-what");
    const where = element("span", "", facility.where);
    where.lang = "zh-CN";
    what.append(element("span", "", facility.type), where);
    const code = element("p", "facility-code");
    code.append(element("span", "code", facility.printed));
    const show = element("button", "", words.show);
    show.type = "button";
    show.setAttribute("aria-label", filled(words.show_named, { name: facility.name }));
    show.addEventListener("click", function () { choose(facility, true); });
    line.append(head, what, code, show);
    return line;
  }
  function list(found) {
    const held = items.contains(document.activeElement);
    const inView = filled(words.in_view, { count: number(found.in_view) });
    const more = found.facilities.length < found.in_view;
    const said = more ? filled(words.first, { count: number(found.facilities.length) }) : "";
    count.textContent = [inView, said].filter(Boolean).join(words.stop);
    const made = element("ul", "facilities");
    made.append.apply(made, found.facilities.map(item));
    items.replaceChildren(found.in_view ? made : element("p", "empty", words.none));
    if (held) { // what had the focus is gone: the same facility's button gets it, or the heading
      const same = items.querySelector("li[data-code='" + current + "'] button");
      (same || title).focus({ preventScroll: true });
    }
  }

  async function load() {
    const turn = ++asked;
    const view = map.getBounds();
    const wanted = query();
    const sides = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
    wanted.set("bbox", sides.map(function (side) { return side.toFixed(5); }).join(","));
    wanted.set("columns", Math.max(1, Math.floor(map.getSize().x / ROOM)));
    let found = null;
    try {
      const answer = await fetch("/map.json?" + wanted);
      if (answer.ok) found = await answer.json();
    } catch (error) { found = null; }
    if (turn !== asked) return;
    if (!found) {
      count.textContent = words.broken;
      return;
    }
    marks.clearLayers();
    found.marks.forEach(draw);
    list(found);
    markCurrent();
    box.dataset.drawn = String(turn);
  }

  function drawCounties(shapes) {
    const chosen = query().get("county");
    counties = L.geoJSON(shapes, {
      interactive: false,
      style: function (shape) {
        const mine = shape.properties.code === chosen;
        return { className: mine ? "outline chosen" : "outline" };
      },
    }).addTo(map);
    counties.eachLayer(function (shape) {
      const icon = L.divIcon({ className: "place-name", html: escaped(shape.feature.properties.name), iconSize: [80, 16] });
      L.marker(shape.getBounds().getCenter(), { icon: icon, interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(map)
        .getElement().setAttribute("aria-hidden", "true");
    });
  }

  if (settings.focus) map.setView([settings.focus.lat, settings.focus.lon], CLOSE_BY);
  else {
    const b = settings.box;
    map.fitBounds([[b[1], b[0]], [b[3], b[2]]]);
  }
  map.on("moveend", load);
  load().then(function () { if (settings.focus) popup(settings.focus); });
  fetch(box.dataset.outlines).then(function (answer) { return answer.ok ? answer.json() : null; })
    .then(function (shapes) { if (shapes) drawCounties(shapes); }).catch(function () {});
})();
