import { type ItemStream, Master, type Metadata, type Runtime, type SlaveHandle } from 'dist-io';
import { eventually } from '../support/eventually';
import { fixture } from '../support/fixture';

/** What a task and its caller do. */
export interface Call {
  /** `plan` yields numbers, `reads` reads a source, `both` yields what it reads. */
  task: 'plan' | 'reads' | 'both';
  /** Number of items, of the task or of the source. */
  length: number;
  highWaterMark: number;
  /** Items that the task yields or reads between two turns of the event loop. */
  pace: number;
  /** Item at which the task throws, or -1. */
  failsAt: number;
  /** Item at which the task stops reading, or -1. */
  stopsAt: number;
  /** Number of items after which the caller leaves; null collects all of them by `exec`. */
  leavesAt: number | null;
  /** Turns of the event loop after which the caller aborts. */
  abortsAfter: number | null;
  /** Turns of the event loop that the caller waits after each item. */
  turns: number;
}

/** What happens to the slave after a number of turns of the event loop. */
export interface Fate {
  after: number;
  event: 'exit' | 'abort' | 'kill' | 'die' | 'nothing';
}

/** What the caller saw. */
export interface Outcome {
  items: unknown[];
  progress: unknown[];
  error: unknown;
}

export const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
};

/** Makes calls to one slave, and counts requests and sources. */
export class StreamDriver {
  requests = 0;
  responses = 0;
  opened = 0;
  closed = 0;
  readonly slave: SlaveHandle;
  private readonly master: Master;

  constructor(
    private readonly runtime: Runtime,
    concurrency: number,
  ) {
    this.master = new Master({ runtime });
    this.slave = this.master.createSlave(fixture('any-stream.js'), { concurrency });
    this.slave.on('response', () => this.responses++);
  }

  async call(call: Call): Promise<Outcome> {
    const { task, highWaterMark, pace, failsAt, stopsAt, leavesAt, abortsAfter } = call;
    const controller = new AbortController();
    if (abortsAfter !== null) void turns(abortsAfter).then(() => controller.abort());
    const progress: unknown[] = [];
    const onProgress = (value: unknown): unknown => progress.push(value);
    const data = task === 'plan' ? { gives: call.length, failsAt, pace } : this.source(call.length);
    const metadata = { highWaterMark, signal: controller.signal, pace, failsAt, stopsAt, onProgress };
    const collects = leavesAt === null || task === 'reads';
    // A stream that is left before its first item sends nothing.
    if (collects || leavesAt > 0) this.requests++;
    const result = collects
      ? await this.collect(task, data, metadata)
      : await this.iterate(this.slave.stream(task, data, metadata), leavesAt, call.turns);
    return { ...result, progress };
  }

  async befall({ after, event }: Fate): Promise<void> {
    if (event === 'nothing') return;
    await turns(after);
    // An inline slave would end this process.
    if (event === 'kill' || (event === 'die' && this.runtime === 'inline')) await this.slave.kill();
    else if (event === 'die') {
      this.requests++;
      await this.slave.exec('die');
    } else await this.slave.exit({ pending: event === 'abort' ? 'abort' : 'finish' });
  }

  /** Waits until every task has ended, then ends the slave. */
  async end(): Promise<void> {
    await eventually(() => this.slave.running === 0);
    await this.master.exit();
    await turns(5);
  }

  private async collect(task: string, data: unknown, metadata: Metadata): Promise<Omit<Outcome, 'progress'>> {
    const { value, error } = await this.slave.exec(task, data, metadata);
    return { items: Array.isArray(value) ? (value as unknown[]) : [], error: error ?? undefined };
  }

  private async iterate(stream: ItemStream, leavesAt: number, wait: number): Promise<Omit<Outcome, 'progress'>> {
    const items: unknown[] = [];
    let error: unknown;
    try {
      while (items.length < leavesAt) {
        const { done, value } = await stream.next();
        if (done) break;
        items.push(value);
        await turns(wait);
      }
    } catch (reason) {
      error = reason;
    }
    await stream.return();
    return { items, error };
  }

  private async *source(length: number): AsyncGenerator<number> {
    this.opened++;
    try {
      for (let i = 0; i < length; i++) {
        if (i % 3 === 0) await new Promise(setImmediate);
        yield i;
      }
    } finally {
      this.closed++;
    }
  }
}
