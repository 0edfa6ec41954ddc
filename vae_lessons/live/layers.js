// A network whose weights came as numbers of 16 bits, layer after layer: the rows of the matrix, then the bias.

const half = (bits) => {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = (bits & 1023) / 1024;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction);
};

const SQUASH = { relu: (a) => Math.max(0, a), tanh: Math.tanh, sigmoid: (a) => 1 / (1 + Math.exp(-a)) };

function network({ steps, weights }) {
  const packed = bytes(weights), pair = (i) => packed[2 * i] | (packed[2 * i + 1] << 8);
  const w = Float64Array.from({ length: packed.length / 2 }, (_, i) => half(pair(i)));
  const linear = (h, [inputs, outputs], from) =>
    Array.from({ length: outputs }, (_, j) => {
      let sum = w[from + inputs * outputs + j];
      for (let i = 0; i < inputs; i++) sum += w[from + j * inputs + i] * h[i];
      return sum;
    });
  return (z) => {
    let h = z, from = 0;
    for (const step of steps) {
      const isName = typeof step === "string";
      h = isName ? h.map(SQUASH[step]) : linear(h, step, from);
      from += isName ? 0 : (step[0] + 1) * step[1];
    }
    return h;
  };
}
