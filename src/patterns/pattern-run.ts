import { AbortError, TimeoutError } from '../errors';
import { type AbortSubscription, onAbort } from '../requests/on-abort';
import type { Metadata } from '../requests/metadata';
import type { Response } from '../handles/slave-response';
import { unsentResponse } from '../requests/response';
import type { SlaveHandle } from '../handles/slave-handle';
import { closeIfUnsent } from '../protocol/streamable';
import { abortSignal, readOptions, type OptionReader } from '../option-rules';
import { startTimer } from '../requests/start-timer';
import { type Duration, toMilliseconds } from '../units';
import { performance } from '../performance';
import { clearTimeout } from '../platform';

/** Limits for a whole run of a pattern, in addition to those in the metadata of each task. */
export interface RunOptions {
  /** Ends the run when aborted: running requests are aborted, unsent ones are not sent. All of them settle with an `AbortError`. */
  signal?: AbortSignal;
  /**
   * Time limit of the whole run: ms or a string such as `'5s'`; zero or less means no limit. When it is exceeded, unfinished requests
   * settle with a `TimeoutError`. Default: no limit.
   */
  timeout?: Duration;
}

export const RUN_RULES = { signal: abortSignal, timeout: toMilliseconds } satisfies Record<keyof RunOptions, OptionReader>;

/** The abort reason of requests that are pending when their run ends. */
const RUN_ENDED = 'The run of this request has ended.';

/**
 * One run of a pattern. Sends all requests of the run and applies the limits of the run to them. After `end`, no request, listener or timer
 * of the run remains.
 *
 * Not `AbortSignal.any`: on Node 20 it leaks memory into long-lived signals.
 */
export class PatternRun {
  private readonly timeout: number;
  private readonly deadline: number;
  private readonly controller = new AbortController();
  /** Controllers for tasks with their own signal, aborted by that signal or with the run. */
  private readonly linkedControllers = new Map<AbortSignal, AbortController>();
  private readonly cleanups = new Set<() => void>();

  /** @throws TypeError */
  constructor(options: RunOptions = {}) {
    const { signal, timeout = Infinity } = readOptions(options, RUN_RULES);
    this.timeout = timeout;
    this.deadline = performance.now() + timeout;
    if (signal !== undefined) this.abortWith(signal, this.controller);
  }

  /** Sends a request within the limits of the run. After the timeout of the run, nothing is sent. */
  request(slave: SlaveHandle, task: string, data: unknown, own?: Metadata): Promise<Response> {
    const remaining = Math.ceil(this.deadline - performance.now());
    if (remaining <= 0) {
      closeIfUnsent(data);
      return this.unsent(slave, task, own);
    }
    const metadata = { ...own, signal: this.signal(own?.signal) };
    const timeout = own?.timeout === undefined ? slave.timeoutOf(task) : toMilliseconds(own.timeout, 'metadata.timeout');
    if (timeout <= remaining) return slave.request(task, data, metadata);
    return slave.request(task, data, { ...metadata, timeout: remaining }, { reportedTimeout: this.timeout });
  }

  /**
   * Calls back once, when the run is aborted or times out before it has ended.
   *
   * @param task name of the waiting task, for the error
   * @param slave name of the slave that has already answered, if any, for the error
   * @returns a function that cancels the callback; the end of the run cancels it too
   */
  onLimit(task: string, callback: (error: AbortError | TimeoutError) => void, slave: string | null = null): () => void {
    const { signal } = this.controller;
    let timer: NodeJS.Timeout | undefined;
    let subscription: AbortSubscription | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      subscription?.cancel();
      this.cleanups.delete(stop);
    };
    const over = (error: AbortError | TimeoutError): void => {
      stop();
      callback(error);
    };
    const aborted = (): void => over(new AbortError(task, signal.reason));
    const timedOut = (): void => over(new TimeoutError(task, slave, this.timeout));
    if (signal.aborted) {
      aborted();
    } else {
      this.cleanups.add(stop);
      subscription = onAbort(signal, aborted);
      timer = startTimer(this.deadline - performance.now(), timedOut);
    }
    return stop;
  }

  /** Ends the run: aborts its pending requests and removes its listeners and timers. */
  end(): void {
    for (const cleanup of [...this.cleanups]) cleanup();
    for (const controller of [this.controller, ...this.linkedControllers.values()]) controller.abort(RUN_ENDED);
  }

  /** The signal of the run, combined with the task's own signal, if any. */
  private signal(own: AbortSignal | undefined): AbortSignal {
    if (own === undefined) return this.controller.signal;
    let joined = this.linkedControllers.get(own);
    if (joined === undefined) {
      joined = new AbortController();
      this.linkedControllers.set(own, joined);
      this.abortWith(this.controller.signal, joined);
      this.abortWith(own, joined);
    }
    return joined.signal;
  }

  private abortWith(signal: AbortSignal, controller: AbortController): void {
    if (signal.aborted) return controller.abort(signal.reason);
    const subscription = onAbort(signal, () => controller.abort(signal.reason));
    this.cleanups.add(() => subscription.cancel());
  }

  private unsent(slave: SlaveHandle, task: string, own: Metadata | undefined): Promise<Response> {
    const error = new TimeoutError(task, null, this.timeout);
    if (own?.rejectOnError ?? slave.rejectOnError) return Promise.reject(error);
    return Promise.resolve(unsentResponse(slave, task, error));
  }
}
