import { quoted } from '../errors';
import { type Duration, toMilliseconds } from '../units';

/**
 * The third argument of `exec`. The keys named here are for dist-io; any other travels to the task, where it is
 * `context.metadata`. The object itself is never changed.
 */
export interface Metadata {
  /** How long to wait for the answer: ms or a text such as `'5s'`; zero or less is for ever. Default: the slave's, else the master's, else for ever. */
  timeout?: Duration;
  /** Reject instead of resolving a response with an error. Default: the slave's, else the master's, else false. */
  catchAll?: boolean;
  /** Stops waiting when it is aborted, with an `AbortError`; the task sees it as `context.signal`. */
  signal?: AbortSignal;
  /**
   * How often it may be executed again after it has failed: when the task threw, or its slave died and another one can take over.
   * The task finds the number of the try as `context.attempt`. The data must not change meanwhile. Default: 0.
   */
  retries?: number;
  /** What comes first of the work that waits in a workpool: higher does. Default: 0. */
  priority?: number;
  [key: string]: unknown;
}

const OWN = new Set(['timeout', 'catchAll', 'signal', 'retries', 'priority']);

/** The part of the metadata that travels, or null when nothing does. */
export function travelling(metadata: Metadata | undefined): Record<string, unknown> | null {
  if (metadata === undefined) return null;
  let travels: Record<string, unknown> | null = null;
  for (const key of Object.keys(metadata))
    if (!OWN.has(key)) (travels ??= Object.create(null) as Record<string, unknown>)[key] = metadata[key];
  return travels;
}

/** @throws TypeError */
export function checkRequest(task: string, metadata: Metadata | undefined): void {
  if (typeof task !== 'string' || task === '') throw new TypeError(`A task is named by a text that is not empty, not ${quoted(task)}.`);
  if (metadata === undefined) return;
  if (typeof metadata !== 'object' || (metadata as unknown) === null)
    throw new TypeError(`metadata must be an object, not ${quoted(metadata)}.`);
  const { signal, catchAll, retries, priority } = metadata;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError('metadata.signal must be an AbortSignal.');
  if (catchAll !== undefined && typeof catchAll !== 'boolean') throw new TypeError('metadata.catchAll must be true or false.');
  if (retries !== undefined && (!Number.isInteger(retries) || retries < 0)) throw new TypeError('metadata.retries must be a whole number.');
  if (priority !== undefined && (typeof priority !== 'number' || Number.isNaN(priority)))
    throw new TypeError('metadata.priority must be a number.');
}

/** For a request that is made later: a mistake is shown where it was made. @throws TypeError */
export function checkLaterRequest(task: string, metadata: Metadata | undefined): void {
  checkRequest(task, metadata);
  if (metadata?.timeout !== undefined) toMilliseconds(metadata.timeout, 'metadata.timeout');
}
