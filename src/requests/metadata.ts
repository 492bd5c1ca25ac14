import { types } from 'node:util';
import { show } from '../format';
import { isAbortSignal } from '../option-rules';
import { isStreamable, isSent } from '../protocol/streamable';
import { type Duration, toMilliseconds } from '../units';
import { warnIfMisspelled } from './misspelled-key';
import { checkRetries, type Retries, timesOf } from './retries';

/**
 * The third argument of `exec`. The keys named here are for dist-io; any other travels to the task, where it is
 * `context.metadata`. The object itself is never changed.
 *
 * @typeParam Progress the type of what the task tells on its way
 */
export interface Metadata<Progress = unknown> {
  /** How long to wait for the answer: ms or a text such as `'5s'`; zero or less is for ever. Default: the slave's, else the master's, else for ever. */
  timeout?: Duration;
  /** Reject instead of resolving a response with an error. Default: the slave's, else the master's, else false. */
  rejectOnError?: boolean;
  /** Stops waiting when it is aborted, with an `AbortError`; the task sees it as `context.signal`. */
  signal?: AbortSignal;
  /**
   * How often it may be executed again. A number counts only for a slave that was lost while it had the task and can be replaced by
   * another. `{ times, on }` lets `on` decide, also about errors that the task has thrown. The task finds the number of the attempt as
   * `context.attempt`. The data must not change meanwhile. Default: 0.
   */
  retries?: Retries;
  /** What comes first of the work that waits in a workpool: higher does. Default: 0. */
  priority?: number;
  /** How many items of a stream may be under way, in either direction; more need more memory. Default: 256. */
  highWaterMark?: number;
  /**
   * Called with what the task tells by `context.progress(…)`: in order, before the result. When it is slower than the task, some are
   * left out, but never the last one.
   */
  onProgress?(value: Progress): void;
  /**
   * What becomes of a task that goes on after its time is up, its signal was aborted or its reader has broken off. `'signal'`: it is
   * told by `context.signal`, and may go on. `'kill'`: when it has not stopped within `grace`, the slave is ended; what else was
   * pending there gets a `SlaveExitedError`. Default: `'signal'`.
   */
  cancel?: 'signal' | 'kill';
  /** How long a task that is cancelled with `'kill'` may take to stop: ms or a text such as `'5s'`. Default: `'1s'`. */
  grace?: Duration;
  /**
   * ArrayBuffers in the data that are to be moved instead of copied: the caller's are empty afterwards. To threads and inline slaves
   * they move without a copy, to a process with one less. So they can be sent only once: not to several slaves, not with `retries`.
   */
  transfer?: readonly ArrayBuffer[];
  [key: string]: unknown;
}

const RESERVED_KEYS = new Set([
  'timeout',
  'rejectOnError',
  'signal',
  'retries',
  'priority',
  'highWaterMark',
  'onProgress',
  'cancel',
  'grace',
  'transfer',
]);

/** The part of the metadata that travels, or null when nothing does. @param defaults what travels too, unless they say otherwise */
export function metadataToSend(metadata: Metadata | undefined, defaults?: Record<string, unknown>): Record<string, unknown> | null {
  let sent: Record<string, unknown> | null = defaults ?? null;
  if (metadata === undefined) return sent;
  for (const key of Object.keys(metadata)) {
    if (RESERVED_KEYS.has(key)) continue;
    warnIfMisspelled(key, RESERVED_KEYS);
    (sent ??= Object.create(null) as Record<string, unknown>)[key] = metadata[key];
  }
  return sent;
}

/** @throws TypeError */
export function validateCall(task: string, metadata: Metadata | undefined): void {
  if (typeof task !== 'string' || task === '') throw new TypeError(`A task is named by a text that is not empty, not ${show(task)}.`);
  if (metadata === undefined) return;
  checkNoCallback(metadata, 'metadata');
  if (typeof metadata !== 'object' || (metadata as unknown) === null)
    throw new TypeError(`metadata must be an object, not ${show(metadata)}.`);
  const { signal, rejectOnError, retries, priority, highWaterMark, cancel, transfer } = metadata;
  if (signal !== undefined && !isAbortSignal(signal)) throw new TypeError('metadata.signal must be an AbortSignal.');
  if (rejectOnError !== undefined && typeof rejectOnError !== 'boolean')
    throw new TypeError('metadata.rejectOnError must be true or false.');
  if (retries !== undefined) checkRetries(retries);
  if (priority !== undefined && (typeof priority !== 'number' || Number.isNaN(priority)))
    throw new TypeError('metadata.priority must be a number.');
  if (highWaterMark !== undefined && !(Number.isSafeInteger(highWaterMark) && highWaterMark > 0))
    throw new TypeError('metadata.highWaterMark must be a whole number above 0.');
  if (metadata.onProgress !== undefined && typeof metadata.onProgress !== 'function')
    throw new TypeError('metadata.onProgress must be a function.');
  if (cancel !== undefined && !['signal', 'kill'].includes(cancel)) throw new TypeError("metadata.cancel must be 'signal' or 'kill'.");
  if (transfer !== undefined && !(Array.isArray(transfer) && transfer.every(isArrayBuffer)))
    throw new TypeError('metadata.transfer must be an array of ArrayBuffers.');
  for (const name of ['timeout', 'grace'] as const) if (metadata[name] !== undefined) toMilliseconds(metadata[name], `metadata.${name}`);
}

/** @throws TypeError for data that can only be meant as a callback */
export function checkData(data: unknown): void {
  checkNoCallback(data, 'data');
}

function checkNoCallback(value: unknown, name: string): void {
  if (typeof value === 'function') throw new TypeError(`${name} must not be a function: exec takes no callback, it returns a promise.`);
}

function isArrayBuffer(value: unknown): boolean {
  return types.isArrayBuffer(value);
}

/** Why data can be sent only once: to one slave, and never again. Undefined when it can be sent as often as one likes. */
export function singleUseReason(data: unknown, metadata: Metadata | undefined): string | undefined {
  if (isStreamable(data)) return 'Data that is a stream can be read only once';
  return metadata?.transfer?.length ? 'What metadata.transfer names can be moved only once' : undefined;
}

/** @throws TypeError for functions, and for data that can be sent only once and shall be sent more often */
export function checkSingleUse(data: unknown, metadata: Metadata | undefined, slaves = 1): void {
  checkData(data);
  const reason = singleUseReason(data, metadata);
  if (reason === undefined) return;
  if (isStreamable(data) && isSent(data)) throw new TypeError(`${reason}, and has been sent already: make a new one.`);
  if (timesOf(metadata?.retries) > 0) throw new TypeError(`${reason}: leave out metadata.retries.`);
  if (slaves > 1) throw new TypeError(`${reason}: send it to one slave and one time, not ${slaves}.`);
}
