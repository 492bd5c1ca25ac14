import parseBytes from 'bytes';
import parseDuration from 'ms';
import { quoted } from './errors';

/** A duration: ms as a number, or a text such as `'5s'`, `'250ms'`, `'1.5h'`. */
export type Duration = number | string;

/** A size: bytes as a number, or a text such as `'64mb'`, `'1.5gb'`, `'5000b'`; one kb is 1024 bytes. */
export type Size = number | string;

/** In ms; `Infinity` for zero or less, which mean: without limit. */
export function toMilliseconds(duration: Duration, option: string): number {
  const ms = typeof duration === 'string' ? parsed(duration) : duration;
  if (typeof ms !== 'number' || Number.isNaN(ms)) {
    throw new TypeError(`${option} must be a duration in ms or a text such as '5s', not ${quoted(duration)}.`);
  }
  return ms > 0 ? ms : Infinity;
}

/** In bytes; `Infinity` for zero or less, which mean: without limit. */
export function toBytes(size: Size, option: string): number {
  // The library takes '12 apples' for 12.
  const known = typeof size !== 'string' || /^\s*[-+]?(\d+\.?\d*|\.\d+)\s*([kmgtp]?b)?\s*$/i.test(size);
  const bytes = typeof size === 'string' ? parseBytes.parse(size.trim().replace(/(\d)\s*b$/i, '$1')) : size;
  if (!known || typeof bytes !== 'number' || Number.isNaN(bytes)) {
    throw new TypeError(`${option} must be a size in bytes or a text such as '64mb', not ${quoted(size)}.`);
  }
  return bytes > 0 ? bytes : Infinity;
}

function parsed(duration: string): number {
  try {
    return parseDuration(duration as Parameters<typeof parseDuration>[0]);
  } catch {
    // Of a text that is empty or very long.
    return NaN;
  }
}
