// Random numbers that are the same in every browser and in random_numbers.py: the n-th of a seed is a function of both.

// The last steps of MurmurHash3: each bit of a 32-bit number changes half of the others.
const scramble = (bits) => {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
};

// Uniform between 0 and 1, both left out.
const uniform = (seed, n) => (scramble(scramble(seed + 1) ^ Math.imul(n + 1, 0x9e3779b9)) + 0.5) / 2 ** 32;

// Standard normal, by Box and Muller.
const normal = (seed, n) =>
  Math.sqrt(-2 * Math.log(uniform(seed, 2 * n))) * Math.cos(2 * Math.PI * uniform(seed, 2 * n + 1));
