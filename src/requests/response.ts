import type { Metadata } from './metadata';
import type { SlaveHandle } from '../handles/slave-handle';
import type { BroadcastBuilder } from '../handles/request-builders';

/** What every response tells, whether its task succeeded or failed. */
export interface ResponseBase {
  /** The id of the slave that answered. */
  readonly from: number;
  /** The slave that answered. */
  readonly slave: SlaveHandle;
  /** The task. */
  readonly task: string;
  /** When it was sent, in ms since 1970, with fractions. */
  readonly sent: number;
  /** When the answer came, in ms since 1970, with fractions. */
  readonly received: number;
  /** How long it took from sending to answer, in ms. */
  readonly duration: number;
  /** Which try this was: 1, 2, … */
  readonly attempt: number;
  /**
   * Hands the value on: executes a task with it as data, where `to` says.
   *
   * A response with an error is not handed on: then `to` rejects with that error.
   *
   * @throws TypeError at once, for arguments of a wrong type
   */
  pipe(task: string, metadata?: Metadata): BroadcastBuilder;
}

/** The response of a task that succeeded. */
export interface SucceededResponse<Value> extends ResponseBase {
  /** Whether all went well. */
  readonly ok: true;
  /** What the task completed with. */
  readonly value: Value;
  /** Null: nothing went wrong. */
  readonly error: null;
  /** Returns the value. */
  unwrap(): Value;
}

/** The response of a task that failed, or never ran. */
export interface FailedResponse extends ResponseBase {
  /** Whether all went well. */
  readonly ok: false;
  /** There is none. */
  readonly value: undefined;
  /** What went wrong: a `DistIOError` when the fault is not the task's, else what the task threw. */
  readonly error: Error;
  /** Throws the error. */
  unwrap(): never;
}

/**
 * What a slave answered. Exactly one of `value` and `error` has a meaning: `error` is null when all went well. Look at `ok`
 * to tell TypeScript which.
 */
export type Response<Value = unknown> = SucceededResponse<Value> | FailedResponse;

class SettledResponse {
  /** The console shows it. */
  static readonly name = 'Response';

  readonly from: number;
  // Private, since whoever prints a response does not mean the slave with all that it holds.
  readonly #slave: SlaveHandle;

  constructor(
    slave: SlaveHandle,
    readonly task: string,
    readonly sent: number,
    readonly received: number,
    readonly error: Error | null,
    readonly value: unknown,
    readonly attempt: number,
  ) {
    this.#slave = slave;
    this.from = slave.id;
  }

  get slave(): SlaveHandle {
    return this.#slave;
  }

  get ok(): boolean {
    return this.error === null;
  }

  get duration(): number {
    return this.received - this.sent;
  }

  unwrap(): unknown {
    if (this.error !== null) throw this.error;
    return this.value;
  }

  pipe(task: string, metadata?: Metadata): BroadcastBuilder {
    return this.#slave.pipe(this as unknown as Response, task, metadata);
  }
}

/** @internal */
export const createResponse = (...parts: ConstructorParameters<typeof SettledResponse>): Response =>
  new SettledResponse(...parts) as unknown as Response;
