// What the theme leaves open for keyboards, screen readers and paper.

// A label that differs from the visible words hides them from voice control: let the words speak.
function dropMisleadingLabels() {
  for (const element of document.querySelectorAll("summary[aria-label], .search-button-field[aria-label]")) {
    element.removeAttribute("aria-label");
  }
  for (const element of document.querySelectorAll(".theme-switch-button")) {
    element.removeAttribute("aria-label");
    element.title = "Colour theme: automatic, light or dark";
    element.dataset.bsTitle = element.title;
  }
}

// The sidebar is a landmark, so that its logo and search field are found by those who jump between landmarks.
function nameLandmarks() {
  const sidebar = document.querySelector(".bd-sidebar-primary");
  sidebar?.setAttribute("role", "navigation");
  sidebar?.setAttribute("aria-label", "Book");
}

// What scrolls sideways can be reached with the keyboard; what fits is no stop on the way.
function reachWhatScrolls() {
  for (const formula of document.querySelectorAll("span.math")) {
    formula.classList.toggle("scrolls", formula.scrollWidth > formula.clientWidth + 3); // letters may lean out a little
  }
  for (const element of document.querySelectorAll(".pst-scrollable-table-container, .highlight pre, .math")) {
    const scrolls = element.matches("span") ? element.matches(".scrolls") : element.scrollWidth > element.clientWidth;
    if (scrolls) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

// On paper nothing can be opened.
function openForPrint() {
  for (const element of document.querySelectorAll("article details:not([open])")) {
    element.open = true;
    element.dataset.openedForPrint = "";
  }
}

function closeAfterPrint() {
  for (const element of document.querySelectorAll("details[data-opened-for-print]")) {
    element.open = false;
    delete element.dataset.openedForPrint;
  }
}

function mend() {
  dropMisleadingLabels();
  nameLandmarks();
  reachWhatScrolls();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mend);
else mend();
window.addEventListener("load", () => {
  const typeset = window.MathJax?.startup?.promise ?? Promise.resolve();
  typeset.then(reachWhatScrolls);
});
window.addEventListener("resize", reachWhatScrolls);
document.addEventListener("toggle", reachWhatScrolls, true);
window.addEventListener("beforeprint", openForPrint);
window.addEventListener("afterprint", closeAfterPrint);
