import { performance } from '../performance';
import type { Metadata } from './metadata';
import type { SlaveRef } from './slave-ref';

/**
 * What every response tells, whether its task succeeded or failed.
 *
 * @typeParam Slave the slave's type: for users a `SlaveHandle`
 * @typeParam Builder what `pipe` returns: for users a `PipeBuilder`
 */
export interface ResponseBase<Slave = SlaveRef, Builder = unknown> {
  /** The id of the slave that answered. */
  readonly from: number;
  /** The slave that answered. */
  readonly slave: Slave;
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
  pipe(task: string, metadata?: Metadata): Builder;
}

/** The response of a task that succeeded. */
export interface SucceededResponse<Value, Slave = SlaveRef, Builder = unknown> extends ResponseBase<Slave, Builder> {
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
export interface FailedResponse<Slave = SlaveRef, Builder = unknown> extends ResponseBase<Slave, Builder> {
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
export type Response<Value = unknown, Slave = SlaveRef, Builder = unknown> =
  SucceededResponse<Value, Slave, Builder> | FailedResponse<Slave, Builder>;

/** The outcome of one request. */
interface ResponseFacts<Slave extends SlaveRef> {
  slave: Slave;
  task: string;
  /** In ms since 1970, with fractions. */
  sent: number;
  /** In ms since 1970, with fractions. */
  received: number;
  error: Error | null;
  value: unknown;
  attempt: number;
}

class SettledResponse {
  /** The name that console.log shows. */
  static readonly name = 'Response';

  readonly from: number;
  readonly task: string;
  readonly sent: number;
  readonly received: number;
  readonly error: Error | null;
  readonly value: unknown;
  readonly attempt: number;
  // Private, so that console.log does not print the slave.
  readonly #slave: SlaveRef;

  constructor(facts: ResponseFacts<SlaveRef>) {
    this.from = facts.slave.id;
    this.task = facts.task;
    this.sent = facts.sent;
    this.received = facts.received;
    this.error = facts.error;
    this.value = facts.value;
    this.attempt = facts.attempt;
    this.#slave = facts.slave;
  }

  get slave(): SlaveRef {
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

  pipe(task: string, metadata?: Metadata): unknown {
    return this.#slave.pipe(this as unknown as Response, task, metadata);
  }
}

/** The response of a slave, with the builder that its `pipe` returns. */
type ResponseOf<Slave extends SlaveRef> = Response<unknown, Slave, ReturnType<Slave['pipe']>>;

/** @internal */
export function createResponse<Slave extends SlaveRef>(facts: ResponseFacts<Slave>): ResponseOf<Slave> {
  return new SettledResponse(facts) as unknown as ResponseOf<Slave>;
}

/** @internal The response to a request that was never sent, or not again. */
export function unsentResponse<Slave extends SlaveRef>(slave: Slave, task: string, error: Error | null, attempt = 1): ResponseOf<Slave> {
  const now = performance.timeOrigin + performance.now();
  return createResponse({ slave, task, sent: now, received: now, error, value: undefined, attempt });
}

/** @internal The same response with this error. */
export function withError<Slave extends SlaveRef, Builder>(
  response: FailedResponse<Slave, Builder>,
  error: Error,
): FailedResponse<Slave, Builder> {
  if (error === response.error) return response;
  const { slave, task, sent, received, attempt } = response;
  return createResponse({ slave, task, sent, received, error, value: undefined, attempt }) as unknown as FailedResponse<Slave, Builder>;
}
