import parseDuration from 'ms';
import { show } from './format';

/** A duration: ms as a number, or a string such as `'5s'`, `'250 ms'`, `'1.5h'`. Case and spaces do not matter. */
export type Duration = number | string;

/** A size: bytes as a number, or a string such as `'64mb'`, `'1.5 GB'`, `'5000b'`; one kb is 1024 bytes, one mb 1024 kb. */
export type Size = number | string;

/** Reads a duration, in ms. Zero or less means without limit: `Infinity`. */
export function toMilliseconds(duration: Duration, option: string): number {
  const ms = readDuration(duration, option);
  return ms > 0 ? ms : Infinity;
}

/** Reads a time to wait, such as the one that a cancelled task has to stop, in ms. Zero or less means at once. */
export function toWait(duration: Duration, option: string): number {
  return Math.max(0, readDuration(duration, option));
}

function readDuration(duration: Duration, option: string): number {
  const ms = typeof duration === 'string' ? parsedDuration(duration.trim()) : duration;
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw new TypeError(`${option} must be a duration in ms or a string such as '5s' (ms, s, m, h, d), not ${show(duration)}.`);
  }
  return ms;
}

/** Reads a size, in bytes. Zero or less means without limit: `Infinity`. */
export function toBytes(size: Size, option: string): number {
  const bytes = typeof size === 'string' ? parsedSize(size.trim()) : size;
  if (typeof bytes !== 'number' || Number.isNaN(bytes)) {
    throw new TypeError(`${option} must be a size in bytes or a string such as '64mb' (b, kb, mb, gb), not ${show(size)}.`);
  }
  return bytes > 0 ? bytes : Infinity;
}

function parsedDuration(duration: string): number {
  try {
    return parseDuration(duration as Parameters<typeof parseDuration>[0]);
  } catch {
    // It throws for an empty or very long string.
    return NaN;
  }
}

const SIZE = /^([-+]?(?:\d+\.?\d*|\.\d+))\s*([kmgtp]?b)?$/i;

/** The bytes in one of each unit. */
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40, pb: 2 ** 50 };

/** Rounds up: rounded down, half a byte would be zero, which means without limit. */
function parsedSize(size: string): number {
  const [, count = NaN, unit = 'b'] = SIZE.exec(size) ?? [];
  return Math.ceil(Number(count) * UNITS[unit.toLowerCase()]);
}
