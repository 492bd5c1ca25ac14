import { cacheKey } from './file-path';
import { type ReadAs, readAs } from './read-as';

/** A `readFile` call that the cache can answer. */
export interface PlainRead {
  path: string;
  form: ReadAs;
  signal: AbortSignal | undefined;
}

/**
 * Reads the arguments as Node does.
 *
 * @returns undefined for unusual or invalid arguments, which are left to Node
 */
export function plainRead(file: unknown, options: unknown): PlainRead | undefined {
  const { encoding, flag, signal } = optionsOf(options);
  if (flag !== undefined && flag !== null && flag !== 'r') return undefined;
  if (signal !== undefined && !(signal instanceof AbortSignal)) return undefined;
  const form = readAs(encoding);
  const path = form && cacheKey(file);
  return form === undefined || path === undefined ? undefined : { path, form, signal };
}

function optionsOf(options: unknown): { encoding?: unknown; flag?: unknown; signal?: unknown } {
  if (options === undefined || options === null || typeof options === 'function') return {};
  // A number is not an encoding: Node reports it.
  return typeof options === 'object' ? options : { encoding: options };
}
