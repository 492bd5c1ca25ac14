import { DistIOError } from './dist-io-error';

/** A value cannot travel between master and slave. The slave lives on. */
export class SerializationError extends DistIOError {
  /** @internal */
  static readonly code = 'NOT_SERIALIZABLE';
  readonly code = SerializationError.code;

  /** @internal */
  constructor(
    /** Where in the message the value stands, such as `data.items[3].fn`. */
    readonly path: string,
    /** What stands there, such as `a function`. */
    readonly found: string,
  ) {
    super(`${path} is ${found}, which cannot travel. Send plain data instead, or give the object a toJSON() method.`);
  }
}

/** A message is larger than `maxPayload`. It was refused by its sender; nothing was sent. */
export class PayloadTooLargeError extends DistIOError {
  /** @internal */
  static readonly code = 'PAYLOAD_TOO_LARGE';
  readonly code = PayloadTooLargeError.code;

  /** @internal */
  constructor(
    /** The size of the message in bytes, or `Infinity` when it was too large to be measured. */
    readonly size: number,
    /** The limit in bytes. */
    readonly limit: number,
  ) {
    super(`The message has ${size} bytes, more than the limit of ${limit}. Send it in parts, or raise maxPayload if that is the limit.`);
  }
}
