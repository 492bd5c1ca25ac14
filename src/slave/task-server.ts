import { lazily } from '../protocol/lazily';
import { PayloadTooLargeError, SerializationError } from '../errors';
import { show } from '../format';
import type { MasterChannel } from '../channel/channel';
import type { Refusal, Request, ToSlave } from '../protocol/messages';
import { type Outcome, Run, type RunChannel } from './run';
import type { Slave } from './slave';
import type { HandedRequests } from './handed-requests';
import { Pace } from './pace';
import { monotonic, setImmediate, wallClock } from '../platform';

/** In ms. */
const FLUSH_INTERVAL = 2;

const CANCEL_MESSAGES = {
  timeout: 'The request timed out.',
  abort: 'The caller aborted the request.',
  'reader-left': 'The caller stopped reading.',
  exit: 'The slave is exiting.',
};

/** Executes the requests of a channel with the tasks of a slave. */
export class TaskServer implements RunChannel {
  /** By request id. The master reuses ids, so the array stays as short as the number of concurrent requests. */
  private readonly runs: (Run | undefined)[] = [];
  private running = 0;
  private isExiting = false;
  private hasEnded = false;
  private lastFlush = 0;
  private readonly pace = new Pace();
  private lastTask: string | undefined;
  /** Undefined until a request was handed ahead. */
  private handed: HandedRequests | undefined;
  private readonly startedAt = wallClock();

  constructor(
    private readonly slave: Slave,
    private readonly channel: MasterChannel,
  ) {}

  /** Reports the tasks to the master, now and whenever one is added, and begins to read. */
  start(): void {
    const { slave, channel } = this;
    channel.send({ type: 'ready', tasks: slave.tasks.list() });
    slave.tasks.onAdd((task) => channel.send({ type: 'tasks', tasks: [task] }));
    channel.receive((message) => this.handle(message));
  }

  item(run: Run, value: unknown): void {
    this.channel.send({ type: 'item', id: run.request.id, value });
    this.flushIfDue();
  }

  progress(run: Run, value: unknown): void {
    this.channel.send({ type: 'progress', id: run.request.id, value });
    this.flushIfDue();
  }

  credit(run: Run, count: number): void {
    this.channel.send({ type: 'credit', id: run.request.id, of: 'items', count });
  }

  cancelInput(run: Run): void {
    this.channel.send({ type: 'cancel-input', id: run.request.id });
  }

  private handle(message: ToSlave): void {
    switch (message.type) {
      case 'request':
        return message.limit === undefined ? this.startTask(message) : this.handAhead(message);
      case 'revoke':
        return this.handed?.revoke(message);
      case 'cancel':
        return this.runs[message.id]?.cancel(message.cause ?? cancelError(message.reason));
      case 'item':
        return this.runs[message.id]?.push(message.value);
      case 'end':
        return this.runs[message.id]?.end();
      case 'error':
        return this.runs[message.id]?.end({ error: message.error });
      case 'credit':
        return this.runs[message.id]?.grant(message.of, message.count);
      case 'ping':
        return this.pong(message.id);
      case 'purge':
        return this.purge(message);
      case 'identity':
        return this.slave.setIdentity(message);
      case 'exit':
        return this.exit(message.pending);
      case 'data':
      case 'kill':
        // The channel handles both: the data before the file loads, a kill where only the process itself can do it.
        return;
    }
  }

  private handAhead(request: Request): void {
    const { channel } = this;
    // A master that cannot take it back does not hand it ahead.
    if (channel.claims === undefined) return this.startTask(request);
    const running = () => this.running;
    this.handed ??= new (lazy.handed().HandedRequests)(channel.claims(), {
      get running() {
        return running();
      },
      begin: (request) => this.startTask(request),
    });
    this.handed.add(request);
  }

  private startTask(request: Request): void {
    if (this.slave.isPaused) return this.refuse(request.id, { reason: 'paused' });
    const task = this.slave.tasks.get(request.task);
    if (task === undefined) return this.refuse(request.id, { reason: 'unknown task' });
    this.flushBefore(request.task);
    const run = new Run(request, this.slave, this);
    if (this.pace.isDue) run.begun = monotonic();
    run.trace();
    this.runs[request.id] = run;
    this.running++;
    run.start(task.handler, this.finish);
  }

  private readonly finish = (run: Run, outcome: Outcome): void => {
    const { id } = run.request;
    let published = outcome;
    try {
      this.send(id, outcome);
    } catch (error) {
      this.refuse(id, refusalOf(error));
      published = { type: 'error', error };
    }
    run.publish(published);
    this.runs[id] = undefined;
    this.running--;
    this.reportPace(run);
    this.flushIfDue();
    this.handed?.begin();
    if (this.isExiting) this.endIfIdle();
  };

  /** @throws SerializationError, PayloadTooLargeError */
  private send(id: number, outcome: Outcome): void {
    if (outcome.type === 'value') this.channel.send({ type: 'value', id, value: outcome.value });
    else if (outcome.type === 'error') this.channel.send({ type: 'error', id, error: toError(outcome.error) });
    else if (outcome.type === 'end') this.channel.send({ type: 'end', id });
    else this.refuse(id, refusalOf(outcome.error));
  }

  /** Only a master that hands requests ahead needs it. */
  private reportPace(run: Run): void {
    const { channel, pace } = this;
    if (channel.claims === undefined || run.begun === undefined) return;
    if (pace.add(monotonic() - run.begun) && pace.mean !== undefined) channel.send({ type: 'pace', mean: pace.mean });
  }

  /** A task may keep the thread busy for long, and answers must not wait for it. Only those of tiny tasks of one name are gathered. */
  private flushBefore(task: string): void {
    if (task !== this.lastTask || !this.pace.isShort) this.channel.flush();
    this.lastTask = task;
  }

  private refuse(id: number, refusal: Refusal): void {
    this.channel.send({ type: 'refused', id, refusal });
  }

  /** Messages wait for the others of their tick, but at most this long while tasks keep the thread busy. */
  private flushIfDue(): void {
    const now = wallClock();
    if (now - this.lastFlush < FLUSH_INTERVAL) return;
    this.lastFlush = now;
    this.channel.flush();
  }

  private pong(id: number): void {
    const eventLoop = lazy.load().eventLoopLoad();
    this.channel.send({ type: 'pong', id, uptime: wallClock() - this.startedAt, memory: { ...process.memoryUsage() }, eventLoop });
  }

  private purge({ id, files, tasks }: Extract<ToSlave, { type: 'purge' }>): void {
    this.channel.send({ type: 'purged', id, ...lazy.purge().purge(this.slave, { files, tasks }) });
  }

  private exit(pending: 'finish' | 'abort'): void {
    this.isExiting = true;
    if (pending === 'abort') this.abortAll();
    else this.endIfIdle();
  }

  /** The tasks get one turn of the event loop to clean up; a task that ignores its signal is not waited for. */
  private abortAll(): void {
    this.handed?.clear();
    for (const run of this.runs) run?.cancel(cancelError('exit'));
    setImmediate(() => this.end());
  }

  private endIfIdle(): void {
    if (this.running === 0 && (this.handed?.size ?? 0) === 0) this.end();
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.slave.emit('exit');
    this.channel.end();
  }
}

function cancelError(reason: keyof typeof CANCEL_MESSAGES): DOMException {
  return new DOMException(CANCEL_MESSAGES[reason], reason === 'timeout' ? 'TimeoutError' : 'AbortError');
}

/** @throws the error itself if it is of another class */
function refusalOf(error: unknown): Refusal {
  if (error instanceof SerializationError) return { reason: 'not serializable', path: error.path, found: error.found };
  if (error instanceof PayloadTooLargeError) return { reason: 'too large', size: error.size, limit: error.limit };
  throw error;
}

/** Wraps a thrown value that is not an Error: the caller always gets an Error. */
function toError(error: unknown): Error {
  return error instanceof Error || Object.prototype.toString.call(error) === '[object Error]'
    ? (error as Error)
    : new Error(`The task threw ${show(error)}, which is not an Error.`, { cause: error });
}

/* eslint-disable @typescript-eslint/no-require-imports -- few slaves are purged or pinged, and each file delays the start */
const lazy = {
  handed: lazily(() => require('./handed-requests') as typeof import('./handed-requests')),
  load: lazily(() => require('./event-loop-load') as typeof import('./event-loop-load')),
  purge: lazily(() => require('./purge') as typeof import('./purge')),
};
/* eslint-enable @typescript-eslint/no-require-imports */
