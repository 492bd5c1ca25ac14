import { type MessagePort, parentPort, receiveMessageOnPort, type Transferable } from 'node:worker_threads';
import { type Batch, readBatch } from '../protocol/batch';
import type { ToSlave } from '../protocol/messages';
import { decodeData } from '../protocol/slave-data';
import type { MasterChannel, SlaveConfig } from './channel';
import { Claims } from '../protocol/claims';
import { integersIn } from './shared-integers';
import { drainOutput } from './drain-output';
import { Outbox } from './outbox';

/** The exit code of a thread that has closed its port to the master. */
export const CLOSED_CODE = 93;

/** The slave's end of a thread channel. */
export function connectThread(config: SlaveConfig): MasterChannel {
  const port = parentPort;
  if (port === null) throw new Error('This code does not run in a worker thread.');
  // Node does not report the closed port at the master's end, so that the exit code does.
  port.on('close', () => process.exit(CLOSED_CODE));
  const outbox = new Outbox(config.maxPayload ?? Infinity, (batch) => post(port, batch), true);
  const memory = receiveFirst(port) as SharedArrayBuffer;
  return {
    claims: () => new Claims(integersIn(memory)),
    data: config.hasData ? decodeData(receiveFirst(port) as Batch) : undefined,
    sharesProcess: true,
    send: (message) => outbox.send(message),
    setMaxPayload: (maxPayload) => outbox.setMaxPayload(maxPayload),
    flush: () => outbox.flush(),
    receive: (handler) =>
      port.on('message', (posted: PostedBatch) => {
        for (const message of readBatch(received(posted)) as ToSlave[]) handler(message);
      }),
    end: () => {
      outbox.flush();
      // Some releases of Node lose buffered output when a thread exits.
      drainOutput(() => process.exit());
    },
  };
}

/** Waits for a message synchronously. The master posts the first ones right after it has started the thread. */
function receiveFirst(port: MessagePort): unknown {
  const sleepCell = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (received !== undefined) return received.message;
    Atomics.wait(sleepCell, 0, 0, 1);
  }
}

/** A batch as it is posted: a string is cloned faster than an object, and most batches have no blobs. */
export type PostedBatch = Batch | string;

/** Posts a batch and transfers its blobs. They were copied when the message was packed, so that no second copy is needed. */
export function post(to: { postMessage(value: PostedBatch, transfer?: readonly Transferable[]): void }, batch: Batch): void {
  const { json, blobs, objects, moved = [] } = batch;
  if (blobs.length === 0 && objects === undefined) to.postMessage(json);
  else to.postMessage({ json, blobs, objects }, [...blobs.map((blob) => blob.buffer as ArrayBuffer), ...(moved as Transferable[])]);
}

/** What {@link post} has posted. */
export function received(posted: PostedBatch): Batch {
  return typeof posted === 'string' ? { json: posted, blobs: [] } : posted;
}
