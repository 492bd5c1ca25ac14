// Generates a file of sensor readings.
const { createWriteStream } = require('node:fs');
const { pipeline } = require('node:stream/promises');

const SENSORS = ['roof', 'cellar', 'north wall', 'south wall', 'greenhouse'];

exports.HEAD = 'time,sensor,fahrenheit';

/** One reading; equal numbers give equal readings. */
exports.reading = function reading(n) {
  const time = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  return { time, sensor: SENSORS[n % SENSORS.length], fahrenheit: (320 + ((n * 7919) % 700)) / 10 };
};

exports.writeReadings = function writeReadings(file, count) {
  return pipeline(blocks(count), createWriteStream(file));
};

function* blocks(count) {
  let block = `${exports.HEAD}\n`;
  for (let n = 0; n < count; n++) {
    block += `${Object.values(exports.reading(n)).join(',')}\n`;
    if (block.length < 64 * 1024) continue;
    yield block;
    block = '';
  }
  yield block;
}
