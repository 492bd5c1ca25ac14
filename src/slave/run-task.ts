import type { Request } from '../protocol/messages';
import type { Done, Handler, TaskContext } from './handler';
import type { Slave } from './slave';

/** How a task ended. */
export type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

let requests = 0;

/** A task that is running. */
export class Run implements TaskContext {
  private controller: AbortController | undefined;

  constructor(
    private readonly request: Request,
    readonly slave: Slave,
  ) {}

  get metadata(): Readonly<Record<string, unknown>> {
    return this.request.metadata ?? {};
  }

  /** Made when it is first looked at: most tasks never do. */
  get signal(): AbortSignal {
    return (this.controller ??= new AbortController()).signal;
  }

  get attempt(): number {
    return this.request.attempt;
  }

  /** Counted here: the id of a request is used again once it has been answered. */
  readonly requestId = ++requests;

  cancel(reason: Error): void {
    (this.controller ??= new AbortController()).abort(reason);
  }

  /** Calls the handler; `settle` is called exactly once, if the handler ever completes. */
  start(handler: Handler, settle: (outcome: Outcome) => void): void {
    let settled = false;
    const complete = (outcome: Outcome): void => {
      if (settled) return;
      settled = true;
      settle(outcome);
    };
    const done: Done = (result) => complete(result instanceof Error ? { ok: false, error: result } : { ok: true, value: result });
    // A handler without `done` has no other way to say that it has finished with nothing to tell.
    const returned = (value: unknown): void => {
      if (value !== undefined || handler.length < 2) complete({ ok: true, value });
    };
    try {
      const result = handler(this.request.data, done, this);
      if (isThenable(result)) result.then(returned, (error: unknown) => complete({ ok: false, error }));
      else returned(result);
    } catch (error) {
      complete({ ok: false, error });
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
