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

/** What bounds a whole run of a pattern, on top of what each task's metadata say. */
export interface RunOptions {
  /** Ends the run when it is aborted: what runs is aborted, what has not been sent never is; all of it settles with an `AbortError`. */
  signal?: AbortSignal;
  /** How long the whole run may take: ms or a text such as `'5s'`; zero or less is for ever. Then all of it settles with a `TimeoutError`. Default: for ever. */
  timeout?: Duration;
}

export const RUN_RULES = { signal: abortSignal, timeout: toMilliseconds } satisfies Record<keyof RunOptions, OptionReader>;

/** What a request is aborted with when its run has ended without it. */
const RUN_ENDED = 'The run that this belonged to has ended.';

/**
 * One run of a pattern, from its start to its end: every request of the run is sent through it, and so is held within the
 * limits of the run. After `end`, nothing of the run is left.
 *
 * Signals are joined by hand: of `AbortSignal.any`, Node 20 keeps a trace in a long-lived signal for ever.
 */
export class PatternRun {
  private readonly timeout: number;
  private readonly deadline: number;
  private readonly controller = new AbortController();
  /** For tasks that have a signal of their own: aborted by that as well. */
  private readonly linkedControllers = new Map<AbortSignal, AbortController>();
  private readonly cleanups = new Set<() => void>();

  /** @throws TypeError */
  constructor(options: RunOptions = {}) {
    const { signal, timeout = Infinity } = readOptions(options, RUN_RULES);
    this.timeout = timeout;
    this.deadline = performance.now() + timeout;
    if (signal !== undefined) this.abortWith(signal, this.controller);
  }

  /** The same as the slave's own `request`, within the limits of the whole; once these are passed, nothing is sent. */
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
   * Calls back, once, when the limits of the whole are passed before it has ended.
   *
   * @param task what has to wait
   * @param slave the name of the slave that has answered already, if one has
   * @returns stops it; the end of the run does so too
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

  /** The run has ended, for whatever reason: what is still pending of it is aborted, and no listener and no timer stays. */
  end(): void {
    for (const cleanup of [...this.cleanups]) cleanup();
    for (const controller of [this.controller, ...this.linkedControllers.values()]) controller.abort(RUN_ENDED);
  }

  /** The signal of the run; joined with a task's own, where it has one. */
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
