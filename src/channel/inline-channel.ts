import { AsyncResource } from 'node:async_hooks';
import { type Batch, readBatch } from '../protocol/batch';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { copyBatch, decodeData } from '../protocol/slave-data';
import type { MasterChannel, OpenChannel, SlaveConfig } from './channel';
import { Outbox } from './outbox';
import { setImmediate } from '../platform';

/** What the slave room offers for this world, under `entry`. */
interface InlineEntry {
  readonly startInline: (config: SlaveConfig, channel: MasterChannel, target?: object) => Promise<void>;
}

/**
 * A slave inside the master's own process and thread, for tests and debugging. What travels is encoded and decoded as in
 * the other worlds, so that a program which runs inline runs anywhere; but nothing is contained: `process.exit()` in a task
 * ends the master.
 */
export const openInline: OpenChannel = (start, listener) => {
  const { config } = start;
  const maxPayload = config.maxPayload ?? Infinity;
  let ended = false;
  let handle: ((message: ToSlave) => void) | undefined;
  const waiting: ToSlave[] = [];

  const end = (code: number | null, signal: string | null, thrown?: unknown): void => {
    if (ended) return;
    // What it has said until now arrives, and before its end.
    toMaster.flush();
    ended = true;
    setImmediate(() => listener.end({ code, signal, stderrTail: '', thrown }));
  };

  // Both run in the async context of the creator, as if the batch came from another process, and not in that of the task or caller that
  // sent it.
  const receiveFromSlave = AsyncResource.bind((batch: Batch) => {
    for (const message of readBatch(batch) as ToMaster[]) listener.message(message);
  });
  const receiveFromMaster = AsyncResource.bind((batch: Batch) => {
    for (const message of readBatch(batch) as ToSlave[]) {
      if (handle === undefined) waiting.push(message);
      else if (!ended) handle(message);
    }
  });
  const toMaster = new Outbox(maxPayload, (batch) => {
    if (!ended) setImmediate(receiveFromSlave, batch);
  });
  const toSlave = new Outbox(maxPayload, (batch) => void setImmediate(receiveFromMaster, batch));

  const channel: MasterChannel = {
    data: start.data === undefined ? undefined : decodeData(copyBatch(start.data)),
    send: (message) => toMaster.send(message),
    setMaxPayload: (maxPayload) => toMaster.setMaxPayload(maxPayload),
    flush: () => toMaster.flush(),
    receive: (handler) => {
      handle = handler;
      for (const message of waiting.splice(0)) if (!ended) handler(message);
    },
    end: () => end(0, null),
  };
  // Loaded here and not imported: what is at the far end of a channel is not the channel's to know.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { startInline } = require(start.entry) as InlineEntry;
  startInline(config, channel, start.target).catch((error: unknown) => end(1, null, error));

  return { pid: process.pid, send: (message, transfer) => toSlave.send(message, transfer), kill: (signal) => end(null, signal) };
};
