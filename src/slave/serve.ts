import { PayloadTooLargeError, quoted, SerializationError } from '../errors';
import type { MasterChannel } from '../channel/channel';
import type { Refusal, Request, ToSlave } from '../protocol/messages';
import type * as Purge from './purge';
import { type Outcome, Run, type RunChannel } from './run-task';
import type { Slave } from './slave';
import { publishEnd, publishStart } from './task-diagnostics';

/** In ms. */
const BUSY = 2;

const WHY = {
  timeout: 'The time of this request is up.',
  abort: 'The caller has aborted this request.',
  break: 'The caller reads no further.',
};

/** Answers what comes through the channel with the tasks of the slave, from now on. */
export function serve(slave: Slave, channel: MasterChannel): void {
  /** By the id of the request: as small as the number of requests at one time, so that an array will do. */
  const runs: (Run | undefined)[] = [];
  let running = 0;
  let exiting = false;
  let lastFlush = 0;
  const born = Date.now();

  const refuse = (id: number, refusal: Refusal) => channel.send({ type: 'refused', id, refusal });

  const answer = (run: Run, outcome: Outcome): void => {
    const { id } = run.request;
    let told = outcome;
    try {
      if (outcome.type === 'error') channel.send({ type: 'error', id, error: thrown(outcome.error) });
      else if (outcome.type === 'value') channel.send({ type: 'value', id, value: outcome.value });
      else if (outcome.type === 'end') channel.send({ type: 'end', id });
      else refuse(id, refusalOf(outcome.error));
    } catch (error) {
      refuse(id, refusalOf(error));
      told = { type: 'error', error };
    }
    if (run.diagnostics !== undefined) publishEnd(run.diagnostics, told);
    runs[id] = undefined;
    running--;
    flushIfDue();
    endIfIdle();
  };

  const runChannel: RunChannel = {
    item: (run, value) => {
      channel.send({ type: 'item', id: run.request.id, value });
      flushIfDue();
    },
    progress: (run, value) => {
      channel.send({ type: 'progress', id: run.request.id, value });
      flushIfDue();
    },
    credit: (run, count) => channel.send({ type: 'credit', id: run.request.id, of: 'items', count }),
    stop: (run) => channel.send({ type: 'stop', id: run.request.id }),
  };

  /** Answers wait for the others of their tick, but not while the tasks of that tick keep the thread busy one after another. */
  const flushIfDue = (): void => {
    const now = Date.now();
    if (now - lastFlush < BUSY) return;
    lastFlush = now;
    channel.flush();
  };

  const accept = (request: Request): void => {
    if (slave.isPaused) return refuse(request.id, { why: 'paused' });
    const task = slave.tasks.get(request.task);
    if (task === undefined) return refuse(request.id, { why: 'unknown task' });
    const run = new Run(request, slave, runChannel);
    run.diagnostics = publishStart(request.task, request.data, run);
    runs[request.id] = run;
    running++;
    run.start(task.handler, answer);
  };

  const endIfIdle = (): void => {
    if (!exiting || running > 0) return;
    slave.emit('exit');
    channel.end();
  };

  const handle = (message: ToSlave): void => {
    switch (message.type) {
      case 'request':
        return accept(message);
      case 'cancel':
        return runs[message.id]?.cancel(
          message.cause ?? new DOMException(WHY[message.reason], message.reason === 'timeout' ? 'TimeoutError' : 'AbortError'),
        );
      case 'item':
        return runs[message.id]?.push(message.value);
      case 'end':
        return runs[message.id]?.end();
      case 'error':
        return runs[message.id]?.end({ error: message.error });
      case 'credit':
        return runs[message.id]?.grant(message.of, message.count);
      case 'ack':
        return channel.send({ type: 'alive', id: message.id, uptime: Date.now() - born, memory: { ...process.memoryUsage() } });
      case 'purge': {
        // Loaded when it is first asked for: most slaves never are.
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const { purge } = require('./purge') as typeof Purge;
        return channel.send({ type: 'purged', id: message.id, ...purge(slave, { files: message.files, tasks: message.tasks }) });
      }
      case 'regroup':
        if (slave.config !== undefined) slave.config.group = message.group;
        return;
      case 'exit':
        exiting = true;
        return endIfIdle();
    }
  };

  slave.offer = (tasks) => channel.send({ type: 'offer', tasks });
  channel.send({ type: 'ready', tasks: slave.tasks.offers() });
  channel.receive(handle);
}

/** @throws the error itself, when it is about something else */
function refusalOf(error: unknown): Refusal {
  if (error instanceof SerializationError) return { why: 'not serializable', path: error.path, found: error.found };
  if (error instanceof PayloadTooLargeError) return { why: 'too large', size: error.size, limit: error.limit };
  throw error;
}

/** Anything can be thrown; the caller gets an Error in every case. */
function thrown(error: unknown): Error {
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]'
    ? (error as Error)
    : new Error(`The task threw ${quoted(error)}, which is not an Error.`, { cause: error });
}
