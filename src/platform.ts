/**
 * The clock of Node, captured when dist-io loads: a program under test may install a fake one afterwards, and a test environment such as
 * jsdom has its own globals, or none. No other file of `src` uses the global functions; `performance.ts` has the rest of the clock.
 */
import type { Readable } from 'node:stream';
import timers from 'node:timers';

/** A fake function of @sinonjs/fake-timers, which sinon, jest and vitest use. Its clock has the function that it replaces. */
interface Fake {
  clock?: Record<string, unknown>;
}

/** Returns Node's function: a fake that was installed before dist-io was loaded may have patched Node's module too. */
function original<Holder extends object, Name extends keyof Holder & string>(holder: Holder, name: Name): Holder[Name] {
  return ((holder[name] as Fake).clock?.[`_${name}`] ?? holder[name]) as Holder[Name];
}

export const setTimeout = original(timers, 'setTimeout');
export const clearTimeout = original(timers, 'clearTimeout');
export const setImmediate = original(timers, 'setImmediate');
export const clearImmediate = original(timers, 'clearImmediate');
export const nextTick = original(process, 'nextTick');
const hrtime = original(process, 'hrtime');

/** In ms, with fractions, since an arbitrary time. For slaves: it needs no further module. */
export function monotonic(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** A fake Date has the prototype of Node's, or extends it. */
const Inner = globalThis.Date.prototype.constructor as DateConstructor;
const Base = Object.getPrototypeOf(Inner) as object;
export const Date = 'now' in Base ? (Base as DateConstructor) : Inner;

/** In ms since 1970. Bound, since tests may replace `Date.now`. */
export const wallClock = Date.now.bind(Date);

/**
 * Moves buffers, which detaches the originals. Without `structuredClone`, as in jsdom, they are copied.
 *
 * @throws DataCloneError for a buffer that cannot be moved
 */
export function moveBuffers(buffers: ArrayBuffer[]): ArrayBuffer[] {
  const { structuredClone } = globalThis as { structuredClone?: typeof globalThis.structuredClone };
  if (structuredClone === undefined) return buffers.map((buffer) => buffer.slice(0));
  return structuredClone(buffers, { transfer: buffers });
}

/** Structured clone. @throws DataCloneError, also where the platform has none, as in jsdom */
export function cloneNative(values: object[], transfer: object[]): object[] {
  return globalThis.structuredClone(values, { transfer: transfer as ArrayBuffer[] });
}

/**
 * Calls a function while `process.nextTick` is Node's own. Node's streams and sockets look it up for each call: with a fake one, the work
 * that they defer would never run.
 */
export function inRealTicks<Result>(call: () => Result): Result {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it does not use `this`
  const current = process.nextTick;
  if (current === nextTick) return call();
  process.nextTick = nextTick;
  try {
    return call();
  } finally {
    process.nextTick = current;
  }
}

/** Makes a stream that Node itself feeds reach its 'end' under a fake `process.nextTick`. */
export function endInRealTicks(source: Readable): void {
  const push = source.push.bind(source);
  source.push = (chunk, encoding) => inRealTicks(() => push(chunk, encoding));
}
