// What live figures share. Python writes this file, the figure's own and a line that starts it into one module.

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// A number as it is printed: a true minus sign, and none before zero.
const format = (value, digits = 2) => value.toFixed(digits).replace(/^-(?=[0.]+$)/, "").replace("-", "−");

// A new element at the end of its parent: element("input", …) or, for drawings, element("svg:path", …).
function element(name, parent, attributes = {}, text = "") {
  const [kind, drawn] = name.split(":");
  const made = drawn ? document.createElementNS("http://www.w3.org/2000/svg", drawn) : document.createElement(kind);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  made.textContent = text;
  parent.append(made);
  return made;
}

class Live {
  values = {}; // where the sliders stand
  numbers = {}; // what follows from them
  sliders = {};
  moved = []; // functions of values and numbers, called after each change

  constructor(root, data, figure) {
    const still = root.querySelector("img"), held = document.createDocumentFragment();
    const [width, height] = ["width", "height"].map((side) => still.getAttribute(side));
    this.drawing = element("svg:svg", held, { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Drawing" });
    this.panel = document.createDocumentFragment();
    this.readouts = element("div", this.panel, { class: "values" });
    this.figure = figure(this, data);
    this.status = element("p", this.panel, { class: "say", role: "status" });
    this.start = { ...this.values };
    this.set({});
    still.replaceWith(this.drawing); // not before all is well: a figure that fails leaves the picture
    root.querySelector(".vae-panel").replaceChildren(this.panel);
    this.panel = root.querySelector(".vae-panel");
    // JupyterLab's commands on single keys are not meant here.
    root.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
    root.live = this;
  }

  // A value with a native slider. `text` says it in words, for eyes and ears.
  slider(name, { label, min, max, step, value, text = (v) => format(v) }) {
    const row = element("label", this.panel);
    element("span", row, {}, label);
    const input = element("input", row, { type: "range", min, max, step });
    const shown = element("span", row);
    this.sliders[name] = { label, min, max, step, text };
    this.values[name] = value;
    input.addEventListener("input", () => this.change({ [name]: +input.value }));
    this.moved.push((v) => {
      input.value = v[name];
      shown.textContent = text(v[name]);
      input.setAttribute("aria-valuetext", text(v[name]));
    });
  }

  button(label, press) {
    this.buttons ??= element("div", this.panel);
    element("button", this.buttons, { type: "button" }, label).addEventListener("click", press);
  }

  // A number to be read; `text` makes it of values and numbers.
  readout(label, text) {
    const box = element("div", this.readouts);
    element("small", box, {}, label);
    const shown = element("b", box);
    this.moved.push((v, n) => (shown.textContent = text(v, n)));
  }

  // Move sliders, handles and drawing. Values that have a slider stay within it.
  set(changes) {
    for (const name in changes) {
      const { min = -Infinity, max = Infinity } = this.sliders[name] ?? {};
      this.values[name] = clamp(changes[name], min, max);
    }
    this.numbers = this.figure.numbers(this.values);
    this.figure.draw(this.values, this.numbers);
    for (const move of this.moved) move(this.values, this.numbers);
  }

  // The same when the reader did it: half a second after the last change it is read out.
  change(changes) {
    cancelAnimationFrame(this.waiting);
    this.set(changes);
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => (this.status.textContent = this.figure.say(this.values, this.numbers)), 500);
  }

  // Call `frame` with 0 … 1 for some time; only with 1 if the reader wants no motion.
  animate(milliseconds, frame) {
    cancelAnimationFrame(this.waiting);
    const begin = performance.now(), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = () => {
      const done = still ? 1 : Math.min(1, (performance.now() - begin) / milliseconds);
      frame(done);
      if (done < 1) this.waiting = requestAnimationFrame(step);
    };
    step();
  }
}

// Each copy of a figure starts once, however often its script runs.
function start(key, data, figure) {
  for (const root of document.querySelectorAll(`.vae-live[data-key="${key}"]:not([data-on])`)) {
    root.dataset.on = "";
    new Live(root, data, figure);
  }
}
