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

// What takes a phone a while on a long page waits until the reader moves, or for some seconds, and is then done in idle
// moments, piece by piece, in this order: laying out the sections below the fold, measuring what scrolls, and following
// the reader in the contents on the right. The mark at the end tells the tests that all is done.
const SIGNS = ["scroll", "pointermove", "pointerdown", "touchstart", "keydown", "focusin"];
const LONGEST_WAIT = 4000; // milliseconds
const SECTIONS = "html[data-hurry] .bd-article > section > section";
const SCROLLING = ".pst-scrollable-table-container, .highlight pre, div.math > .display, span.math";
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 10 }), 30));
let waiting = null, begun = false;

function waitForReader() {
  for (const sign of SIGNS) window.addEventListener(sign, begin, { passive: true });
  setTimeout(begin, LONGEST_WAIT);
}

function begin() {
  if (begun) return;
  begun = true;
  for (const sign of SIGNS) window.removeEventListener(sign, begin);
  workThrough();
}

function workThrough() {
  if (!begun) return;
  if (!waiting) whenIdle(workInIdleTime);
  waiting = [...document.querySelectorAll(SECTIONS), ...document.querySelectorAll(SCROLLING)];
  delete document.documentElement.dataset.reached;
}

function workInIdleTime(deadline) {
  while (waiting.length && deadline.timeRemaining() > 3) {
    const element = waiting.shift();
    (element.matches(SECTIONS) ? layOut : reach)(element);
  }
  if (waiting.length) return whenIdle(workInIdleTime);
  waiting = null;
  followInContents();
  document.documentElement.dataset.reached = "";
}

function layOut(section) {
  section.style.contentVisibility = "visible";
  section.getBoundingClientRect();
}

// The script would do it while the page loads, and measure every section for it: the build takes its mark away.
function followInContents() {
  const contents = document.querySelector(".bd-toc-nav");
  if (contents?.checkVisibility()) window.bootstrap?.ScrollSpy.getOrCreateInstance(document.body);
}

// What scrolls sideways can be reached with the keyboard; what fits is no stop on the way.
function reach(element) {
  const inText = element.matches("span");
  const scrolls = element.scrollWidth > element.clientWidth + (inText ? 3 : 0); // letters may lean out a little
  if (inText && scrolls !== element.matches(".scrolls")) element.classList.toggle("scrolls", scrolls);
  if (scrolls) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
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
  waitForReader();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mend);
else mend();
window.addEventListener("load", workThrough);
window.addEventListener("resize", workThrough);
document.addEventListener("toggle", workThrough, true);
window.addEventListener("beforeprint", openForPrint);
window.addEventListener("afterprint", closeAfterPrint);
