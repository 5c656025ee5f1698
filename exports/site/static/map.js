// The map and the lists beside it. Without it the page is a list with a sketch of the counties.
"use strict";
(function () {
  const box = document.getElementById("map");
  const form = document.getElementById("map-filter");
  if (!box || !form || !window.L || !window.fetch || !window.FuwumaMap) return;
  const { element, escaped, filled, fetched } = window.FuwumaMap;
  const settings = JSON.parse(box.dataset.settings);
  const words = JSON.parse(box.dataset.words);
  const at = function (id) { return document.getElementById(id); };
  const items = at("map-items");
  const count = at("map-count");
  const title = at("map-list-title");
  const CLOSE_BY = 16;
  const ROOM = 52; // pixels a mark takes
  let current = settings.focus ? settings.focus.code : null;
  let county = null; // the county that was pressed
  let asked = 0;
  let askedWarnings = 0;
  let taken = []; // where the marks are
  let shapes = null;
  let counties = null;
  let warnings = null;

  items.classList.add("alive");
  title.textContent = words.beside;
  form.querySelector("button[type=submit]").hidden = true;
  const map = window.FuwumaMap.open(box, settings, words);
  const marks = L.layerGroup().addTo(map);

  function number(value) { return value.toLocaleString("en-US"); }
  function query() {
    const wanted = new URLSearchParams();
    new FormData(form).forEach(function (value, key) { if (value) wanted.set(key, value); });
    if (!wanted.get("indicator")) ["year", "paint", "marks"].forEach(function (name) { wanted.delete(name); });
    return wanted;
  }
  // over the colours of an indicator the facilities are shown on request: they would hide it
  function isMarked() { return !warnings || query().get("marks") === "yes"; }
  function isByWarning() { return Boolean(warnings) && isMarked() && query().get("paint") === "warning"; }
  function show(latLng, content, offset) {
    L.popup({ autoPan: false, offset: [0, offset] }).setLatLng(latLng).setContent(content).openOn(map);
  }

  function popup(facility) {
    const content = element("div");
    const name = element("p", "", facility.name);
    name.lang = "zh-CN";
    const link = element("a", "", words.details);
    link.href = "/code/" + encodeURIComponent(facility.code);
    content.append(name, link);
    show([facility.lat, facility.lon], content, -10);
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

  function colourOf(mark) {
    if (!isByWarning()) return mark.category ? " cat-" + mark.category : " mixed";
    if (!mark.county) return " mixed";
    const own = warnings.byCode[mark.county];
    return " w-" + ((own && own.colour) || "grey");
  }
  function sizeOf(mark) {
    return mark.count === 1 ? 28 : mark.count < 100 ? 36 : mark.count < 10000 ? 40 : 48;
  }
  // Where marks are drawn: those of several facilities stand about a middle, and make room for another.
  function spread(found) {
    const placed = found.map(function (mark) {
      const point = map.latLngToLayerPoint([mark.lat, mark.lon]);
      return { mark: mark, x: point.x, y: point.y, own: point, size: sizeOf(mark), free: mark.count > 1 };
    });
    for (let turn = 0; turn < 12; turn++) {
      placed.forEach(function (one, place) { placed.slice(place + 1).forEach(function (other) { part(one, other); }); });
    }
    return placed;
  }
  function part(one, other) {
    const x = other.x - one.x || 0.1, y = other.y - one.y;
    const apart = Math.hypot(x, y), missing = (one.size + other.size) / 2 + 2 - apart;
    if (missing <= 0 || !(one.free || other.free)) return;
    const each = missing / (one.free && other.free ? 2 : 1) / apart;
    [[one, -each], [other, each]].forEach(function (pushed) {
      if (pushed[0].free) push(pushed[0], x * pushed[1], y * pushed[1]);
    });
  }
  function push(one, x, y) { // not far, and not out of view
    const corner = map.containerPointToLayerPoint([0, 0]), room = map.getSize(), half = one.size / 2;
    ["x", "y"].forEach(function (side) {
      const least = Math.max(one.own[side] - ROOM, corner[side] + half);
      const most = Math.min(one.own[side] + ROOM, corner[side] + room[side] - half);
      one[side] = Math.min(Math.max(one[side] + (side === "x" ? x : y), least), most);
    });
  }
  function draw(placed) {
    const mark = placed.mark;
    const single = mark.count === 1;
    const size = placed.size;
    const width = single ? "" : mark.count < 10000 ? " wide" : " widest";
    const shown = single ? mark.category : number(mark.count);
    const icon = L.divIcon({ className: "mark" + width + colourOf(mark), html: escaped(shown), iconSize: [size, size] });
    // to pan to what has the focus would draw all marks anew, and take the focus from it
    const drawn = L.marker(single ? [mark.lat, mark.lon] : map.layerPointToLatLng([placed.x, placed.y]), { icon: icon, code: mark.code, keyboard: true, autoPanOnFocus: false });
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
    drawn.getElement().addEventListener("keydown", function (event) {
      if (event.key === "Escape") map.closePopup();
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      drawn.fire("click");
    });
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
    line.append(head, what, code, shower(facility.name, function () { choose(facility, true); }));
    return line;
  }
  function shower(name, press, short) {
    const button = element("button", "", short || words.show);
    button.type = "button";
    button.setAttribute("aria-label", filled(words.show_named, { name: name }));
    button.addEventListener("click", press);
    return button;
  }
  function list(found) {
    const held = items.contains(document.activeElement);
    const inView = filled(words.in_view, { count: number(found.in_view) });
    const more = found.facilities.length < found.in_view;
    const said = more ? filled(words.first, { count: number(found.facilities.length) }) : "";
    count.textContent = [inView, said].filter(Boolean).join(words.stop);
    const made = element("ul", "facilities");
    made.append.apply(made, found.facilities.map(item));
    items.replaceChildren(found.in_view ? made : element("p", "empty", found.total ? words.none_in_view : words.none));
    if (held) { // what had the focus is gone: the same facility's button gets it, or the heading
      const same = items.querySelector("li[data-code='" + current + "'] button");
      (same || title).focus({ preventScroll: true });
    }
    at("map-total").textContent = filled(words.found, { count: number(found.total) });
    const unplaced = at("map-unplaced");
    unplaced.hidden = !found.unplaced;
    const wanted = query();
    wanted.set("placed", "no");
    unplaced.querySelector("a").href = "/map?" + wanted;
    unplaced.querySelector("a").textContent = filled(words.unplaced, { count: number(found.unplaced) });
  }

  async function load() {
    const turn = ++asked;
    const view = map.getBounds();
    const wanted = query();
    wanted.delete("marks");
    if (!isByWarning()) wanted.delete("paint");
    const sides = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
    wanted.set("bbox", sides.map(function (side) { return side.toFixed(5); }).join(","));
    const room = isByWarning() ? 2 * ROOM : ROOM; // a mark for each county in a cell
    wanted.set("columns", Math.max(1, Math.floor(map.getSize().x / room)));
    const found = await fetched("/map.json?" + wanted);
    if (turn !== asked) return;
    if (!found) {
      count.textContent = words.broken;
      return;
    }
    marks.clearLayers();
    taken = isMarked() ? spread(found.marks) : [];
    taken.forEach(draw);
    fitNames();
    list(found);
    markCurrent();
    box.dataset.drawn = String(turn);
  }

  // warnings: the counties in the colours of an indicator, on the map and in the table below it
  function chooseCounty(one, fit) {
    county = one.code;
    const shape = counties && counties.shapes[one.code];
    if (shape && fit) map.fitBounds(shape.getBounds());
    const content = element("div");
    const name = element("p", "", one.name);
    const value = element("p", "", one.value === null ? words.no_value : one.shown + " " + one.unit);
    if (one.colour) value.append(" ", element("span", "status w-" + one.colour, one.colour_name));
    const working = element("a", "", words.details);
    working.href = one.page;
    const division = element("a", "", words.division);
    division.href = one.division_page;
    content.append(name, value, working, " ", division);
    if (shape) show(shape.getBounds().getCenter(), content, 0);
    markCounty();
  }
  function markCounty() {
    at("map-counties").querySelectorAll("tr").forEach(function (row) {
      if (row.dataset.code === county) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
  }
  function countyRow(one) {
    const row = element("tr");
    row.dataset.code = one.code;
    const head = element("th");
    head.scope = "row";
    const link = element("a", "", one.name);
    link.href = one.page;
    head.append(link);
    const value = element("td", "right");
    value.append(element("span", "figure", one.shown), " ", one.unit);
    const colour = element("td");
    if (one.colour) colour.append(element("span", "status w-" + one.colour, one.colour_name));
    const last = element("td");
    last.append(shower(one.name, function () { chooseCounty(one, true); }, words.locate));
    row.append(head, value, colour, last);
    return row;
  }
  function listCounties() {
    const panel = at("map-warnings");
    const painted = Boolean(warnings);
    panel.hidden = !painted;
    document.querySelectorAll(".of-warning").forEach(function (part) { part.hidden = !painted; });
    document.querySelectorAll(".of-marks").forEach(function (part) { part.hidden = !painted || !isMarked(); });
    at("legend-categories").hidden = isByWarning() || !isMarked();
    if (!painted) return;
    const heading = element("a", "", warnings.name);
    heading.href = "/indicator/" + encodeURIComponent(warnings.indicator) + "?year=" + warnings.year;
    at("map-warnings-title").replaceChildren(heading, " " + filled(words.year_said, { year: warnings.year }));
    at("year").replaceChildren.apply(at("year"), warnings.years.map(function (year) {
      return new Option(year, year, false, year === warnings.year);
    }));
    at("map-counties").replaceChildren.apply(at("map-counties"), warnings.counties.map(countyRow));
    markCounty();
  }
  async function loadWarnings() {
    const turn = ++askedWarnings;
    const wanted = query();
    const indicator = wanted.get("indicator");
    const asking = new URLSearchParams({ indicator: indicator || "", year: wanted.get("year") || "" });
    const found = indicator ? await fetched(box.dataset.warnings + "?" + asking) : null;
    if (turn !== askedWarnings) return;
    warnings = found;
    if (found) {
      warnings.byCode = {};
      found.counties.forEach(function (one) { warnings.byCode[one.code] = one; });
    }
    if (at("map-warnings")) listCounties();
    drawCounties();
  }

  function drawCounties() {
    if (!shapes) return;
    if (counties) counties.remove();
    const chosen = query().get("county");
    counties = window.FuwumaMap.outlines(map, shapes, function (properties) {
      const one = warnings && warnings.byCode[properties.code];
      const look = { className: properties.code === chosen ? " chosen" : "", html: escaped(properties.label) };
      if (!one) return look;
      look.className += " w-" + (one.colour || "grey");
      look.html = "<span class='on-colour'>" + escaped(properties.label) + (one.colour_name ? "<span class='colour-name'> " + escaped(one.colour_name) + "</span>" : "") + "</span>";
      look.label = [one.name, one.shown + " " + one.unit, one.colour_name].filter(Boolean).join(" ");
      look.press = function () { chooseCounty(one, false); };
      return look;
    });
    fitNames();
    box.dataset.painted = warnings ? warnings.indicator + " " + warnings.year : "";
  }
  function fitNames() {
    if (!counties) return;
    counties.fitNames(taken.map(function (one) { return { x: one.x, y: one.y, wide: one.size, high: one.size }; }));
  }

  function fit() {
    const shape = counties && counties.shapes[query().get("county")];
    const whole = [[settings.whole[1], settings.whole[0]], [settings.whole[3], settings.whole[2]]];
    map.fitBounds(shape ? shape.getBounds() : whole, { animate: false }); // so that it has moved when this is done
  }
  function keepAddress() {
    const wanted = query();
    history.replaceState(null, "", "/map" + (String(wanted) ? "?" + wanted : ""));
    const other = document.querySelector("a.language");
    if (!other) return;
    wanted.set("lang", new URL(other.href).searchParams.get("lang"));
    other.href = "/map?" + wanted;
  }
  // a class belongs to one category: what no longer fits is let go
  function agree(changed) {
    const kind = form.elements.class;
    const category = kind.selectedOptions[0].dataset.category;
    if (!category || form.elements.category.value === category) return;
    if (changed === kind) form.elements.category.value = form.elements.category.value && category;
    else if (form.elements.category.value) kind.value = "";
  }
  function change(event) {
    const name = event.target.name;
    agree(event.target);
    if (name === "indicator") at("year").replaceChildren();
    keepAddress();
    map.closePopup();
    if (name === "indicator" || name === "year") loadWarnings().then(load);
    else if (name === "paint" || name === "marks") { listCounties(); load(); }
    else {
      drawCounties();
      const before = asked;
      if (name === "county") fit();
      if (asked === before) load(); // the map did not move
    }
  }
  form.addEventListener("change", change);
  form.addEventListener("submit", function (event) { event.preventDefault(); });

  if (settings.focus) map.setView([settings.focus.lat, settings.focus.lon], CLOSE_BY);
  else map.fitBounds([[settings.box[1], settings.box[0]], [settings.box[3], settings.box[2]]]);
  map.on("moveend", load);
  Promise.all([loadWarnings(), fetched(box.dataset.outlines)]).then(function (found) {
    shapes = found[1];
    drawCounties();
    return load();
  }).then(function () { if (settings.focus) popup(settings.focus); });
})();
