import { PayloadTooLargeError, SerializationError } from '../errors';
import { show } from '../format';
import type { MasterChannel } from '../channel/channel';
import type { Refusal, Request, ToSlave } from '../protocol/messages';
import type * as Purge from './purge';
import { type Outcome, Run, type RunChannel } from './run';
import type { Slave } from './slave';
import { setImmediate, wallClock } from '../platform';

/** In ms. */
const FLUSH_INTERVAL = 2;

const CANCEL_MESSAGES = {
  timeout: 'The time of this request is up.',
  abort: 'The caller has aborted this request.',
  'reader-left': 'The caller reads no further.',
  exit: 'The slave is ending.',
};

/** Answers what comes through the channel with the tasks of the slave, from now on. */
export function serve(slave: Slave, channel: MasterChannel): void {
  /** By the id of the request: as small as the number of requests at one time, so that an array will do. */
  const runs: (Run | undefined)[] = [];
  let running = 0;
  let exiting = false;
  let hasEnded = false;
  let lastFlush = 0;
  const startedAt = wallClock();

  const refuse = (id: number, refusal: Refusal) => channel.send({ type: 'refused', id, refusal });

  const sendOutcome = (run: Run, outcome: Outcome): void => {
    const { id } = run.request;
    let published = outcome;
    try {
      if (outcome.type === 'error') channel.send({ type: 'error', id, error: toError(outcome.error) });
      else if (outcome.type === 'value') channel.send({ type: 'value', id, value: outcome.value });
      else if (outcome.type === 'end') channel.send({ type: 'end', id });
      else refuse(id, refusalOf(outcome.error));
    } catch (error) {
      refuse(id, refusalOf(error));
      published = { type: 'error', error };
    }
    run.publish(published);
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
    cancelInput: (run) => channel.send({ type: 'cancel-input', id: run.request.id }),
  };

  /** Answers wait for the others of their tick, but not while the tasks of that tick keep the thread busy one after another. */
  const flushIfDue = (): void => {
    const now = wallClock();
    if (now - lastFlush < FLUSH_INTERVAL) return;
    lastFlush = now;
    channel.flush();
  };

  const startTask = (request: Request): void => {
    if (slave.isPaused) return refuse(request.id, { reason: 'paused' });
    const task = slave.tasks.get(request.task);
    if (task === undefined) return refuse(request.id, { reason: 'unknown task' });
    const run = new Run(request, slave, runChannel);
    runs[request.id] = run;
    running++;
    run.start(task.handler, sendOutcome);
  };

  const endIfIdle = (): void => {
    if (exiting && running === 0) end();
  };

  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    slave.emit('exit');
    channel.end();
  };

  /** A task that ignores its signal is not waited for; others get a turn of the event loop to clean up. */
  const abortAll = (): void => {
    for (const run of runs) run?.cancel(new DOMException(CANCEL_MESSAGES.exit, 'AbortError'));
    setImmediate(end);
  };

  const handleMessage = (message: ToSlave): void => {
    switch (message.type) {
      case 'data':
        // The channel has read it before the file loaded.
        return;
      case 'request':
        return startTask(message);
      case 'cancel':
        return runs[message.id]?.cancel(
          message.cause ?? new DOMException(CANCEL_MESSAGES[message.reason], message.reason === 'timeout' ? 'TimeoutError' : 'AbortError'),
        );
      case 'item':
        return runs[message.id]?.push(message.value);
      case 'end':
        return runs[message.id]?.end();
      case 'error':
        return runs[message.id]?.end({ error: message.error });
      case 'credit':
        return runs[message.id]?.grant(message.of, message.count);
      case 'ping':
        return channel.send({ type: 'pong', id: message.id, uptime: wallClock() - startedAt, memory: { ...process.memoryUsage() } });
      case 'purge': {
        // Loaded when it is first asked for: most slaves never are.
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const { purge } = require('./purge') as typeof Purge;
        return channel.send({ type: 'purged', id: message.id, ...purge(slave, { files: message.files, tasks: message.tasks }) });
      }
      case 'set-group':
        if (slave.config !== undefined) slave.config.group = message.group;
        return;
      case 'kill':
        // The channel has obeyed: only a process can.
        return;
      case 'exit':
        exiting = true;
        return message.pending === 'abort' ? abortAll() : endIfIdle();
    }
  };

  slave.announceTasks = (tasks) => channel.send({ type: 'tasks', tasks });
  channel.send({ type: 'ready', tasks: slave.tasks.list() });
  channel.receive(handleMessage);
}

/** @throws the error itself, when it is about something else */
function refusalOf(error: unknown): Refusal {
  if (error instanceof SerializationError) return { reason: 'not serializable', path: error.path, found: error.found };
  if (error instanceof PayloadTooLargeError) return { reason: 'too large', size: error.size, limit: error.limit };
  throw error;
}

/** Anything can be thrown; the caller gets an Error in every case. */
function toError(error: unknown): Error {
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]'
    ? (error as Error)
    : new Error(`The task threw ${show(error)}, which is not an Error.`, { cause: error });
}
