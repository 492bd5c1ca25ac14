import { Worker } from 'node:worker_threads';
import { type Batch, readMessages } from '../protocol/batch';
import type { ToMaster } from '../protocol/messages';
import { CLOSED_CHANNEL, type OpenChannel } from './channel';
import { CONFIG_VARIABLE } from './connect';
import { CLOSED_CODE, post } from './thread-channel-slave';
import { Outbox } from './outbox';
import { preloadArgs } from './preload-args';
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
      execArgv: [...start.execArgv, ...preloadArgs(start)],
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

  let isEnding = false;
  /** Once: each call of `terminate` adds a listener. */
  const terminate = (): void => {
    if (isEnding) return;
    isEnding = true;
    void worker.terminate();
  };

  let protocolError: Error | undefined;
  worker.on('message', (batch: Batch) => {
    if (protocolError !== undefined) return;
    const messages: ToMaster[] = [];
    try {
      readMessages(batch, messages);
    } catch (error) {
      protocolError = new Error(`It sent what is no message (${(error as Error).message}).`);
      terminate();
    }
    for (const message of messages) listener.message(message);
  });
  let thrown: unknown;
  worker.on('error', (error) => (thrown = error));
  worker.on('exit', (code) => {
    isEnding = true;
    if (code === CLOSED_CODE) protocolError ??= new Error(CLOSED_CHANNEL);
    // Its last words on stderr come just after it.
    setImmediate(() => listener.end({ code, signal: null, stderrTail: tail.toString(), error: protocolError, thrown }));
  });

  const outbox = new Outbox(config.maxPayload ?? Infinity, (batch) => post(worker, batch));
  return { pid: process.pid, send: (message, transfer) => outbox.send(message, transfer), kill: terminate };
};
