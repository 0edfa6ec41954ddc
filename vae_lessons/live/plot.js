// Axes in a box [left, top, width, height] of the drawing. `x` and `y` are [low, high], ticks are [number, text].
class Plot {
  constructor(live, { box, x, y, logX = false, xticks = [], yticks = [], xlabel = "", ylabel = "" }) {
    Object.assign(this, { live, box, x: logX ? x.map(Math.log) : x, y, scale: logX ? Math.log : (v) => v, handles: [] });
    this.unscale = logX ? Math.exp : (v) => v;
    const [left, top, width, height] = box, bottom = top + height;
    this.group = element("svg:g", live.drawing, { class: "plot" });
    element("svg:rect", this.group, { x: left, y: top, width, height, fill: "transparent" });
    const axis = element("svg:g", this.group, { class: "axis", "aria-hidden": true });
    const write = (text, at) => text && element("svg:text", axis, { "text-anchor": "middle", ...at }, text);
    element("svg:path", axis, { d: `M${left} ${top}V${bottom}H${left + width}` });
    for (const [at, text] of xticks) write(text, { x: this.X(at), y: bottom + 15 });
    for (const [at, text] of yticks) write(text, { x: left - 5, y: this.Y(at) + 4, "text-anchor": "end" });
    write(xlabel, { x: left + width / 2, y: bottom + 31 });
    write(ylabel, { transform: `translate(${left - 38} ${top + height / 2}) rotate(-90)` });
  }

  // From numbers to the drawing, and back.
  X(x) {
    return this.box[0] + (this.box[2] * (this.scale(x) - this.x[0])) / (this.x[1] - this.x[0]);
  }
  Y(y) {
    return this.box[1] + (this.box[3] * (this.y[1] - y)) / (this.y[1] - this.y[0]);
  }
  inverse(X, Y) {
    const x = this.x[0] + ((this.x[1] - this.x[0]) * (X - this.box[0])) / this.box[2];
    return [this.unscale(x), this.y[1] - ((this.y[1] - this.y[0]) * (Y - this.box[1])) / this.box[3]];
  }

  // A line through points [x, y], as the `d` of a path; it stays within top and bottom.
  path(points) {
    return "M" + points.map(([x, y]) => `${this.X(x).toFixed(1)} ${this.Y(clamp(y, ...this.y)).toFixed(1)}`).join("L");
  }
  // The same points as dots of a line with round ends, and no length.
  dots(points) {
    return points.map((point) => this.path([point]) + "h0").join("");
  }
  curve(f, n = 200) {
    const at = (i) => this.unscale(this.x[0] + ((this.x[1] - this.x[0]) * i) / n);
    return this.path(Array.from({ length: n + 1 }, (_, i) => [at(i), f(at(i))]));
  }
}
