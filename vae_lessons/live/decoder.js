// A trained decoder: z is dragged over the plane of two latents, among the q(z|x) of images; π(z) is decoded at once.

function figure(live, data) {
  const { side, extent, labels, colours, mu1, mu2, std1, std2 } = data;
  const decode = network(data), images = bytes(data.images), pixels = side * side;
  const whole = Math.floor(extent), middle = { "text-anchor": "middle" };
  const ticks = Array.from({ length: 2 * whole + 1 }, (_, i) => [i - whole, format(i - whole, 0)]);
  const plot = new Plot(live, {
    box: [48, 8, 252, 252], x: [-extent, extent], y: [-extent, extent], xticks: ticks, yticks: ticks,
    xlabel: "first latent z₁", ylabel: "second latent z₂",
  });
  const unit = plot.X(1) - plot.X(0);
  for (const r of [unit, 2 * unit]) {
    element("svg:circle", plot.group, { class: "axis", cx: plot.X(0), cy: plot.Y(0), r, "stroke-dasharray": "2 4" });
  }
  labels.forEach((label, i) => {
    const colour = `light-dark(${colours[label]}, color-mix(in srgb, ${colours[label]} 45%, white))`;
    const at = { cx: plot.X(mu1[i]), cy: plot.Y(mu2[i]), rx: std1[i] * unit, ry: std2[i] * unit };
    element("svg:ellipse", plot.group, { ...at, style: `fill: none; stroke: ${colour}; opacity: 0.5` });
    const place = { x: at.cx, y: at.cy + 4, style: `fill: ${colour}; font-size: 12px; font-weight: 600` };
    element("svg:text", plot.group, { ...place, ...middle, "aria-hidden": true }, label);
  });

  const write = (text, y) => element("svg:text", live.drawing, { x: 374, y, ...middle }, text);
  write("decoded image", 20);
  const decoded = pictures(live.drawing, { x: 314, y: 28, size: 120, side });
  const nearestIs = write("", 178);
  const nearest = pictures(live.drawing, { x: 334, y: 186, size: 80, side });

  const range = { min: -extent, max: extent, step: 0.05 };
  live.slider("z1", { label: "z₁", ...range, value: data.start[0] });
  live.slider("z2", { label: "z₂", ...range, value: data.start[1] });
  live.readout("code z", (v) => `(${format(v.z1)}, ${format(v.z2)})`);
  live.readout("nearest code: digit", (v, n) => labels[n.nearest]);
  handle(plot, {
    label: "Code z",
    keys: ["z1", "z2"],
    at: (v) => [v.z1, v.z2],
    to: (x, y) => ({ z1: x, z2: y }),
  });
  return {
    numbers({ z1, z2 }) {
      const far = labels.map((_, i) => Math.hypot(mu1[i] - z1, mu2[i] - z2));
      return { image: decode([z1, z2]), nearest: far.indexOf(Math.min(...far)) };
    },
    draw(v, { image, nearest: i }) {
      decoded(image, `Image decoded at z = (${format(v.z1)}, ${format(v.z2)})`);
      const real = Array.from(images.subarray(i * pixels, (i + 1) * pixels), (byte) => byte / 255);
      nearest(real, `Test image of the digit ${labels[i]}`);
      nearestIs.textContent = `nearest code: ${labels[i]}`;
    },
    say: (v, n) =>
      `Decoded at ${format(v.z1)}, ${format(v.z2)}. The nearest code is that of a test image of the digit ` +
      labels[n.nearest],
  };
}
