// Two normals: p = N(0, 1) stays, mean and standard deviation of q are moved. Equation (4.1), both ways.

const density = (x, mean, std) => Math.exp(-0.5 * ((x - mean) / std) ** 2) / (std * Math.sqrt(2 * Math.PI));

const kl = (meanQ, stdQ, meanP, stdP) =>
  Math.log(stdP / stdQ) + (stdQ ** 2 + (meanQ - meanP) ** 2) / (2 * stdP ** 2) - 0.5;

function figure(live, data) {
  const ticks = [-6, -4, -2, 0, 2, 4, 6].map((x) => [x, format(x, 0)]);
  const plot = new Plot(live, { box: [15, 8, 410, 180], x: [-6, 6], y: [0, 1.4], xlabel: "x", xticks: ticks });
  element("svg:path", plot.group, { class: "p", d: plot.curve((x) => density(x, 0, 1)) });
  element("svg:text", plot.group, { x: plot.X(-1), y: plot.Y(0.3), "text-anchor": "end" }, "p");
  const q = element("svg:path", plot.group, { class: "q" });
  const name = element("svg:text", plot.group, {}, "q");

  live.readout("KL(q‖p), nats", (v, n) => format(n.qp, 4));
  live.readout("KL(p‖q), nats", (v, n) => format(n.pq, 4));
  live.slider("mu", { label: "μ, mean of q", min: -3, max: 3, step: 0.05, value: data.mu });
  live.slider("sigma", { label: "σ, its width", min: 0.3, max: 3, step: 0.05, value: data.sigma });

  const top = (v) => density(0, 0, v.sigma);
  handle(plot, { label: "Mean of q", keys: ["mu"], at: (v) => [v.mu, top(v)], to: (x) => ({ mu: x }) });
  handle(plot, {
    label: "Standard deviation of q",
    keys: ["sigma"],
    at: (v) => [v.mu + v.sigma, top(v) * Math.exp(-0.5)],
    to: (x, y, v) => ({ sigma: x - v.mu }),
  });
  return {
    numbers: (v) => ({ qp: kl(v.mu, v.sigma, 0, 1), pq: kl(0, 1, v.mu, v.sigma) }),
    draw(v) {
      q.setAttribute("d", plot.curve((x) => density(x, v.mu, v.sigma), 300));
      name.setAttribute("x", plot.X(v.mu) + 14);
      name.setAttribute("y", plot.Y(top(v)) + 4);
    },
    say: (v, n) => `KL of q from p: ${format(n.qp)} nats; of p from q: ${format(n.pq)} nats`,
  };
}
