/**
 * Malformed traffic: what a master and a slave have really sent each other, with bytes changed at random, is read by the code that reads
 * it in the other end. Nothing may hang, throw, or address what it must not. `FUZZ_RUNS` makes it longer,
 * `FUZZ_SEED` takes other numbers.
 */
import { strict as assert } from 'node:assert';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Master } from 'dist-io';
import type { MasterChannel, OpenChannel, SlaveConfig, SlaveListener } from '../../src/channel/channel';
import type { RuntimeTraits } from '../../src/channel/runtimes';
import { integersIn, MEMORY_SIZE } from '../../src/channel/shared-integers';
import { readMessages } from '../../src/protocol/batch';
import { BatchWriter } from '../../src/protocol/batch-writer';
import { Claims } from '../../src/protocol/claims';
import { FrameReader, writeFrame } from '../../src/protocol/frames';
import type { ToMaster, ToSlave } from '../../src/protocol/messages';
import { fixture } from '../support/fixture';
import { range } from '../support/range';
import { mutate, randomNumbers } from './mutation';

/* eslint-disable @typescript-eslint/no-require-imports -- an import cannot be changed */
const { RUNTIMES } = require('../../dist/channel/runtimes') as { RUNTIMES: { inline: { load: RuntimeTraits['load'] } } };
const { startInline } = require('../../dist/slave/inline-entry') as {
  startInline: (config: SlaveConfig, channel: MasterChannel) => Promise<void>;
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** In each direction. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 50_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20261126);

/** In bytes. */
const LIMIT = 3 * 1024 * 1024;

const FILE = fixture('traffic.js');

/** How many turns of the event loop everything may take to settle. */
const PATIENCE = 50;

type Messages = (ToMaster | ToSlave)[];

function* numbers(): Generator<number> {
  yield* [1, 2, 3];
}

/** Uses a slave in all ways: requests, streams in both directions, progress, errors, cancelling, pings, purges, jobs. */
function use(master: Master, warmUp = 1): { settled: Promise<unknown>; exit: () => Promise<unknown> } {
  const slave = master.createSlave(FILE, { alias: 'traffic', group: 'a group', maxPayload: '1mb' });
  const abort = new AbortController();
  const read = async (): Promise<number> => {
    const items: unknown[] = [];
    for await (const item of slave.stream('count', 5)) items.push(item);
    return items.length;
  };
  const pool = master.createWorkpool(slave, { refillTimeout: 0 });
  const handAhead = async (): Promise<unknown> => {
    // Until the slave has told that its tasks are short.
    for (let i = 0; i < warmUp; i++) await slave.exec('echo', i);
    const stop = new AbortController();
    const jobs = range(8).map((i) => pool.do('echo', i, i === 7 ? { signal: stop.signal } : undefined));
    stop.abort();
    return Promise.all(jobs);
  };
  const all = [
    handAhead(),
    slave.ready(),
    slave.exec('echo', { text: 'a ü €', list: [1, 2.5, null, undefined, 10n], date: new Date(0), map: new Map([['k', new Set([1])]]) }),
    slave.exec('echo', Buffer.from('some bytes')),
    slave.exec('echo', 7, { priority: 1, timeout: 60_000 }),
    slave.exec('fail', 'reason'),
    slave.exec('no such task'),
    slave.exec('report', 3, { onProgress: () => undefined }),
    slave.exec('sum', numbers()),
    slave.exec('wait', 1, { signal: abort.signal }),
    slave.exec('count', 4),
    read(),
    slave.ping(),
    master.purgeCache(),
  ];
  abort.abort(new Error('no longer needed'));
  return { settled: Promise.allSettled(all), exit: () => slave.exit({ pending: 'abort' }) };
}

/** The bytes of one frame for each message. */
function encode(messages: Messages): Buffer {
  const frames = messages.flatMap((message) => {
    const writer = new BatchWriter(LIMIT);
    writer.add(message);
    return writeFrame(writer.flush());
  });
  return Buffer.concat(frames);
}

/** Reads bytes as a channel does. @returns the messages before the first fault, and the fault */
function decode(bytes: Buffer): { messages: Messages; fault: unknown } {
  const messages: Messages = [];
  const reader = new FrameReader(LIMIT);
  try {
    reader.read(bytes, (batch) => readMessages(batch, messages));
  } catch (fault) {
    return { messages, fault };
  }
  assert.ok(reader.missing <= LIMIT, `it waits for ${reader.missing} bytes`);
  return { messages, fault: undefined };
}

async function within(promise: Promise<unknown>, about: string): Promise<void> {
  const late = async (): Promise<never> => {
    for (let turn = 0; turn < PATIENCE; turn++) await nextTurn();
    throw new Error(about);
  };
  await Promise.race([promise, late()]);
}

describe('model: malformed traffic', () => {
  const { load } = RUNTIMES.inline;
  const recorded: { toMaster: Messages; toSlave: Messages } = { toMaster: [], toSlave: [] };

  before(async () => {
    const open = load();
    const recording: OpenChannel = (start, listener) => {
      const message = (message: ToMaster): void => {
        recorded.toMaster.push(message);
        listener.message(message);
      };
      const channel = open(start, { ...listener, message });
      return {
        ...channel,
        send: (message, transfer) => {
          recorded.toSlave.push(message);
          return channel.send(message, transfer);
        },
      };
    };
    RUNTIMES.inline.load = () => recording;
    const { settled, exit } = use(new Master({ runtime: 'inline' }), 50);
    await settled;
    await exit();
  });

  after(() => {
    RUNTIMES.inline.load = load;
  });

  it('recording - has all kinds of messages', () => {
    const kinds = (messages: Messages) => [...new Set(messages.map(({ type }) => type))].sort();
    assert.deepEqual(kinds(recorded.toMaster), ['end', 'error', 'item', 'pace', 'pong', 'progress', 'purged', 'ready', 'refused', 'value']);
    assert.deepEqual(kinds(recorded.toSlave), ['cancel', 'end', 'exit', 'item', 'ping', 'purge', 'request', 'revoke']);
  });

  it(`to the master - ${RUNS} mutations: every call settles, and nothing is thrown`, async () => {
    const random = randomNumbers(SEED);
    const bytes = encode(recorded.toMaster);
    let listener: SlaveListener | undefined;
    RUNTIMES.inline.load = () => (_start, given) => {
      listener = given;
      return { pid: 1, send: () => 0, kill: () => undefined, keepAlive: () => undefined };
    };
    const master = new Master({ runtime: 'inline' });
    for (let run = 0; run < RUNS; run++) {
      const { settled } = use(master);
      const { messages, fault } = decode(mutate(bytes, random));
      for (const message of messages as ToMaster[]) listener?.message(message);
      await nextTurn();
      listener?.end({ code: 1, signal: null, stderrTail: '', error: fault as Error | undefined });
      await within(settled, `mutation ${run} of the seed ${SEED}: a call hangs`);
    }
  });

  it(`to the slave - ${RUNS} mutations: nothing is thrown, and it ends when asked to`, async () => {
    const random = randomNumbers(SEED);
    const bytes = encode(recorded.toSlave.filter(({ type }) => type !== 'exit'));
    const config = {
      runtime: 'inline',
      id: 0,
      alias: null,
      group: null,
      title: null,
      file: FILE,
      maxPayload: LIMIT,
      hasData: false,
    } as const;
    for (let run = 0; run < RUNS; run++) {
      let handle: ((message: ToSlave) => void) | undefined;
      const ended = new Promise<void>((resolve) => {
        const channel: MasterChannel = {
          data: undefined,
          claims: () => new Claims(integersIn(new SharedArrayBuffer(MEMORY_SIZE))),
          sharesProcess: true,
          send: () => 0,
          receive: (handler) => (handle = handler),
          setMaxPayload: () => undefined,
          flush: () => undefined,
          end: resolve,
        };
        void startInline(config, channel);
      });
      await nextTurn();
      for (const message of decode(mutate(bytes, random)).messages as ToSlave[]) handle?.(message);
      await nextTurn();
      handle?.({ type: 'exit', pending: 'abort' });
      await within(ended, `mutation ${run} of the seed ${SEED}: the slave does not end`);
    }
  });
});
