import type { ToSlave } from '../protocol/messages';
import type { StreamSink } from '../protocol/stream-writer';

/** The request whose data are a stream. */
interface InputHost {
  isPending(): boolean;
  /** @throws SerializationError, PayloadTooLargeError */
  send(message: ToSlave): void;
  fail(error: Error): void;
}

/** Sends the items of data that are a stream, while the request is pending. One that cannot be sent fails the request. */
export function inputTarget(id: number, request: InputHost): StreamSink {
  const send = (message: ToSlave): boolean => {
    if (!request.isPending()) return true;
    try {
      request.send(message);
      return true;
    } catch (error) {
      request.fail(error as Error);
      return false;
    }
  };
  return {
    item: (value) => send({ type: 'item', id, value }),
    end: (failure) => void send(failure === undefined ? { type: 'end', id } : { type: 'error', id, error: failure.error }),
  };
}
