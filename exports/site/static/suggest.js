// Offers names while somebody types. Without it the search works all the same.
"use strict";
(function () {
  const input = document.getElementById("q");
  const list = document.getElementById("names");
  if (!input || !list || !window.fetch) return;
  let timer = 0;
  let asked = "";
  async function offer() {
    const query = input.value.trim();
    if (query === asked) return;
    asked = query;
    if (!query) {
      list.replaceChildren();
      return;
    }
    const answer = await fetch("/suggest.json?q=" + encodeURIComponent(query));
    if (!answer.ok || input.value.trim() !== query) return;
    const found = await answer.json();
    list.replaceChildren(...found.names.map(function (name) {
      const option = document.createElement("option");
      option.value = name;
      // A browser offers only what holds the typed text: found by initials or in parts, it is beside.
      if (found.labels[name]) option.label = (name.includes(query) ? "" : query + " ") + found.labels[name];
      else if (!name.includes(query)) option.label = query;
      return option;
    }));
  }
  input.addEventListener("input", function (event) {
    if (event.isComposing) return; // a Chinese word half typed is not a query
    clearTimeout(timer);
    timer = setTimeout(offer, 150);
  });
  input.addEventListener("compositionend", function () {
    clearTimeout(timer);
    timer = setTimeout(offer, 50);
  });
})();
