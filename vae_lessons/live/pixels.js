// Images, and numbers as Python packed them.

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const GREYS = 32;

// Room for square images of side × side pixels in a row. The function that is returned paints numbers from 0 to 1, dark
// on white, and takes what a screen reader says. All pixels of one grey are one path.
function pictures(parent, { x, y, size, side, number = 1, pitch = size + 4 }) {
  const group = element("svg:g", parent, { role: "img", "shape-rendering": "crispEdges" }), pixel = size / side;
  const left = Array.from({ length: number }, (_, i) => x + i * pitch);
  const square = (at) => `M${at} ${y}h${size}v${size}h${-size}z`;
  element("svg:path", group, { fill: "#fff", stroke: "var(--rule)", d: left.map(square).join("") });
  const inks = Array.from({ length: GREYS }, (_, i) => {
    const grey = Math.round(255 * (1 - (i + 1) / GREYS));
    return element("svg:path", group, { fill: `rgb(${grey},${grey},${grey})` });
  });
  const outline = (k) => {
    const across = left[Math.floor(k / side ** 2)] + (k % side) * pixel, down = y + (Math.floor(k / side) % side) * pixel;
    return `M${across.toFixed(2)} ${down.toFixed(2)}h${pixel}v${pixel}h${-pixel}z`;
  };
  const outlines = Array.from({ length: number * side ** 2 }, (_, k) => outline(k));
  return (values, label) => {
    const ink = outlines.map((_, k) => Math.round(GREYS * clamp(values[k], 0, 1)) - 1);
    group.setAttribute("aria-label", label);
    inks.forEach((path, i) => path.setAttribute("d", outlines.filter((_, k) => ink[k] === i).join("")));
  };
}
