import { Worker } from 'node:worker_threads';
import { type Batch, readBatch } from '../protocol/batch';
import type { ToMaster } from '../protocol/messages';
import type { OpenChannel } from './channel';
import { CONFIG_VARIABLE } from './connect';
import { post } from './connect-thread';
import { Outbox } from './outbox';
import { preload } from './preload';
import { StderrTail } from './stderr-tail';

/**
 * A slave in a thread of this process.
 *
 * Batches travel as one string and their bytes: faster than one structured clone for each message, and what may travel is
 * the same in every world.
 */
export const openThread: OpenChannel = (start, listener) => {
  const { config, stdout, stderr } = start;
  const fail = (error: Error) => process.nextTick(() => listener.end({ code: null, signal: null, stderrTail: '', error }));
  let worker: Worker;
  try {
    worker = new Worker(config.file, {
      argv: [...start.args],
      execArgv: [...start.execArgv, ...preload(start)],
      env: { ...start.env, [CONFIG_VARIABLE]: JSON.stringify(config) },
      name: config.title ?? undefined,
      stdout: stdout !== 'inherit',
      stderr: true,
    });
  } catch (error) {
    fail(error as Error);
    return { pid: undefined, send: () => undefined, kill: () => undefined };
  }

  const tail = new StderrTail(worker.stderr, stderr);
  if (stdout === 'ignore') worker.stdout.resume();
  else if (stdout !== 'inherit') worker.stdout.pipe(stdout, { end: false });

  let fault: Error | undefined;
  worker.on('message', (batch: Batch) => {
    let messages: ToMaster[];
    try {
      messages = readBatch(batch) as ToMaster[];
    } catch (error) {
      fault = new Error(`It sent what is no message (${(error as Error).message}).`);
      void worker.terminate();
      return;
    }
    for (const message of messages) listener.message(message);
  });
  let thrown: unknown;
  worker.on('error', (error) => (thrown = error));
  worker.on('exit', (code) => {
    // Its last words on stderr come just after it.
    setImmediate(() => listener.end({ code, signal: null, stderrTail: tail.toString(), error: fault, thrown }));
  });

  const outbox = new Outbox(config.maxPayload ?? Infinity, (batch) => post(worker, batch));
  return { pid: process.pid, send: (message, transfer) => outbox.send(message, transfer), kill: () => void worker.terminate() };
};
