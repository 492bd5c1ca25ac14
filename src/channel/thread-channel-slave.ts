import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { type Batch, readBatch } from '../protocol/batch';
import type { ToSlave } from '../protocol/messages';
import { decodeData } from '../protocol/slave-data';
import type { MasterChannel, SlaveConfig } from './channel';
import { drainOutput } from './drain-output';
import { Outbox } from './outbox';

/** The exit code of a thread that has closed its port to the master. */
export const CLOSED_CODE = 93;

/** The slave's end of a thread channel: the inverse of `openThread`. */
export function connectThread(config: SlaveConfig): MasterChannel {
  const port = parentPort;
  if (port === null) throw new Error('not in a worker thread');
  // The master's end does not tell that this one has closed.
  port.on('close', () => process.exit(CLOSED_CODE));
  const outbox = new Outbox(config.maxPayload ?? Infinity, (batch) => post(port, batch));
  return {
    data: config.hasData ? decodeData(receiveFirst(port)) : undefined,
    send: (message) => outbox.send(message),
    setMaxPayload: (maxPayload) => outbox.setMaxPayload(maxPayload),
    flush: () => outbox.flush(),
    receive: (handler) =>
      port.on('message', (batch: Batch) => {
        for (const message of readBatch(batch) as ToSlave[]) handler(message);
      }),
    end: () => {
      outbox.flush();
      // Not every release of Node sends what is left of it when a thread exits.
      drainOutput(() => process.exit());
    },
  };
}

/** Waits for the first message without the event loop. The master has posted it, or is about to: the thread was started a moment before. */
function receiveFirst(port: MessagePort): Batch {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message as Batch;
    Atomics.wait(nap, 0, 0, 1);
  }
}

/** The bytes were copied when they were packed: they can move instead of being copied again. */
export function post(to: { postMessage(value: unknown, transfer: readonly ArrayBuffer[]): void }, batch: Batch): void {
  to.postMessage(
    batch,
    batch.blobs.map((blob) => blob.buffer as ArrayBuffer),
  );
}
