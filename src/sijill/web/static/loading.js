// The record is still being read: look again until the page that was asked for is there, and show that.
"use strict";
const look = async () => {
  try {
    const answer = await fetch(location.href);
    if (answer.status !== 503) return location.reload();
    const bar = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#loading");
    const here = document.getElementById("loading");
    if (bar && here) { here.value = bar.value; here.nextElementSibling.textContent = bar.nextElementSibling.textContent; }
  } catch { /* the server may be starting again */ }
  setTimeout(look, 2000);
};
setTimeout(look, 1000);
