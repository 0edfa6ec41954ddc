// A mean of draws with its standard errors, (7.1) and (7.2), as draws are added: of p(x|z), z from the prior N(0, 1).

// Mean and standard error after as many draws as each of the `stops` says. One run has one seed.
function run(seed, stops, f) {
  const means = [], errors = [];
  let mean = 0, squares = 0;
  for (let n = 0; n < stops.at(-1); n++) {
    const value = f(normal(seed, n)), step = value - mean;
    mean += step / (n + 1);
    squares += step * (value - mean);
    if (n + 1 === stops[means.length]) {
      means.push(mean);
      errors.push(Math.sqrt(squares / n / (n + 1)));
    }
  }
  return { means, errors };
}

function figure(live, { x, v, truth, seed, draws }) {
  const f = (z) => Math.exp((-0.5 * (x - z) ** 2) / v) / Math.sqrt(2 * Math.PI * v);
  const stops = [...new Set(Array.from({ length: 149 }, (_, i) => Math.round(10 ** ((i + 12) / 40))))]; // 2 to 10,000
  const runs = [run(seed, stops, f)], whole = (L) => Math.round(10 ** L);
  const count = (L) => whole(L).toLocaleString("en");

  const plot = new Plot(live, {
    box: [50, 8, 360, 185], logX: true, x: [2, 10000], y: [0, 0.4], xlabel: "number of draws L", ylabel: "mean of L draws",
    xticks: [1, 2, 3, 4].map((power) => [10 ** power, count(power)]),
    yticks: [0, 0.1, 0.2, 0.3, 0.4].map((y) => [y, format(y, 1)]),
  });
  const [wide, narrow] = ["band", "band"].map((css) => element("svg:path", plot.group, { class: css }));
  element("svg:path", plot.group, { class: "truth", d: plot.path([[2, truth], [10000, truth]]) });
  const line = element("svg:path", plot.group, { class: "p" });
  element("svg:text", plot.group, { x: 408, y: plot.Y(truth) + 17, "text-anchor": "end" }, "p(x)");

  live.readout("mean ± std. error", (w, n) => `${format(n.mean, 4)} ± ${format(n.se, 4)}`);
  live.readout("p(x) in 1 se", (w, n) => `${n.within1} of ${n.runs}`);
  live.readout("in 2 se", (w, n) => `${n.within2} of ${n.runs}`);
  live.slider("log10L", { label: "draws L", min: 1, max: 4, step: 0.1, value: Math.log10(draws), text: count });

  const upTo = (last) => {
    const { means, errors } = runs.at(-1), shown = stops.slice(0, last + 1);
    const edge = (times) => shown.map((L, i) => [L, means[i] + times * errors[i]]);
    line.setAttribute("d", plot.path(edge(0)));
    wide.setAttribute("d", plot.path([...edge(2), ...edge(-2).reverse()]) + "Z");
    narrow.setAttribute("d", plot.path([...edge(1), ...edge(-1).reverse()]) + "Z");
  };
  const more = (number) => {
    for (let i = 0; i < number; i++) runs.push(run(seed + runs.length, stops, f));
    live.change({});
    const last = stops.indexOf(whole(live.values.log10L));
    live.animate(900, (part) => upTo(Math.max(1, Math.round(part * last))));
  };
  live.button("New draws", () => more(1));
  live.button("100 more runs", () => more(100));
  return {
    numbers(w) {
      const at = stops.indexOf(whole(w.log10L));
      const within = (times) => runs.filter((r) => Math.abs(r.means[at] - truth) < times * r.errors[at]).length;
      const { means, errors } = runs.at(-1);
      return { mean: means[at], se: errors[at], runs: runs.length, within1: within(1), within2: within(2) };
    },
    draw: (w) => upTo(stops.indexOf(whole(w.log10L))),
    say: (w, n) =>
      `${count(w.log10L)} draws: ${format(n.mean, 4)} plus or minus ${format(n.se, 4)}. The true value is within two ` +
      `standard errors in ${n.within2} of ${n.runs} runs`,
  };
}
