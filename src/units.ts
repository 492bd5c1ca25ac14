import parseBytes from 'bytes';
import parseDuration from 'ms';
import { quoted } from './errors';

/** A duration: ms as a number, or a text such as `'5s'`, `'250 ms'`, `'1.5h'`; in any case, with or without spaces. */
export type Duration = number | string;

/** A size: bytes as a number, or a text such as `'64mb'`, `'1.5 GB'`, `'5000b'`; one kb is 1024 bytes, one mb 1024 kb. */
export type Size = number | string;

/** In ms: the largest delay that a timer takes; a longer one would fire at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** In ms; `Infinity` for zero or less, which mean: without limit. */
export function toMilliseconds(duration: Duration, option: string): number {
  const ms = typeof duration === 'string' ? parsedDuration(duration.trim()) : duration;
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw new TypeError(`${option} must be a duration in ms or a text such as '5s' (ms, s, m, h, d), not ${quoted(duration)}.`);
  }
  return ms > 0 ? ms : Infinity;
}

/** In bytes; `Infinity` for zero or less, which mean: without limit. */
export function toBytes(size: Size, option: string): number {
  const bytes = typeof size === 'string' ? parsedSize(size.trim()) : size;
  if (typeof bytes !== 'number' || Number.isNaN(bytes)) {
    throw new TypeError(`${option} must be a size in bytes or a text such as '64mb' (b, kb, mb, gb), not ${quoted(size)}.`);
  }
  return bytes > 0 ? bytes : Infinity;
}

function parsedDuration(duration: string): number {
  try {
    return parseDuration(duration as Parameters<typeof parseDuration>[0]);
  } catch {
    // Of a text that is empty or very long.
    return NaN;
  }
}

const SIZE = /^([-+]?(?:\d+\.?\d*|\.\d+))\s*([kmgtp]?b)?$/i;

/** By the library's units. It would take '12 apples' for 12, and round a half down to nothing, which means: without limit. */
function parsedSize(size: string): number {
  const [, count = NaN, unit = 'b'] = SIZE.exec(size) ?? [];
  return Math.ceil(Number(count) * (parseBytes.parse(`1${unit}`) ?? NaN));
}
