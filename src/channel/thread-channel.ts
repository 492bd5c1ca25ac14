import { Worker } from 'node:worker_threads';
import { type Batch, readMessages } from '../protocol/batch';
import type { SendOptions } from '../protocol/batch-writer';
import type { ToMaster, ToSlave } from '../protocol/messages';
import type { DeathReason } from '../errors';
import { CLOSED_CHANNEL, NO_CHANNEL, type OpenChannel, type SlaveChannel, type SlaveListener, type SpawnSpec } from './channel';
import { Claims } from '../protocol/claims';
import { integersIn, MEMORY_SIZE } from './shared-integers';
import { CONFIG_VARIABLE } from './connect';
import { CLOSED_CODE, post, type PostedBatch, received } from './thread-channel-slave';
import { Outbox } from './outbox';
import { preloadArgs } from './preload-args';
import { SlaveOutput } from './slave-output';
import { wait, type Wait } from './wait';
import { toJson } from '../protocol/json';
import { inRealTicks, nextTick, setImmediate } from '../platform';

/** In ms: how long a terminated thread may take to end. */
const TERMINATION = 1000;

/**
 * A slave in a thread of this process.
 *
 * A batch is posted as one string and its bytes. This is faster than one structured clone for each message, and it accepts the same
 * values as the other runtimes.
 */
export const openThread: OpenChannel = (start, listener) => {
  try {
    return inRealTicks(() => new SlaveThread(startWorker(start), start, listener));
  } catch (error) {
    nextTick(() => listener.end({ code: null, signal: null, stderrTail: '', error: error as Error }));
    return NO_CHANNEL;
  }
};

function startWorker(start: SpawnSpec): Worker {
  const { config } = start;
  const worker = new Worker(config.file, {
    argv: [...start.args],
    execArgv: [...start.execArgv, ...preloadArgs(start)],
    env: { ...start.env, [CONFIG_VARIABLE]: toJson(config) },
    name: config.title ?? undefined,
  });
  // Node pipes them to its own. With its options `stdout` and `stderr` it does not, but then reading them keeps the program alive for as
  // long as the thread lives, whatever `unref` says.
  for (const output of [worker.stdout, worker.stderr]) output.unpipe().resume();
  return worker;
}

class SlaveThread implements SlaveChannel {
  readonly pid = process.pid;
  readonly claims: Claims;
  private readonly outbox: Outbox;
  private readonly output = new SlaveOutput(() => this.endIfComplete());
  /** Whether an exit was requested. If so, the end is reported only when all output has arrived. */
  private isAsked = false;
  private termination: Wait | undefined;
  private exitCode: number | undefined;
  private hasEnded = false;
  private fault: Error | undefined;
  private reason: DeathReason | undefined;
  private thrown: unknown;

  constructor(
    private readonly worker: Worker,
    { config, data, stdout, stderr }: SpawnSpec,
    private readonly listener: SlaveListener,
  ) {
    const memory = new SharedArrayBuffer(MEMORY_SIZE);
    this.claims = new Claims(integersIn(memory));
    // Posted first: the thread blocks until they arrive.
    worker.postMessage(memory);
    if (data !== undefined) worker.postMessage(data);
    this.output.forward(worker.stdout, stdout, process.stdout);
    this.output.keepTail(worker.stderr);
    this.output.forward(worker.stderr, stderr, process.stderr);
    this.outbox = new Outbox(config.maxPayload ?? Infinity, (batch) => post(worker, batch), true);
    worker.on('message', (posted: PostedBatch) => this.receive(received(posted)));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      this.thrown = error;
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.reason = 'out of memory';
    });
    worker.on('exit', (code) => this.onExit(code));
  }

  send(message: ToSlave, options?: SendOptions): number {
    if (message.type === 'exit') this.isAsked = true;
    return this.outbox.send(message, options);
  }

  kill(): void {
    // Output that has not arrived by the exit may be lost.
    this.isAsked = false;
    if (this.exitCode !== undefined) return this.endIfComplete();
    // Called only once, since each call adds a listener to the worker.
    if (this.termination !== undefined) return;
    void this.worker.terminate();
    this.termination = wait(TERMINATION, () => this.giveUp());
  }

  /** It is blocked outside of JavaScript, for example in `execSync`, and cannot be ended. It will execute no JavaScript any more. */
  private giveUp(): void {
    this.worker.unref();
    this.onExit(1);
  }

  keepAlive(isKept: boolean): void {
    if (isKept) this.worker.ref();
    else this.worker.unref();
  }

  private receive(batch: Batch): void {
    if (this.fault !== undefined || this.hasEnded) return;
    const messages: ToMaster[] = [];
    try {
      readMessages(batch, messages);
    } catch (error) {
      this.fault = new Error(`It sent malformed data (${(error as Error).message}).`);
      this.reason = 'crash';
      this.kill();
    }
    for (const message of messages) this.listener.message(message);
  }

  private onExit(code: number): void {
    this.termination?.cancel();
    this.exitCode ??= code;
    if (code === CLOSED_CODE && this.fault === undefined) {
      this.fault = new Error(CLOSED_CHANNEL);
      this.reason = 'link';
    }
    // The last chunk of stderr arrives just after the 'exit' event.
    setImmediate(() => this.endIfComplete());
  }

  private endIfComplete(): void {
    if (this.exitCode === undefined || this.hasEnded || (this.isAsked && !this.output.hasArrived)) return;
    this.hasEnded = true;
    const { exitCode: code, output, fault: error, thrown, reason } = this;
    this.listener.end({ code, signal: null, stderrTail: output.stderrTail, error, thrown, reason });
  }
}
