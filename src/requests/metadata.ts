import { types } from 'node:util';
import { show } from '../format';
import { abortSignal, boolean, integerFrom, object, oneOf, type OptionReader, satisfying } from '../option-rules';
import { type Duration, toMilliseconds } from '../units';
import { warnIfMisspelled } from './misspelled-key';
import { readRetries, type Retries } from './retries';

/**
 * The third argument of `exec`. The keys named here are for dist-io; all others are sent to the task, which finds them in `context.metadata`.
 * The object itself is never changed.
 *
 * @typeParam Progress the type of the values that the task reports with `context.progress(…)`
 */
export interface Metadata<Progress = unknown> {
  /**
   * How long to wait for the answer: ms, or a string such as `'5s'`; zero or less is without limit. Default: the slave's, else the
   * master's, else without limit.
   */
  timeout?: Duration;
  /** Reject instead of resolving a response with an error. Default: the slave's, else the master's, else false. */
  rejectOnError?: boolean;
  /** Aborting it settles the request with an `AbortError`, and aborts the task's `context.signal`. */
  signal?: AbortSignal;
  /**
   * How many more attempts may follow a failed one. A number counts only after a slave was lost while it had the task and another one can
   * take over; `{ times, on }` lets `on` decide, also about errors that the task threw. The task finds the number of its attempt in
   * `context.attempt`. The data must not change meanwhile. Default: 0.
   */
  retries?: Retries;
  /** Orders the jobs that wait in a workpool: higher ones start first. Default: 0. */
  priority?: number;
  /**
   * Names what a job in a workpool belongs to, such as a customer or a file: jobs with the same key go to the same member and are executed
   * one after the other. The number 1 and the string `'1'` are the same key. Ignored outside of workpools. Default: none.
   */
  key?: string | number;
  /** How many items of a stream may be in flight, in each direction. A larger number needs more memory. Default: 256. */
  highWaterMark?: number;
  /**
   * Called with each value that the task reports with `context.progress(…)`, in order and before the result. When it is slower than the
   * task, some values are skipped, but never the last one.
   */
  onProgress?(value: Progress): void;
  /**
   * How to stop a task after a timeout, an abort or the end of its reader. `'signal'` aborts its `context.signal`; the task may go on.
   * `'kill'` also ends the slave if the task has not stopped within `grace`; its other pending requests get a `SlaveExitedError`.
   * Default: `'signal'`.
   */
  cancel?: 'signal' | 'kill';
  /** With `cancel: 'kill'`, how long the task may take to stop: ms, or a string such as `'5s'`. Default: `'1s'`. */
  grace?: Duration;
  /**
   * ArrayBuffers in the data to move instead of copy: the caller's are empty afterwards. They move to threads and inline slaves without a
   * copy, to a process with one copy less. Such data can be sent only once: not to several slaves, and not with `retries`.
   */
  transfer?: readonly ArrayBuffer[];
  [key: string]: unknown;
}

/** The names of the keys that are not sent. */
type CallOption = keyof { [Key in keyof Metadata as string extends Key ? never : number extends Key ? never : Key]: unknown };

const arrayBuffers = (value: unknown): value is ArrayBuffer[] => Array.isArray(value) && value.every((item) => types.isArrayBuffer(item));

/** @throws TypeError */
export const readKey = satisfying(
  'a string or a number',
  (value): value is string | number => typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value)),
);

const READERS: Readonly<Record<CallOption, OptionReader>> = {
  timeout: toMilliseconds,
  rejectOnError: boolean,
  signal: abortSignal,
  retries: readRetries,
  priority: satisfying('a number', (value): value is number => typeof value === 'number' && !Number.isNaN(value)),
  key: readKey,
  highWaterMark: integerFrom(1),
  onProgress: satisfying('a function', (value) => typeof value === 'function'),
  cancel: oneOf('signal', 'kill'),
  grace: toMilliseconds,
  transfer: satisfying('an array of ArrayBuffers', arrayBuffers),
};

const CALL_OPTIONS: ReadonlySet<string> = new Set(Object.keys(READERS));

/**
 * The part of the metadata that is sent.
 *
 * @param defaults sent as well; the metadata override them
 * @returns null when nothing is sent
 */
export function metadataToSend(metadata: Metadata | undefined, defaults?: Record<string, unknown>): Record<string, unknown> | null {
  let sent: Record<string, unknown> | null = defaults ?? null;
  if (metadata === undefined) return sent;
  for (const key of Object.keys(metadata)) {
    if (CALL_OPTIONS.has(key)) continue;
    warnIfMisspelled(key, CALL_OPTIONS);
    (sent ??= Object.create(null) as Record<string, unknown>)[key] = metadata[key];
  }
  return sent;
}

/** @throws TypeError for the name of a task or metadata of a wrong type */
export function validateCall(task: string, metadata: Metadata | undefined): void {
  if (typeof task !== 'string' || task === '') throw new TypeError(`The name of a task must be a non-empty string, not ${show(task)}.`);
  if (metadata === undefined) return;
  refuseCallback(metadata, 'metadata');
  object(metadata, 'metadata');
  for (const name in READERS) {
    const value = metadata[name];
    if (value !== undefined) READERS[name as CallOption](value as never, `metadata.${name}`);
  }
}

/** @throws TypeError for a function as data, which was probably meant as a callback */
export function checkData(data: unknown): void {
  refuseCallback(data, 'data');
}

function refuseCallback(value: unknown, name: string): void {
  if (typeof value === 'function') throw new TypeError(`${name} must not be a function: exec takes no callback, it returns a promise.`);
}
