// The bar log p(x) = ELBO + KL(q‖p(z|x)), equation (6.5), for p(z) = N(0, 1), p(x|z) = N(z, v), q = N(mean, std²).

const density = (z, mean, std) => Math.exp(-0.5 * ((z - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI));

// Reconstruction minus the divergence from the prior, (6.8), in closed form.
const elboOf = ({ x, v }, mean, variance) =>
  -0.5 * (Math.log(2 * Math.PI * v) + ((x - mean) ** 2 + variance) / v) -
  0.5 * (mean ** 2 + variance - 1 - Math.log(variance));

function figure(live, data) {
  const { x, v, logP, floor } = data, posterior = { mean: x / (1 + v), std: Math.sqrt(v / (1 + v)) };
  const zticks = [-2, -1, 0, 1, 2, 3].map((z) => [z, format(z, 0)]);
  const plot = new Plot(live, { box: [15, 24, 270, 176], x: [-2, 3], y: [0, 1.4], xlabel: "z", xticks: zticks });
  const write = (text, at) => element("svg:text", live.drawing, at, text);
  const at = (z) => density(z, posterior.mean, posterior.std);
  element("svg:path", plot.group, { class: "p", d: plot.curve(at) });
  write("p(z|x)", { x: plot.X(1.15), y: plot.Y(at(1.15)) - 4 });
  const q = element("svg:path", plot.group, { class: "q" });
  const name = write("q", {});

  const nats = [-3.5, -3, -2.5, -2, -1.5].map((nat) => [nat, format(nat, 1)]);
  const bar = new Plot(live, { box: [350, 24, 80, 176], x: [0, 1], y: [floor, logP], yticks: nats, ylabel: "nats" });
  const part = (css) => element("svg:rect", bar.group, { class: css, x: 360, width: 60 });
  const [low, gap] = [part("low"), part("gap")];
  const top = { class: "axis", style: "stroke: var(--ink); stroke-width: 2", d: "M350 24H430" };
  element("svg:path", live.drawing, top);
  write("log p(x)", { x: 390, y: 16, "text-anchor": "middle" });
  const middle = { x: 390, "text-anchor": "middle" };
  const [elboName, gapName] = [write("ELBO", { ...middle, class: "on" }), write("KL", { ...middle, class: "plate" })];

  live.readout("ELBO, nats", (w, n) => format(n.elbo, 4));
  live.readout("KL(q‖p(z|x))", (w, n) => format(n.gap, 4));
  live.readout("sum: log p(x)", (w, n) => format(n.elbo + n.gap, 4));
  live.slider("mean", { label: "mean of q", min: -1.5, max: 2.5, step: 0.01, value: data.mean });
  live.slider("std", { label: "its width", min: 0.3, max: 1.5, step: 0.01, value: data.std });
  const peak = (w) => density(0, 0, w.std);
  handle(plot, { label: "Mean of q", keys: ["mean"], at: (w) => [w.mean, peak(w)], to: (z) => ({ mean: z }) });
  handle(plot, {
    label: "Standard deviation of q",
    keys: ["std"],
    at: (w) => [w.mean + w.std, peak(w) * Math.exp(-0.5)],
    to: (z, y, w) => ({ std: z - w.mean }),
  });
  return {
    numbers(w) {
      const elbo = elboOf(data, w.mean, w.std ** 2), ratio = (w.std / posterior.std) ** 2;
      return { elbo, gap: 0.5 * (ratio + ((w.mean - posterior.mean) / posterior.std) ** 2 - 1 - Math.log(ratio)) };
    },
    draw(w, n) {
      const cut = bar.Y(clamp(n.elbo, floor, logP)), bottom = bar.Y(floor);
      q.setAttribute("d", plot.curve((z) => density(z, w.mean, w.std)));
      name.setAttribute("x", plot.X(w.mean) + 14);
      name.setAttribute("y", plot.Y(peak(w)) + 4);
      gap.setAttribute("y", 24);
      gap.setAttribute("height", cut - 24);
      low.setAttribute("y", cut);
      low.setAttribute("height", bottom - cut);
      elboName.setAttribute("y", (cut + bottom) / 2 + 5);
      elboName.style.opacity = bottom - cut > 18 ? 1 : 0;
      gapName.setAttribute("y", (cut + 24) / 2 + 5);
      gapName.style.opacity = cut > 42 ? 1 : 0;
    },
    say: (w, n) => `ELBO ${format(n.elbo)}, divergence from the posterior ${format(n.gap)}, sum ${format(logP)} nats`,
  };
}
