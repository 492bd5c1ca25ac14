import { PayloadTooLargeError, quoted, SerializationError } from '../errors';
import type { MasterChannel } from '../channel/channel';
import type { Refusal, Request, ToSlave } from '../protocol/messages';
import type * as Purge from './purge';
import { type Outcome, Run } from './run-task';
import type { Slave } from './slave';

/** In ms. */
const BUSY = 2;

/** Answers what comes through the channel with the tasks of the slave, from now on. */
export function serve(slave: Slave, channel: MasterChannel): void {
  /** By the id of the request: as small as the number of requests at one time, so that an array will do. */
  const runs: (Run | undefined)[] = [];
  let running = 0;
  let exiting = false;
  let lastFlush = 0;
  const born = Date.now();

  const refuse = (id: number, refusal: Refusal) => channel.send({ type: 'refused', id, refusal });

  const answer = (id: number, outcome: Outcome): void => {
    runs[id] = undefined;
    running--;
    try {
      channel.send(outcome.ok ? { type: 'value', id, value: outcome.value } : { type: 'error', id, error: thrown(outcome.error) });
    } catch (error) {
      if (error instanceof SerializationError) refuse(id, { why: 'not serializable', path: error.path, found: error.found });
      else if (error instanceof PayloadTooLargeError) refuse(id, { why: 'too large', size: error.size, limit: error.limit });
      else throw error;
    }
    flushIfDue();
    endIfIdle();
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
    const run = new Run(request, slave);
    runs[request.id] = run;
    running++;
    run.start(task.handler, (outcome) => answer(request.id, outcome));
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
      case 'cancel': {
        const why = message.reason === 'timeout' ? 'The time of this request is up.' : 'The caller has aborted this request.';
        return runs[message.id]?.cancel(new DOMException(why, message.reason === 'timeout' ? 'TimeoutError' : 'AbortError'));
      }
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

/** Anything can be thrown; the caller gets an Error in every case. */
function thrown(error: unknown): Error {
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]'
    ? (error as Error)
    : new Error(`The task threw ${quoted(error)}, which is not an Error.`, { cause: error });
}
