// What a page does by itself: names the cell in a report, and opens what a link leads into.
"use strict";

/** The place that the address names, such as `cell-1d7a9073c7`; empty where it names none. */
function place() {
  return decodeURIComponent(location.hash.slice(1));
}

/** Let the links of a report say which cell they are about. */
function name_the_cell() {
  for (const link of document.querySelectorAll("a[data-nw-where]")) {
    const address = new URL(link.href);
    const about = link.dataset.nwWhere + (place() ? ", " + place() : "");
    address.searchParams.set("where", about);
    link.href = address.href;
  }
}

/** Open the folds around the place that the address names. */
function open_folds() {
  const named = place() && document.getElementById(place());
  for (let fold = named && named.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
}

/** A folder on a disk has no server: what a search finds is listed there without its first lines. */
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
addEventListener("hashchange", () => { name_the_cell(); open_folds(); });
name_the_cell();
open_folds();
