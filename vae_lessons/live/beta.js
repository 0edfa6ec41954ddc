// VAEs trained with different weights β: where each is in the plane of rate and distortion, and what it draws.

function figure(live, { betas, rate, distortion, units, x, y, side, number, images, begin }) {
  const name = (i) => String(betas[i]);
  const ends = (axis) => [axis[0], axis.at(-1)], ticks = (axis) => axis.map((at) => [at, format(at, 0)]);
  const plot = new Plot(live, {
    box: [48, 8, 384, 170], x: ends(x), y: ends(y), xticks: ticks(x), yticks: ticks(y),
    xlabel: "rate R: average KL in nats", ylabel: "distortion Δ in nats",
  });
  const [[, right], [low, high]] = [ends(x), ends(y)];
  // The part of Δ + slope·R = total that is in the box.
  const straight = (slope, total) => {
    const from = Math.max(x[0], (total - high) / slope), to = Math.min(right, (total - low) / slope);
    return plot.path([[from, total - slope * from], [to, total - slope * to]]);
  };
  const points = betas.map((_, i) => [rate[i], distortion[i]]);
  element("svg:path", plot.group, { class: "p", d: plot.path(points) });
  const round = "stroke-width: 8; stroke-linecap: round";
  element("svg:path", plot.group, { class: "p", style: round, d: plot.dots(points) });
  const same = element("svg:path", plot.group, { class: "truth" });
  const price = element("svg:path", plot.group, { class: "q" });

  for (const [css, y, text] of [["truth", 22, "the same ELBO"], ["q", 40, "slope −β"]]) {
    element("svg:path", live.drawing, { class: css, d: `M298 ${y}h30` });
    element("svg:text", live.drawing, { x: 334, y: y + 4 }, text);
  }

  const rows = ["test image", "decoded, z from q", "decoded, z from p"].map((text, i) => {
    const top = 226 + 40 * i, [first, second] = text.split(", ");
    element("svg:text", live.drawing, { x: 4, y: top + (second ? 14 : 22) }, first);
    if (second) element("svg:text", live.drawing, { x: 4, y: top + 29 }, second);
    return pictures(live.drawing, { x: 80, y: top, size: 32, side, number, pitch: 352 / number });
  });
  const pixels = bytes(images), each = number * side * side;
  const row = (i) => Array.from(pixels.subarray(i * each, (i + 1) * each), (byte) => byte / 255);

  live.readout("rate R", (v, n) => format(n.rate));
  live.readout("distortion Δ", (v, n) => format(n.distortion));
  live.readout("ELBO", (v, n) => format(n.elbo));
  live.readout("active units", (v, n) => n.units);
  live.slider("step", { label: "weight β", min: 0, max: betas.length - 1, step: 1, value: begin, text: name });
  const far = (R, D) => points.map(([r, d]) => Math.hypot(plot.X(r) - plot.X(R), plot.Y(d) - plot.Y(D)));
  handle(plot, {
    label: "Weight β",
    keys: ["step"],
    at: (v) => points[v.step],
    to(R, D) {
      const all = far(R, D);
      return { step: all.indexOf(Math.min(...all)) };
    },
  });
  return {
    numbers({ step: i }) {
      const [r, d] = points[i];
      return { beta: betas[i], rate: r, distortion: d, elbo: -r - d, trained: -betas[i] * r - d, units: units[i] };
    },
    draw({ step: i }, n) {
      same.setAttribute("d", straight(1, -n.elbo));
      price.setAttribute("d", straight(n.beta, -n.trained));
      rows[0](row(0), "Test images");
      rows[1](row(1 + 2 * i), `Test images reconstructed with β = ${n.beta}`);
      rows[2](row(2 + 2 * i), `Images decoded from the prior with β = ${n.beta}`);
    },
    say: (v, n) =>
      `β = ${n.beta}: rate ${format(n.rate)}, distortion ${format(n.distortion)}, ELBO ${format(n.elbo)} nats, ` +
      `${n.units} active units`,
  };
}
