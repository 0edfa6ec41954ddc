// A dot to drag in a plot. `at(v, n)` is its place [x, y]; `to(x, y, v)` the values that change when it is pulled there;
// `keys` are the values that ← → and ↑ ↓ change (one value: all four). Home brings them back to where they began.
function handle(plot, { label, at, to, keys: [across, up = across] }) {
  const { live } = plot, { min, max } = live.sliders[across], names = [...new Set([across, up])];
  const node = element("svg:g", plot.group, { class: "handle", tabindex: 0, role: "slider", "aria-label": label });
  element("svg:circle", node, { class: "reach", r: 20 });
  element("svg:circle", node, { class: "dot", r: 8 });
  const said = (v) => names.map((name) => `${live.sliders[name].label} ${live.sliders[name].text(v[name])}`).join(", ");
  const place = () => {
    const [x, y] = at(live.values, live.numbers);
    return [plot.X(x), plot.Y(clamp(y, ...plot.y))];
  };
  live.moved.push((v) => {
    node.setAttribute("transform", `translate(${place()})`);
    const state = { valuemin: min, valuemax: max, valuenow: v[across], valuetext: said(v) };
    for (const key in state) node.setAttribute(`aria-${key}`, state[key]);
  });

  // In whole steps of the sliders, so that the numbers stay short.
  const change = (changes) => {
    for (const name in changes) {
      const { step } = live.sliders[name];
      changes[name] = +(step * Math.round(changes[name] / step)).toFixed(9);
    }
    live.change(changes);
  };
  node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // a drag, no scrolling
  node.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: [across, 1], ArrowLeft: [across, -1], ArrowUp: [up, 1], ArrowDown: [up, -1] };
    const [name, sign] = steps[event.key] ?? [];
    if (name) change({ [name]: live.values[name] + sign * (event.shiftKey ? 10 : 1) * live.sliders[name].step });
    else if (event.key === "Home") live.change(Object.fromEntries(names.map((name) => [name, live.start[name]])));
    else return;
    event.preventDefault();
  });
  if (!plot.handles.length) drag(plot);
  plot.handles.push({ node, place, pull: (x, y) => change(to(x, y, live.values)) });
}

// A press in the plot takes the nearest handle along. A finger has to begin on one, or to tap: it may want to scroll.
function drag(plot) {
  let held;
  const point = (event) => {
    const inverse = plot.live.drawing.getScreenCTM().inverse();
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(inverse);
    return [x, y];
  };
  const nearest = ([X, Y]) => {
    const far = ({ place: [x, y] }) => Math.hypot(x - X, y - Y);
    const places = plot.handles.map((handle) => ({ handle, place: handle.place() }));
    return places.sort((a, b) => far(a) - far(b))[0].handle;
  };
  const pull = (event) => held?.pull(...plot.inverse(...point(event)));
  const listen = (kind, act) => plot.group.addEventListener(kind, act);
  listen("pointerdown", (event) => {
    const touched = plot.handles.find(({ node }) => node.contains(event.target));
    if (event.button || (event.pointerType === "touch" && !touched)) return;
    held = nearest(point(event));
    event.preventDefault();
    held.node.focus({ preventScroll: true });
    plot.group.setPointerCapture(event.pointerId);
    pull(event);
  });
  listen("pointermove", pull);
  const release = (event) => {
    pull(event);
    held = null;
  };
  listen("pointerup", release);
  listen("pointercancel", () => (held = null));
  listen("click", (event) => {
    if (event.pointerType !== "touch") return;
    held = nearest(point(event));
    release(event);
  });
}
