import { types } from 'node:util';
import { lazily } from '../protocol/lazily';
import type { PayloadTooLargeError, SerializationError } from '../errors';
import { type Request, DEFAULT_WINDOW } from '../protocol/messages';
import { isStreamable, isThenable, type Streamable } from '../protocol/streamable';
import type { StreamReader as Reader } from '../protocol/stream-reader';
import type { StreamSink, StreamWriter as Writer } from '../protocol/stream-writer';
import { runInTrace } from '../protocol/trace-context';
import type { TracedCall } from '../protocol/traced-call';
import type { Done, Handler, TaskContext } from './handler';
import type { ProgressSender } from './progress-sender';
import { runInContext } from './task-context';
import type { Slave } from './slave';
import { type TaskDiagnostics, traceTask } from './task-diagnostics';
import { clearTimeout, setTimeout } from '../platform';

/** How a task ended. */
export type Outcome =
  | { type: 'value'; value: unknown }
  | { type: 'end' }
  | { type: 'error'; error: unknown }
  /** The stream had an item that cannot be sent. */
  | { type: 'refused'; error: SerializationError | PayloadTooLargeError };

/** Sends the messages of a run that precede its outcome. */
export interface RunChannel {
  /** @throws SerializationError, PayloadTooLargeError */
  item(run: Run, value: unknown): void;
  /** @throws SerializationError, PayloadTooLargeError */
  progress(run: Run, value: unknown): void;
  credit(run: Run, count: number): void;
  cancelInput(run: Run): void;
}

/** In ms: the time after which a handler that has not called its `done` is warned of. */
const REMINDER = 10_000;

let requests = 0;

/** A task that is running. */
export class Run implements TaskContext {
  private controller: AbortController | undefined;
  private input: Reader | undefined;
  private output: Writer | undefined;
  private progressSender: ProgressSender | undefined;
  private isSettled = false;
  private diagnostics: TracedCall<TaskDiagnostics> | undefined;

  constructor(
    readonly request: Request,
    readonly slave: Slave,
    private readonly channel: RunChannel,
  ) {}

  get metadata(): Readonly<Record<string, unknown>> {
    return this.request.metadata ?? {};
  }

  /** Created on first access: most tasks never use it. */
  get signal(): AbortSignal {
    return (this.controller ??= new AbortController()).signal;
  }

  get attempt(): number {
    return this.request.attempt;
  }

  /** In ms, by `monotonic()`: when it has begun; undefined if its time is not measured. */
  begun: number | undefined;

  /** A counter of its own, since the master reuses the ids of answered requests. */
  readonly requestId = ++requests;

  /** A function that does not need `this`, so that `const { progress } = context` works. */
  get progress(): (value: unknown) => void {
    return (value) => {
      if (this.isSettled) return;
      this.progressSender ??= new (lazy.progress().ProgressSender)(
        (value) => this.channel.progress(this, value),
        this.slave.getOptions().maxPayload,
      );
      this.progressSender.report(value);
    };
  }

  private get window(): number {
    return this.request.window ?? DEFAULT_WINDOW;
  }

  /** Aborts the signal, fails the input and closes the output, so that its `finally` runs. */
  cancel(reason: unknown): void {
    this.within(() => {
      (this.controller ??= new AbortController()).abort(reason);
      this.input?.fail(reason, true);
      this.output?.close();
    });
  }

  /** Adds an item to the data stream. */
  push(value: unknown): void {
    this.input?.push(value);
  }

  /** Ends the data stream. */
  end(failure?: { error: unknown }): void {
    if (failure === undefined) this.input?.end();
    else this.input?.fail(failure.error);
  }

  grant(of: 'items' | 'progress', count: number): void {
    if (of === 'items') this.output?.grant(count);
    else this.progressSender?.grant(count);
  }

  /**
   * Calls the handler. If it ever completes, `settle` is called exactly once: when its promise settles or its stream ends, when it calls
   * the `done` that it declares, else when it returns.
   */
  start(handler: Handler, settle: (run: Run, outcome: Outcome) => void): void {
    const { task } = this.request;
    let isComplete = false;
    let reminder: NodeJS.Timeout | undefined;
    const complete = (outcome: Outcome): void => {
      if (isComplete) return lazy.warnings().warnSecondCompletion(task, outcome.type === 'error' ? outcome.error : undefined);
      isComplete = true;
      clearTimeout(reminder);
      if (outcome.type === 'value' && isStreamable(outcome.value)) this.openOutput(outcome.value, settle);
      else this.settle(outcome, settle);
    };
    const fail = (error: unknown): void => complete({ type: 'error', error });
    const done: Done = (first?: unknown, second?: unknown) => {
      if (isError(first)) fail(first);
      else complete({ type: 'value', value: second === undefined ? first : (first ?? second) });
    };
    // After `done`, an async function resolves undefined: that is not a second completion.
    const resolved = (value: unknown): void => {
      if (!isComplete || value !== undefined) complete({ type: 'value', value });
    };
    try {
      const result = this.call(handler, done);
      if (isThenable(result)) result.then(resolved, fail);
      else if (handler.length < 2 || isStreamable(result)) resolved(result);
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- `done` may have been called meanwhile
      else if (result !== undefined && !isComplete) {
        reminder = setTimeout(() => lazy.warnings().warnIgnoredValue(task, result, REMINDER / 1000), REMINDER).unref();
      }
    } catch (error) {
      fail(error);
    }
  }

  /** Lets this run publish its events. Called before `start`; the run behind cached results publishes nothing. */
  trace(): void {
    this.diagnostics = traceTask(this.request.task, this.request.data, this);
  }

  /** Publishes that the task has ended. */
  publish(outcome: Outcome): void {
    if (this.diagnostics === undefined) return;
    if (outcome.type === 'error' || outcome.type === 'refused') this.diagnostics.settle({ error: outcome.error });
    else this.diagnostics.settle({ result: outcome.type === 'value' ? outcome.value : undefined });
  }

  private call(handler: Handler, done: Done): unknown {
    const data = this.openInput();
    const call = (): unknown => handler(data, done, this);
    return this.enter(() => (this.diagnostics === undefined ? call() : this.diagnostics.start(call)));
  }

  /** Calls back in the trace of the caller and with this as `Slave.context()`. */
  private enter<Result>(call: () => Result): Result {
    return runInContext(this, () => runInTrace(this.request.metadata, call));
  }

  /** Calls back in the async context of the handler, with the stores of subscribers. */
  private within<Result>(call: () => Result): Result {
    return this.diagnostics === undefined ? this.enter(call) : this.diagnostics.within(call);
  }

  private settle(outcome: Outcome, settle: (run: Run, outcome: Outcome) => void): void {
    this.progressSender?.flush();
    this.isSettled = true;
    settle(this, outcome);
  }

  private openInput(): unknown {
    if (this.request.input === undefined) return this.request.data;
    return (this.input = new (lazy.reader().StreamReader)(this.window, {
      credit: (count) => this.isSettled || this.channel.credit(this, count),
      stop: () => this.isSettled || this.channel.cancelInput(this),
    }));
  }

  private openOutput(source: Streamable, settle: (run: Run, outcome: Outcome) => void): void {
    const target: StreamSink = {
      item: (value) => {
        try {
          this.channel.item(this, value);
          return true;
        } catch (error) {
          this.settle({ type: 'refused', error: error as SerializationError }, settle);
          return false;
        }
      },
      end: (failure) => this.settle(failure === undefined ? { type: 'end' } : { type: 'error', error: failure.error }, settle),
    };
    // A generator's body runs at `next`, not when the handler is called, and needs the same context.
    this.output = this.within(() => new (lazy.writer().StreamWriter)(source, this.window, target));
    if (this.controller?.signal.aborted) this.output.close();
  }
}

/* eslint-disable @typescript-eslint/no-require-imports -- each file that a slave loads delays its first answer, and most never stream */
const lazy = {
  warnings: lazily(() => require('./completion-warnings') as typeof import('./completion-warnings')),
  progress: lazily(() => require('./progress-sender') as typeof import('./progress-sender')),
  reader: lazily(() => require('../protocol/stream-reader') as typeof import('../protocol/stream-reader')),
  writer: lazily(() => require('../protocol/stream-writer') as typeof import('../protocol/stream-writer')),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** Accepts errors of other realms, such as Node's own in a test runner's sandbox. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}
