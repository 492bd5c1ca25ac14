import { DistIOError } from './dist-io-error';

/** A value cannot be sent between master and slave. The slave keeps running. */
export class SerializationError extends DistIOError {
  /** @internal */
  static readonly code = 'NOT_SERIALIZABLE';
  readonly code = SerializationError.code;

  /** @internal */
  constructor(
    /** The path of the value in the message, such as `data.items[3].fn`. */
    readonly path: string,
    /** A description of the value, such as `a function`. */
    readonly found: string,
  ) {
    super(`${path} is ${found}, which cannot be sent. Send plain data instead, or give the object a toJSON() method.`);
  }
}

/** A message is larger than `maxPayload`. Its sender refuses it; nothing is sent. */
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
