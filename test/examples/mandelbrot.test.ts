import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { run } from '../package/support/run';
import { temporaryFolder } from '../support/temporary-folder';

const ROOT = join(__dirname, '..', '..');
const MAIN = join(ROOT, 'examples/mandelbrot/main.js');

const WIDTH = 210;
const HEIGHT = 140;

describe('example: mandelbrot', () => {
  const folder = temporaryFolder();
  let stdout: string;
  let stderr: string;
  let pixels: Buffer;
  before(async () => {
    const file = join(folder, 'picture.png');
    ({ stdout, stderr } = await run(ROOT, process.execPath, MAIN, file, `${WIDTH}`));
    pixels = decode(readFileSync(file));
  });

  const colorAt = (x: number, y: number): number[] => [...pixels.subarray((y * WIDTH + x) * 3, (y * WIDTH + x + 1) * 3)];
  const all = (see: (x: number, y: number, real: number, imaginary: number) => void): void => {
    const scale = 3.4 / WIDTH;
    for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) see(x, y, -2.3 + scale * (x + 0.5), scale * (y + 0.5 - HEIGHT / 2));
  };

  it('mandelbrot - points of the set are black and distant points are not', () => {
    let black = 0;
    all((x, y, real, imaginary) => {
      const color = colorAt(x, y);
      if (isInHeart(real, imaginary) || isInDisk(real, imaginary)) {
        expect(color, `${real} + ${imaginary}i`).to.deep.equal([0, 0, 0]);
        black++;
      } else if (Math.hypot(real, imaginary) > 2) expect(color, `${real} + ${imaginary}i`).not.to.deep.equal([0, 0, 0]);
    });
    expect(black).to.be.above(3000);
  });

  it('mandelbrot - the lower half mirrors the upper half', () => {
    let difference = 0;
    all((x, y) => {
      const mirrored = colorAt(x, HEIGHT - 1 - y);
      for (const [channel, value] of colorAt(x, y).entries()) difference = Math.max(difference, Math.abs(value - mirrored[channel]));
    });
    // The mean of the same points, added up in another order.
    expect(difference).to.be.at.most(1);
  });

  it('mandelbrot - prints which slave painted how many lines', () => {
    const grid = stdout.split('\n').filter((line) => /^ {2}\d/.test(line));
    expect(grid.map((line) => line.trim().split(' ').length)).to.deep.equal([4, 4, 4]);
    expect(stdout).to.match(/picture\.png: 210 x 140, 12 tiles by \d+ slaves in [\d.]+ seconds\n$/);
  });

  it('mandelbrot - prints progress lines without a terminal', () => {
    expect(stderr.split('\n')[0]).to.equal('Painting: 0 of 12');
    expect(stderr).to.match(/^Painting: 12 of 12$/m);
  });

  it('mandelbrot - a wrong width or an unwritable file fails with a message', async () => {
    const badly = await run(ROOT, process.execPath, MAIN, join(folder, 'x.png'), 'wide');
    expect(badly).to.deep.include({ code: 1, stderr: 'The width must be a number of pixels.\n' });
    const nowhere = await run(ROOT, process.execPath, MAIN, join(folder, 'nowhere', 'x.png'), '30');
    expect(nowhere.code).to.equal(1);
    expect(nowhere.stderr).to.contain('ENOENT: no such file or directory');
  });
});

/** Well inside the largest part of the set. */
function isInHeart(real: number, imaginary: number): boolean {
  const x = real * 1.05 - 0.25;
  const y = imaginary * 1.05;
  const q = x * x + y * y;
  return q * (q + x) < (y * y) / 4;
}

/** Well inside the second largest. */
function isInDisk(real: number, imaginary: number): boolean {
  return Math.hypot(real + 1, imaginary) < 0.24;
}

/** The pixels of a PNG that has what the example writes: three channels of 8 bits, lines without a filter. */
function decode(png: Buffer): Buffer {
  expect(png.subarray(0, 8).toString('latin1')).to.equal('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).to.equal(crc32(body));
    chunks.set(body.toString('latin1', 0, 4), body.subarray(4));
    at += 12 + length;
  }
  expect([...chunks.keys()]).to.deep.equal(['IHDR', 'IDAT', 'IEND']);
  const header = chunks.get('IHDR')!;
  expect([header.readUInt32BE(0), header.readUInt32BE(4), ...header.subarray(8)]).to.deep.equal([WIDTH, HEIGHT, 8, 2, 0, 0, 0]);
  const lines = inflateSync(chunks.get('IDAT')!);
  expect(lines).to.have.length(HEIGHT * (1 + 3 * WIDTH));
  return Buffer.concat(Array.from({ length: HEIGHT }, (_, y) => lines.subarray(y * (1 + 3 * WIDTH) + 1, (y + 1) * (1 + 3 * WIDTH))));
}
