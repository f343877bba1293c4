// The code of a one-time link is in the address after the # sign, which browsers send to nobody. It is taken out of the
// address, so that it stays in no history, and sent as the form that is on the page anyway.
"use strict";

const form = document.getElementById("local");
const code = window.location.hash.slice(1);
if (form && code) {
  window.history.replaceState(null, "", window.location.pathname);
  form.elements.namedItem("code").value = code;
  form.requestSubmit();
}
