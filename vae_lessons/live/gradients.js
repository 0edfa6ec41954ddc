// One draw, two estimates of d/dμ E f(z) for z = μ + ε: by the score function, f(z)ε, and along the path, f'(z).

const SQUARE = {
  name: "z²",
  f: (z) => z * z,
  slope: (z) => 2 * z,
  height: (z) => (z * z) / 72,
  exact: (mu) => 2 * mu,
  variances: (mu) => [mu ** 4 + 14 * mu ** 2 + 15, 4],
};
const wave = (k) => ({
  name: `cos ${k}z`,
  f: (z) => Math.cos(k * z),
  slope: (z) => -k * Math.sin(k * z),
  height: (z) => 0.5 + 0.42 * Math.cos(k * z),
  exact: (mu) => -k * Math.sin(k * mu) * Math.exp((-k * k) / 2),
  variances(mu) {
    const cosine = Math.cos(2 * k * mu) * Math.exp(-2 * k * k), gradient = this.exact(mu) ** 2; // E cos 2kz
    return [0.5 + 0.5 * (1 - 4 * k * k) * cosine - gradient, 0.5 * k * k * (1 - cosine) - gradient];
  },
});

// Means of the first 1, 2, … values, and their standard errors, (7.1) and (7.2).
function running(values) {
  let mean = 0, squares = 0;
  return values.map((value, n) => {
    const step = value - mean;
    mean += step / (n + 1);
    squares += step * (value - mean);
    return { mean, se: Math.sqrt(squares / n / (n + 1)) };
  });
}

// One estimator: a dot for each draw, the running mean in a band of one standard error, and the exact value.
function panel(live, title, left, ylabel, most) {
  const xticks = [1, 10, 100, 1000].map((n) => [n, n.toLocaleString("en")]);
  const plot = new Plot(live, {
    box: [left, 160, 155, 118], logX: true, x: [1, most], y: [-1, 1], xticks, xlabel: "draws", ylabel,
  });
  const part = (css, style = "") => element("svg:path", plot.group, { class: css, style });
  const dots = part("p", "stroke-width: 3.4; stroke-linecap: round; opacity: 0.55");
  const band = part("band", "fill: var(--q); opacity: 0.35"), mean = part("q", "stroke-dasharray: none");
  const truth = part("truth");
  const name = element("svg:text", live.drawing, { x: left, y: 152 });
  const mark = (y) => element("svg:text", plot.group, { x: left - 5, y: plot.Y(y) + 4, "text-anchor": "end" });
  const marks = [-1, -0.5, 0, 0.5, 1].map((y) => [y, mark(y)]);
  return ({ values, means, exact, variance, range }) => {
    const at = (number, y) => [number, y / range], shown = means.slice(1);
    const edge = (side) => shown.map(({ mean, se }, i) => at(i + 2, mean + side * se));
    dots.setAttribute("d", plot.dots(values.map((y, n) => at(n + 1, y))));
    band.setAttribute("d", plot.path([...edge(1), ...edge(-1).reverse()]) + "Z");
    mean.setAttribute("d", plot.path(edge(0)));
    truth.setAttribute("d", plot.path([at(1, exact), at(most, exact)]));
    name.textContent = `${title}, variance ${format(variance, variance < 10 ? 2 : 0)}`;
    for (const [y, mark] of marks) mark.textContent = format(y * range, range < 4 ? 1 : 0);
  };
}

function figure(live, { mu, draws, seed, frequency, most }) {
  const functions = [SQUARE, wave(frequency)], zticks = [-8, -4, 0, 4, 8].map((z) => [z, format(z, 0)]);
  const plot = new Plot(live, { box: [50, 8, 374, 88], x: [-8.5, 8.5], y: [0, 1], xticks: zticks, xlabel: "z" });
  const line = element("svg:path", plot.group, { class: "truth", style: "fill: none" });
  const q = element("svg:path", plot.group, { class: "q" });
  const dots = element("svg:path", plot.group, { class: "p", style: "stroke-width: 5; stroke-linecap: round" });
  element("svg:text", live.drawing, { x: 45, y: 18, "text-anchor": "end" }, "f(z)");
  const name = element("svg:text", live.drawing, { y: plot.Y(0.62) }, "q");
  const paint = [panel(live, "score function", 50, "gradient", most), panel(live, "path", 264, "", most)];

  const both = ({ mean, se }) => `${format(mean)} ± ${format(se)}`;
  live.readout("score function", (v, n) => both(n.score));
  live.readout("path", (v, n) => both(n.path));
  live.readout("exactly", (v, n) => format(n.exact));
  choice(live, "of", { label: "f(z) =", options: functions.map((of) => of.name) });
  live.slider("mu", { label: "μ, mean of q", min: -5, max: 5, step: 0.1, value: mu, text: (v) => format(v, 1) });
  live.slider("draws", { label: "draws", min: 2, max: most, step: 1, value: draws, text: (n) => n.toLocaleString("en") });
  live.button("1 more draw", () => live.change({ draws: live.values.draws + 1 }));
  live.button("50 more", () => live.change({ draws: live.values.draws + 50 }));
  live.button("New draws", () => live.change({ seed: live.values.seed + 1 }));
  live.values.seed = seed;

  const bell = (z, v) => 0.62 * Math.exp(-0.5 * (z - v.mu) ** 2);
  handle(plot, { label: "Mean of q", keys: ["mu"], at: (v) => [v.mu, bell(v.mu, v)], to: (z) => ({ mu: z }) });
  const drawn = (v) => {
    const of = functions[v.of], eps = Array.from({ length: v.draws }, (_, n) => normal(v.seed, n));
    const z = eps.map((e) => v.mu + e), values = [z.map((at, n) => of.f(at) * eps[n]), z.map(of.slope)];
    return { of, z, values, means: values.map(running) };
  };
  return {
    numbers(v) {
      const { of, means: [score, path] } = drawn(v), variances = of.variances(v.mu);
      const reach = Math.abs(of.exact(v.mu)) + 2.5 * Math.sqrt(Math.max(...variances));
      const range = [1, 2, 4, 10, 20, 40, 100].find((end) => end >= reach) ?? 100;
      return { score: score.at(-1), path: path.at(-1), exact: of.exact(v.mu), variances, range };
    },
    draw(v, { exact, variances, range }) {
      const { of, z, values, means } = drawn(v);
      line.setAttribute("d", plot.curve(of.height, 800));
      q.setAttribute("d", plot.curve((at) => bell(at, v)));
      dots.setAttribute("d", plot.dots(z.slice(-50).map((at) => [at, of.height(at)])));
      name.setAttribute("x", plot.X(v.mu) + 13);
      paint.forEach((panel, i) => panel({ values: values[i], means: means[i], exact, variance: variances[i], range }));
    },
    say: (v, n) =>
      `${v.draws} draws: score function ${both(n.score)}, path ${both(n.path)}, exactly ${format(n.exact)}. ` +
      `Variance of one draw: score function ${format(n.variances[0])}, path ${format(n.variances[1])}`,
  };
}
