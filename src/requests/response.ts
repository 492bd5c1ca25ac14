import { performance } from '../performance';
import type { Metadata } from './metadata';
import type { SlaveRef } from './slave-ref';

/**
 * The members that responses of successful and failed tasks share.
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
  /** The number of the attempt: 1, 2, … */
  readonly attempt: number;
  /**
   * Executes a task with the value as its data, on the slaves that `to` selects.
   *
   * If the response has an error, no task is executed and `to` rejects with that error.
   *
   * @throws TypeError at once, for arguments of a wrong type
   */
  pipe(task: string, metadata?: Metadata): Builder;
}

/** The response of a task that succeeded. */
export interface SucceededResponse<Value, Slave = SlaveRef, Builder = unknown> extends ResponseBase<Slave, Builder> {
  /** Whether the task succeeded. */
  readonly ok: true;
  /** The value of the task. */
  readonly value: Value;
  /** Null: the task succeeded. */
  readonly error: null;
  /** Returns the value. */
  unwrap(): Value;
}

/** The response of a task that failed, or never ran. */
export interface FailedResponse<Slave = SlaveRef, Builder = unknown> extends ResponseBase<Slave, Builder> {
  /** Whether the task succeeded. */
  readonly ok: false;
  /** Undefined: the task failed. */
  readonly value: undefined;
  /** A `DistIOError` if dist-io failed the request, else the error that the task threw. */
  readonly error: Error;
  /** Throws the error. */
  unwrap(): never;
}

/**
 * The answer of a slave. Either `value` or `error` is meaningful; `error` is null after a success. Check `ok`, by which TypeScript
 * narrows the type.
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
