const slave = require('dist-io').Slave;

const MOST_STEPS = 600;
const LEFT = -2.3;
const WIDTH = 3.4;

/** Each pixel is the mean of this many points in each direction, for smooth edges. */
const POINTS = 2;

slave.task('paint', (tile) => {
  const { x, y, columns, rows } = tile;
  const pixels = new Uint8Array(columns * rows * 3);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i += 3) pixels.set(colorOfPixel(x + column, y + row, tile), i);
  }
  return { x, y, columns, pixels, slave: slave.id };
});

function colorOfPixel(x, y, { width, height }) {
  const scale = WIDTH / width;
  const sum = [0, 0, 0];
  for (let i = 0; i < POINTS * POINTS; i++) {
    const real = LEFT + scale * (x + ((i % POINTS) + 0.5) / POINTS);
    const imaginary = scale * (y - height / 2 + (Math.floor(i / POINTS) + 0.5) / POINTS);
    colorOfPoint(real, imaginary).forEach((value, channel) => (sum[channel] += value));
  }
  return sum.map((value) => value / (POINTS * POINTS));
}

function colorOfPoint(real, imaginary) {
  const steps = stepsToLeave(real, imaginary);
  if (steps === MOST_STEPS) return [0, 0, 0];
  // From far to near: blue, white, gold, brown.
  const hue = Math.log(steps + 1);
  return [0.3, 0.9, 1.5].map((phase) => 127.5 * (1 + Math.sin(2 * hue - 4 + phase)));
}

/** The number of steps until the point diverges, with a fraction, for smooth colors. */
function stepsToLeave(real, imaginary) {
  let a = 0;
  let b = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    [a, b] = [a * a - b * b + real, 2 * a * b + imaginary];
    const square = a * a + b * b;
    if (square > 256) return Math.max(0, step + 4 - Math.log2(Math.log2(square)));
  }
  return MOST_STEPS;
}
