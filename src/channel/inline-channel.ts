import { AsyncResource } from 'node:async_hooks';
import { type Batch, readBatch } from '../protocol/batch';
import type { ToMaster, ToSlave } from '../protocol/messages';
import { copyBatch, decodeData } from '../protocol/slave-data';
import type { MasterChannel, OpenChannel, SlaveConfig, SpawnSpec } from './channel';
import { Claims } from '../protocol/claims';
import { integersIn, MEMORY_SIZE } from './shared-integers';
import { Outbox } from './outbox';
import { setImmediate } from '../platform';

/** The exports of the `entry` module of inline slaves. */
interface InlineEntry {
  readonly startInline: (config: SlaveConfig, channel: MasterChannel, target?: object) => Promise<void>;
}

/**
 * A slave in the master's own process and thread, for tests and debugging. Messages are encoded and decoded as in the other runtimes, so
 * that a program that works inline works in all of them. There is no isolation: `process.exit()` in a task ends the master.
 */
export const openInline: OpenChannel = (start, listener) => {
  const claims = new Claims(integersIn(new SharedArrayBuffer(MEMORY_SIZE)));
  let ended = false;
  let handle: ((message: ToSlave) => void) | undefined;
  const unread: ToSlave[] = [];

  const end = (code: number | null, signal: string | null, thrown?: unknown): void => {
    if (ended) return;
    // Messages sent so far must arrive, and before the end.
    toMaster.flush();
    ended = true;
    setImmediate(() => listener.end({ code, signal, stderrTail: '', thrown }));
  };

  // Both run in the async context of the slave's creator, as with a separate process, and not in that of the task or caller that sent the
  // batch.
  const receiveFromSlave = AsyncResource.bind((batch: Batch) => {
    for (const message of readBatch(batch)) listener.message(message as ToMaster);
  });
  const receiveFromMaster = AsyncResource.bind((batch: Batch) => {
    for (const message of readBatch(batch) as ToSlave[]) {
      if (handle === undefined) unread.push(message);
      else if (!ended) handle(message);
    }
  });
  const toMaster = new Outbox(start.config.maxPayload ?? Infinity, (batch) => ended || setImmediate(receiveFromSlave, batch), true);
  const toSlave = new Outbox(start.config.maxPayload ?? Infinity, (batch) => void setImmediate(receiveFromMaster, batch), true);

  const channel: MasterChannel = {
    claims: () => claims,
    data: start.data && decodeData(copyBatch(start.data)),
    sharesProcess: true,
    send: (message) => toMaster.send(message),
    setMaxPayload: (maxPayload) => toMaster.setMaxPayload(maxPayload),
    flush: () => toMaster.flush(),
    receive: (handler) => {
      handle = handler;
      for (const message of unread.splice(0)) if (!ended) handler(message);
    },
    end: () => end(0, null),
  };
  startInline(start, channel).catch((error: unknown) => end(1, null, error));

  return {
    pid: process.pid,
    claims,
    send: (...message) => toSlave.send(...message),
    kill: (signal) => end(null, signal),
    keepAlive: () => undefined,
  };
};

function startInline({ entry, config, target }: SpawnSpec, channel: MasterChannel): Promise<void> {
  // Not imported: src/channel must not depend on src/slave.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(entry) as InlineEntry).startInline(config, channel, target);
}
