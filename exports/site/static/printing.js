// A permanent address is printed with the host it is of: on paper nobody sees whose it is.
"use strict";
document.querySelectorAll(".permalink a .code").forEach(function (shown) {
  shown.dataset.host = location.origin;
});
